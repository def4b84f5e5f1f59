"""Push input into terminals, and ask for other line disciplines.

group: kernel
must: prints held
"""
# %%
import fcntl
import os
import struct

leader, follower = os.openpty()
for ask in (0x5412, 0x541C, 0x5423):
    for end in (leader, follower, 0, 1, 2):
        for value in (b"x", struct.pack("i", 13), struct.pack("i", 21)):
            try:
                fcntl.ioctl(end, ask, value)
                print("broke", hex(ask))
            except OSError:
                pass
        import ctypes
        if ctypes.CDLL(None).ioctl(end, ctypes.c_ulong(ask | 1 << 32), b"x") == 0:
            print("broke upper half", hex(ask))
print("held")
