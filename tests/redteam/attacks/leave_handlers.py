"""Leave handlers for the end: atexit, signals, threads, destructors.

group: leftovers
must: prints held
"""
# %%
import atexit
import os
import signal
import threading
import time


def late(*_):
    open(os.environ["MARK"], "w").close()
    time.sleep(60)


class Late:
    def __del__(self):
        late()


atexit.register(late)
late_one = Late()
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
    signal.signal(number, late)
signal.setitimer(signal.ITIMER_REAL, 5)
threading.Thread(target=late, daemon=False).start()
os.register_at_fork(before=late)
print("held")
