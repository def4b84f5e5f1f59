"""Give files names and numbers that the keeper uses for itself.

group: leftovers
must: prints held
"""
# %%
import os

for name in (".kit-x", "stdout", "stderr", "kernel.json", ".tmp", ".shm"):
    open(name, "w").write("x")
    open(f"/tmp/{name}", "w").write("x")
os.makedirs("/box/learner/ps1-2/.tmp")
os.symlink("/box/learner", "/box/learner/again")
print("held")
