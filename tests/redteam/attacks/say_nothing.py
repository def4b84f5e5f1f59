"""Hold the socket open in a child, past the end of the process, and say nothing.

group: supervisor
must: killed ended in the middle
must: prints held
limits: cell_seconds=2
"""
# %%
import ctypes
import os
import time

CLONE = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
if ctypes.CDLL(None).syscall(CLONE, 17, 0, 0, 0, 0) == 0:
    time.sleep(600)
os._exit(0)
# %%
print("held")
