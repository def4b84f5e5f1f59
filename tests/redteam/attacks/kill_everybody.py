"""Kill everybody that can be named: -1, 0, process 1, the parent, numbers of the host.

group: processes
must: killed SIGKILL
must: prints held
"""
# %%
import os

try:
    os.kill(-1, 9)
except ProcessLookupError:
    pass
os.kill(0, 9)
# %%
import os
import signal

for whom in (1, os.getppid(), int(os.environ["VICTIM"]), int(os.environ["SUPERVISOR"])):
    for number in (9, 19, 2, 15, 1, 34):
        try:
            if whom != os.getpid():
                os.kill(whom, number)
        except (PermissionError, ProcessLookupError):
            pass
try:
    signal.pidfd_send_signal(os.pidfd_open(1), 9)
except OSError:
    pass
print("held")
