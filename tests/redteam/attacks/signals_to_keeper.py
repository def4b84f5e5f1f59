"""Send process 1 every signal, by every way.

group: keeper
must: prints held
"""
# %%
import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
for number in range(1, 65):
    for go in (lambda: os.kill(1, number), lambda: signal.pidfd_send_signal(os.pidfd_open(1), number)):
        try:
            go()
        except OSError:
            pass
    libc.syscall(200 if x86 else 130, 1, number)
    libc.syscall(234 if x86 else 131, 1, 1, number)
import fcntl
import socket

here, there = socket.socketpair()
fcntl.fcntl(here, fcntl.F_SETOWN, 1)
fcntl.fcntl(here, 10, signal.SIGINT)
fcntl.fcntl(here, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
there.send(b"x")
print("held")
