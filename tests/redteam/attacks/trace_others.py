"""Trace process 1 and children: ptrace, process_vm_readv, /proc/PID/mem, pidfd_getfd, kcmp.

group: processes
must: prints held
"""
# %%
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
numbers = {"x86_64": (101, 310, 311, 438, 312, 440, 448), "aarch64": (117, 270, 271, 438, 272, 440, 448)}
ptrace, read, write, getfd, kcmp, advise, release = numbers[os.uname().machine]
for pid in (1, child):
    for request in (16, 0x4206):
        if libc.syscall(ptrace, request, pid, 0, 0) == 0:
            print("broke ptrace", pid)
    for number in (read, write):
        if libc.syscall(number, pid, 0, 0, 0, 0, 0) == 0:
            print("broke", number, pid)
    handle = os.pidfd_open(pid)
    for number in (0, 1, 2, 3, 4):
        if libc.syscall(getfd, handle, number, 0) >= 0:
            print("broke getfd", pid)
    if libc.syscall(kcmp, pid, os.getpid(), 0, 0, 0) >= 0:
        print("broke kcmp")
if libc.syscall(ptrace, 0, 0, 0, 0) == 0:
    print("broke traceme")
os.kill(child, 9)
os.waitpid(child, 0)
try:
    open("/proc/1/mem", "rb")
    print("broke")
except OSError:
    pass
print("held")
