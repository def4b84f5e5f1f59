"""Leave daemons: own sessions, forked twice, deaf to every signal, under a clone of the parent.

group: leftovers
must: prints held
"""
# %%
import ctypes
import os
import signal
import subprocess
import threading
import time

ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
for depth in range(6):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
            while True:
                time.sleep(1)
        os._exit(0)
subprocess.Popen(["sleep", "600"], start_new_session=True, close_fds=False)
subprocess.Popen("nohup sleep 600 & disown", shell=True, executable="/bin/bash")
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
stopped = os.fork()
if stopped == 0:
    os.kill(os.getpid(), signal.SIGSTOP)
print("held")
