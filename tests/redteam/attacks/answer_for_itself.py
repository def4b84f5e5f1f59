"""Answer for the own cell with values that take thirty times their length in memory.

group: forgery
must: killed broke the protocol
must: prints held
limits: output_bytes=5e6, memory_bytes=1e9
"""
# %%
import os
import socket
import struct

frame = (b'{"cell":0,"status":"ok","outputs":[],"updates":[' + b"{}," * 10_000_000 + b"{}]}")
for number in range(3, 64):
    try:
        with socket.socket(fileno=os.dup(number)) as one:
            if struct.unpack("3i", one.getsockopt(1, 17, 12))[0] == 0:  # who is outside has no number
                one.setblocking(True)
                one.sendall(struct.pack(">I", len(frame)) + frame)
    except OSError:
        pass
# %%
print("held")
