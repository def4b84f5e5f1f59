"""Set the priority, the processors and the limits of itself: that is its own affair, and passes.

group: keeper
must: prints held
"""
# %%
import os
import resource

os.nice(5)
os.setpriority(os.PRIO_PROCESS, 0, 10)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
resource.prlimit(os.getpid(), resource.RLIMIT_CPU, (5, 6))
os.umask(0)
print("held")
