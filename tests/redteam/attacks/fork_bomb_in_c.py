"""Fork without end past Python, where nothing fails, and every copy answers.

group: resources
must: any
must: any
limits: processes=40, cell_seconds=1
seconds: 25
"""
# %%
import ctypes

libc = ctypes.CDLL(None)
while True:
    libc.fork()
# %%
print("held")
