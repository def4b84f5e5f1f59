"""Leave devices, pipes, sockets and programs that set the user.

group: handing out
must: prints held
"""
# %%
import os
import socket
import stat

for kind, number in ((stat.S_IFCHR, os.makedev(1, 1)), (stat.S_IFBLK, os.makedev(8, 0)),
                     (stat.S_IFCHR, os.makedev(5, 1))):
    try:
        os.mknod("device", kind | 0o666, number)
        print("broke", kind)
    except OSError:
        pass
os.mkfifo("pipe")
socket.socket(socket.AF_UNIX).bind("socket")
open("rooted", "w").write("#!/bin/sh\nid\n")
os.chmod("rooted", 0o6777)
os.makedirs("sticky")
os.chmod("sticky", 0o7777)
open("shut", "w").write("x")
os.chmod("shut", 0)
print("held")
