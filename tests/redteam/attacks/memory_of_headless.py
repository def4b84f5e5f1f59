"""Take memory in processes whose first thread has ended, so that they look empty.

group: resources
must: killed all its processes together
must: prints held
limits: cell_seconds=8
seconds: 20
"""
# %%
import ctypes
import os
import threading
import time

EXIT = {"x86_64": 60, "aarch64": 93}[os.uname().machine]
libc = ctypes.CDLL(None)


def hog():
    time.sleep(0.3)
    x = bytearray(b"x") * (150 * 2**20)
    time.sleep(60)


for _ in range(8):
    if os.fork() == 0:
        threading.Thread(target=hog).start()
        libc.syscall(EXIT, 0)
time.sleep(60)
# %%
print("held")
