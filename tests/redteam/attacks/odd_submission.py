"""Hand in links to the machine, pipes and sockets beside the notebook.

group: supervisor
must: prints ['fine']
"""
# %% host
import os
import socket

(folder / "link").symlink_to("/etc/passwd")
(folder / "up").symlink_to("..")
os.mkfifo(folder / "pipe")
here = socket.socket(socket.AF_UNIX)
here.bind(str(folder / "s"))
here.close()
(folder / "fine").write_text("x")
# %%
import os

print(os.listdir("."))
