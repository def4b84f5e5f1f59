"""Sleep a little longer than allowed in each of many cells, and so outlast the limit of the whole.

group: resources
must: skipped
limits: cell_seconds=1, cpu_seconds=1
seconds: 12
"""
# %%
import signal
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
# %%
time.sleep(2)
