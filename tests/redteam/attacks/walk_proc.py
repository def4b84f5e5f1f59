"""Walk through /proc for processes that are not its own.

group: processes
must: prints held
"""
# %%
import os

for pid in [name for name in os.listdir("/proc") if name.isdigit()]:
    if pid in ("1", str(os.getpid())):
        continue
    print("broke", pid)
for pid in (os.environ["VICTIM"], os.environ["SUPERVISOR"], "2"):
    if pid != str(os.getpid()) and os.path.exists(f"/proc/{pid}/status"):
        print("broke", pid)
print("held")
