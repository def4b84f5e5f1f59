"""Take the keeper's turn on the processor: priority, scheduling, processors, disk.

group: keeper
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
tries = [lambda: os.setpriority(os.PRIO_USER, 1000, 19), lambda: os.setpriority(os.PRIO_USER, 0, 19),
         lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
         lambda: os.sched_setaffinity(1, {0}),
         lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
         lambda: os.sched_setscheduler(1, os.SCHED_BATCH, os.sched_param(0)),
         lambda: os.sched_setparam(1, os.sched_param(0))]
for go in tries:
    try:
        go()
        print("broke", go.__code__.co_names)
    except OSError:
        pass
x86 = os.uname().machine == "x86_64"
attributes = (ctypes.c_uint32 * 12)(48, 3)
if libc.syscall(314 if x86 else 274, 1, attributes, 0) == 0:
    print("broke sched_setattr")
for which, who in ((1, 1), (3, 1000), (3, 0)):
    if libc.syscall(251 if x86 else 30, which, who, 3 << 13) == 0:
        print("broke ioprio_set", which)
print("held")
