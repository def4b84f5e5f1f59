"""Put a link to the root of the box in the place of the working folder.

group: handing out
must: prints held
leaves: nothing
"""
# %%
import os

work = os.getcwd()
os.rename(work, "/box/learner/.tmp/away")
os.symlink("/", work)
print("held")
