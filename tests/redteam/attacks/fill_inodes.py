"""Use up the box's files with empty ones, in folders of their own.

group: resources
must: prints held
limits: cell_seconds=20
seconds: 30
"""
# %%
import os

count = 0
try:
    while count < 200_000:
        os.mkdir(f"/tmp/{count}")
        count += 1
    print("broke")
except OSError:
    pass
print("held")
