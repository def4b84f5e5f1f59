"""Take memory in processes that cannot be looked into, for they made themselves not dumpable.

group: resources
must: killed all its processes together
must: prints held
"""
# %%
import ctypes
import os
import time

ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
for _ in range(8):
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
        x = bytearray(b"x") * (150 * 2**20)
        time.sleep(60)
time.sleep(60)
# %%
print("held")
