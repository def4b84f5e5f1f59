"""Leave pages in pipes after giving back their addresses (vmsplice).

group: resources
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(1 << 16)
piece = Piece(ctypes.addressof(buffer), 4096)
if libc.vmsplice(os.pipe()[1], ctypes.byref(piece), 1, 0) >= 0:
    print("broke")
print("held")
