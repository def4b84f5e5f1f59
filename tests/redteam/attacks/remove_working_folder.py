"""Remove the working folder, the temporary one, and put files in their places.

group: handing out
must: prints held
"""
# %%
import os
import shutil

work = os.getcwd()
for path in (work, "/box/learner/.tmp", "/box/learner/.shm"):
    try:
        shutil.rmtree(path)
        open(path, "w").write("a file")
    except OSError:
        pass  # an environment that lies below /tmp is mounted in it
print("held")
