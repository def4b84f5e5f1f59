"""Take memory in one process: an object, a mapping, the stack, address space.

group: resources
must: error MemoryError
must: prints held
"""
# %%
x = bytearray(10**9)
# %%
import ctypes
import mmap

for flags in (mmap.MAP_PRIVATE, mmap.MAP_PRIVATE | 0x4000):
    try:
        mmap.mmap(-1, 1 << 32, flags=flags)
        print("broke", flags)
    except OSError:
        pass
ctypes.CDLL(None).malloc.restype = ctypes.c_void_p
if ctypes.CDLL(None).malloc(ctypes.c_size_t(10**9)):
    print("broke malloc")
print("held")
