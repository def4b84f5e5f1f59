"""Crash, for the machine's handler of core dumps to be fed.

group: resources
must: prints held
must: killed SIGSEGV
must: ok
"""
# %%
import resource

for limit in ((0, 0), (0, 1), (1 << 20, 1 << 20)):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, limit)
        print("broke", limit)
    except (OSError, ValueError):
        pass
# A limit of 1 is what no handler is started for; 0 is not.
print("held" if resource.getrlimit(resource.RLIMIT_CORE) == (1, 1) else "broke")
# %%
import ctypes

ctypes.string_at(0)
# %%
import os

print([name for name in os.listdir(".") if name.startswith("core")] or "")
