"""Leave a file of 1 TB that is all hole.

group: handing out
must: prints held
"""
# %%
import os

for size in (1 << 40, 1 << 62, 10**7):
    try:
        os.truncate(open("hole", "w").name, size)
        print("broke", size)
    except OSError:
        pass
out = open("late", "wb")
try:
    os.pwrite(out.fileno(), b"x", 1 << 40)
    print("broke")
except OSError:
    pass
print("held")
