"""Put a link into /proc in the place of the working folder, for the keeper to hand out its own.

group: handing out
must: prints held
leaves: nothing
"""
# %%
import os

work = os.getcwd()
os.rename(work, work + "-away")
os.symlink("/proc/1", work)
print("held")
