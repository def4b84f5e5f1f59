"""Take memory in many processes, each of which stays below the limit of one.

group: resources
must: killed all its processes together
must: prints held
"""
# %%
import os
import time

for _ in range(8):
    if os.fork() == 0:
        x = bytearray(b"x") * (150 * 2**20)
        time.sleep(60)
time.sleep(60)
# %%
print("held")
