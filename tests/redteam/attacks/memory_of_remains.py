"""Take shared memory and give back the addresses of all but one page, so that no limit sees it.

group: resources
must: prints held
limits: cell_seconds=8
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
size = 50 * 2**20
zero = -1
try:
    zero = os.open("/dev/zero", os.O_RDWR)
except OSError:
    pass
flags = [(0x21, -1), (0x21, 0)] + [(0x01, zero)] * (zero >= 0)
taken = 0
for kind, handle in flags:
    for _ in range(10):
        place = libc.mmap(None, size, 3, kind, handle, 0)
        if place in (None, ctypes.c_size_t(-1).value):
            break
        ctypes.memset(place, 1, size)
        libc.munmap(place, size - 4096)
        taken += size
print("held" if not taken else f"broke {taken}")
