"""Write into /proc: settings of the kernel, of other processes and of its own.

group: kernel
must: prints held
"""
# %%
import glob
import os

places = ["/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/proc/1/oom_score_adj",
          "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups", "/proc/1/comm",
          "/proc/1/coredump_filter", "/proc/1/timerslack_ns", "/proc/1/autogroup", "/proc/1/mem",
          "/proc/1/clear_refs", "/proc/self/attr/current", "/proc/self/attr/exec",
          "/proc/acpi/wakeup", "/proc/mtrr", "/proc/timer_list"]
places += glob.glob("/proc/sys/**/*", recursive=True)
for place in places:
    try:
        open(place, "w").close()
        print("broke", place)
    except OSError:
        pass
print("held")
