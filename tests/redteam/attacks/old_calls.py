"""Make calls by the numbers of other architectures: int 0x80 and x32.

group: kernel
must: prints held
machine: x86_64
"""
# %%
import ctypes
import errno
import mmap

code = bytes([0x53, 0x89, 0xF8, 0x89, 0xF3, 0x89, 0xD1, 0x31, 0xD2, 0xCD, 0x80, 0x5B, 0xC3])
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
page.write(code)
call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int)(
    ctypes.addressof(ctypes.c_char.from_buffer(page)))
libc = ctypes.CDLL(None, use_errno=True)
for number in (20, 26, 21, 52, 61, 120, 310, 346, 357, 117):
    if (got := call(number, 0, 0)) != -errno.ENOSYS:
        print("broke int 0x80", number, got)
for number in (39, 101, 165, 272, 520, 521, 539, 540):
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(0x40000000 + number), 0, 0, 0) >= 0 or (
            ctypes.get_errno() != errno.ENOSYS):
        print("broke x32", number)
if libc.syscall(ctypes.c_long((1 << 32) + 272), 0x10000000) == 0:
    print("broke upper half")
print("held")
