"""Leave a process that writes on to a file while it is handed out.

group: handing out
must: prints held
"""
# %%
import os
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        out = open(f"grow{os.getpid()}", "wb")
        for _ in range(100_000):
            out.write(b"x" * 1000)
            out.seek(0)
        os._exit(0)
time.sleep(0.1)
print("held")
