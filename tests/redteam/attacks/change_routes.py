"""Ask the kernel over a netlink socket for another address, route or device.

group: network
must: prints held
"""
# %%
import os
import socket
import struct

asks = {16: struct.pack("BBHiII", 0, 0, 0, 1, 1, 1), 17: struct.pack("BBHiII", 0, 0, 0, 1, 0, 0),
        20: struct.pack("BBBBI4s", 2, 8, 0, 0, 1, b""), 24: struct.pack("8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0),
        36: struct.pack("BBHiII", 0, 0, 0, 1, 0, 0), 28: struct.pack("BBHiII", 2, 0, 0, 1, 0, 0)}
with socket.socket(16, socket.SOCK_RAW, 0) as one:
    one.settimeout(1)
    for kind, body in asks.items():
        one.send(struct.pack("IHHII", 16 + len(body), kind, 0x605, kind, 0) + body)
        got = one.recv(4096)
        length, answer, flags, number, sender = struct.unpack("IHHII", got[:16])
        if answer != 2 or struct.unpack("i", got[16:20])[0] == 0:
            print("broke", kind, got)
    for group in range(1, 40):
        try:
            one.setsockopt(270, 1, group)
        except OSError:
            pass
print("held")
