"""Put a link to a folder of the machine where a folder was handed in.

group: handing out
must: prints held
"""
# %% file data/rows.csv
1,2
# %%
import os
import shutil

shutil.rmtree("data")
os.symlink(os.environ["COURSE"], "data")
os.makedirs("other")
os.rename("other", "later")
os.symlink("/proc/1", "other")
print("held")
