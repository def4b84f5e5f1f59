"""Put other things in the place of every descriptor.

group: supervisor
must: killed
must: prints held
limits: cell_seconds=2
seconds: 20
"""
# %%
import os

here, there = os.pipe()
for number in range(512):
    if number not in (here, there) and os.path.exists(f"/proc/self/fd/{number}"):
        os.dup2(there, number)
# %%
print("held")
