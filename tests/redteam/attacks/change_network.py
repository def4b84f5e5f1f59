"""Change the network of the box: addresses, devices, rules, settings.

group: network
must: prints held
"""
# %%
import fcntl
import glob
import socket
import struct

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    for ask in (0x8914, 0x8916, 0x891C, 0x8924, 0x8922, 0x8923, 0x89A0, 0x890B, 0x8946):
        try:
            fcntl.ioctl(one, ask, struct.pack("16sH22x", b"lo", 0))
            print("broke", hex(ask))
        except OSError:
            pass
    for level, option, value in ((0, 64, b"\0" * 100), (1, 36, b"\1\0\0\0"), (1, 33, b"\0\0\0\1"),
                                 (1, 32, b"\0\0\0\1")):
        try:
            one.setsockopt(level, option, value)
            print("broke", level, option)
        except OSError:
            pass
for path in glob.glob("/proc/sys/net/**/*", recursive=True):
    try:
        open(path, "w").close()
        print("broke", path)
    except OSError:
        pass
print("held")
