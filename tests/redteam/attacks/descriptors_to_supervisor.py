"""Send the supervisor descriptors that it did not ask for.

group: supervisor
must: killed broke the protocol
must: prints held
"""
# %%
import os
import socket
import stat

for number in range(3, 512):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            peer = socket.socket(fileno=os.dup(number))
            peer.setblocking(True)
            socket.send_fds(peer, [b"\0\0\0\1x"], [number] * 200)
    except OSError:
        pass
# %%
print("held")
