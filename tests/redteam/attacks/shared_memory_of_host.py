"""Reach shared memory of the host, of System V and of POSIX; leave some behind.

group: network
must: prints held
"""
# %%
import ctypes
import os
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
nowhere = ctypes.c_void_p(-1).value
for number in {int(os.environ["SEGMENT"]), *range(20)}:
    place = libc.shmat(number, None, 0)
    if place not in (None, nowhere):
        print("broke", ctypes.string_at(place))
for name in ("shmget", "semget", "msgget"):
    if getattr(libc, name)(0x1234, 16, 0o1666) >= 0:
        print("broke", name)
try:
    print("broke", bytes(shared_memory.SharedMemory(os.environ["SHARED"]).buf[:24]))
except OSError:
    pass
libc.mq_open.restype = ctypes.c_int
if libc.mq_open(b"/left", os.O_RDWR | os.O_CREAT, 0o666, None) >= 0:
    print("broke mq")
left = shared_memory.SharedMemory("left", create=True, size=64)
libc.sem_open.restype = ctypes.c_void_p
libc.sem_open(b"/left", os.O_CREAT, 0o666, 1)
os._exit if False else print("held")
