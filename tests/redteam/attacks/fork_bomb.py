"""Fork without end, in every child too.

group: resources
must: error BlockingIOError
must: prints held
limits: processes=40, cell_seconds=8
seconds: 25
"""
# %%
import os

while True:
    os.fork()
# %%
print("held")
