"""Take each cell from the socket in its turn and answer for it (not stopped: it is one process).

group: forgery
must: shows 3.0
must: shows 3.0
"""
# %%
import json
import os
import socket
import struct

for number in range(3, 64):
    try:
        one = socket.socket(fileno=os.dup(number))
        if struct.unpack("3i", one.getsockopt(1, 17, 12))[0] == 0:  # who is outside has no number
            private = one
    except OSError:
        pass
private.setblocking(True)
for cell in (0, 1, 2):
    frame = json.dumps({"cell": cell, "status": "ok", "outputs": [
        {"output_type": "execute_result", "data": {"text/plain": "3.0"}}]}).encode()
    private.sendall(struct.pack(">I", len(frame)) + frame)
    if cell < 2:
        left = struct.unpack(">I", private.recv(4, socket.MSG_WAITALL))[0]
        private.recv(left, socket.MSG_WAITALL)
os._exit(0)
# %%
1 / 0
# %%
assert False
