"""Look for a course in every folder that can be listed.

group: files
must: prints held
limits: cell_seconds=30
"""
# %%
import os

for where, folders, names in os.walk("/"):
    folders[:] = [one for one in folders if one not in ("proc", "usr", "site-packages")]
    if "course.yml" in names or {"submitted", "source"} <= set(folders):
        print("broke", where)
print("held")
