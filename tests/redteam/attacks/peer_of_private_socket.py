"""Get hold of the supervisor through the socket to it: its credentials, its pidfd, its files.

group: processes
must: prints held
"""
# %%
import ctypes
import fcntl
import os
import signal
import socket
import stat
import struct


def sockets():
    for number in range(3, 512):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass


for number in list(sockets()):
    peer = socket.socket(fileno=os.dup(number))
    pid, uid, gid = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, 17, 12))
    if pid not in (0, os.getpid()):
        print("broke", pid)
    try:
        handle = peer.getsockopt(socket.SOL_SOCKET, 77)
    except OSError:
        continue
    if pid == os.getpid():
        continue
    try:
        signal.pidfd_send_signal(handle, 9)
        print("broke pidfd", number)
    except OSError:
        pass
    for ask in range(0xFF01, 0xFF0B):
        try:
            fcntl.ioctl(handle, ask)
            print("broke", hex(ask))
        except OSError:
            pass
    if ctypes.CDLL(None).syscall(308, handle, 0x20000) == 0:
        print("broke setns")
print("held")
