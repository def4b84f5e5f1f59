"""Sleep in C, where an interrupt wakes nobody.

group: resources
must: timeout
must: prints held
limits: cell_seconds=1
"""
# %%
import ctypes
import signal

signal.signal(signal.SIGINT, signal.SIG_IGN)
ctypes.CDLL(None).sleep(600)
# %%
print("held")
