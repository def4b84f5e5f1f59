"""Answer for the cells to come, on every descriptor, before they are sent.

group: forgery
must: killed broke the protocol
must: error ZeroDivisionError
must: prints held
"""
# %%
import json
import os
import struct

said = b""
for cell in (0, 1, 2):
    frame = json.dumps({"cell": cell, "status": "ok", "outputs": [
        {"output_type": "execute_result", "data": {"text/plain": "3.0"}}]}).encode()
    said += struct.pack(">I", len(frame)) + frame
for number in range(3, 64):
    try:
        os.write(number, said)
    except OSError:
        pass
# %%
1 / 0
# %%
print("held")
