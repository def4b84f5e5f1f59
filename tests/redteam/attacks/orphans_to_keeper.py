"""Give the keeper many dead children, which count against the limit on processes.

group: keeper
must: prints held
limits: cell_seconds=8, processes=20
"""
# %%
import os
import time

made = 0
while made < 60:
    try:
        pid = os.fork()
    except BlockingIOError:
        time.sleep(0.05)
        continue
    if pid == 0:
        try:
            if os.fork() == 0:
                os._exit(0)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    made += 1
print("held")
