"""Compute in many children, each of which has a limit of its own.

group: resources
must: timeout
must: prints held
limits: cell_seconds=1
"""
# %%
import os

for _ in range(30):
    if os.fork() == 0:
        while True:
            pass
while True:
    pass
# %%
print("held")
