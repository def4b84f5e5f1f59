"""Close every descriptor.

group: supervisor
must: killed
must: prints held
limits: cell_seconds=8
seconds: 20
"""
# %%
import os

os.closerange(0, 4096)
# %%
print("held")
