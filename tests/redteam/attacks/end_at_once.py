"""End the process in every way: exit, abort, a fault, a signal.

group: supervisor
must: killed ended in the middle
must: killed SIGABRT
must: killed SIGSEGV
must: prints held
limits: cpu_seconds=30
"""
# %%
import os

os._exit(0)
# %%
import os

os.abort()
# %%
import ctypes

ctypes.string_at(1)
# %%
print("held")
