"""Answer with the head of a long frame, and a byte now and then.

group: supervisor
must: timeout
must: prints held
limits: cell_seconds=1
"""
# %%
import os
import signal
import stat
import time

signal.signal(signal.SIGINT, signal.SIG_IGN)
sockets = []
for number in range(3, 512):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            sockets.append(number)
    except OSError:
        pass
text = b"\x00\x10\x00\x00"
while True:
    for number in sockets:
        try:
            os.write(number, text)
        except OSError:
            pass
    text = b" "
    time.sleep(0.05)
# %%
print("held")
