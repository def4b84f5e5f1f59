"""Raise the limits of the run: rlimits, priority, real time, locked memory.

group: resources
must: prints held
"""
# %%
import os
import resource

for name in dir(resource):
    if not name.startswith("RLIMIT_"):
        continue
    soft, hard = resource.getrlimit(getattr(resource, name))
    if hard == resource.RLIM_INFINITY:
        continue
    for more in (hard + 1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(getattr(resource, name), (soft, more))
            print("broke", name)
        except (OSError, ValueError):
            pass
for go in (lambda: os.nice(-1), lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
           lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
           lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1)),
           lambda: open("/proc/self/oom_score_adj", "w").write("-1000")):
    try:
        go()
        print("broke", go.__code__.co_names)
    except OSError:
        pass
print("held")
