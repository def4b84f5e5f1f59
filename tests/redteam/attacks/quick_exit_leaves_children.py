"""End at once while many children come and go.

group: leftovers
must: any
must: prints held
limits: cell_seconds=3
"""
# %%
import os
import signal

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True:
            try:
                if os.fork() == 0:
                    os._exit(0)
            except OSError:
                pass
os._exit(0)
# %%
print("held")
