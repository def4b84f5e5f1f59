"""Reach the parts of the kernel where its own faults are found: io_uring, bpf, keys, perf ...

group: kernel
must: prints held
"""
# %%
import ctypes
import errno
import os

libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
calls = {"io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "bpf": (321, 280),
         "perf_event_open": (298, 241), "userfaultfd": (323, 282), "add_key": (248, 217),
         "request_key": (249, 218), "keyctl": (250, 219), "fanotify_init": (300, 262),
         "personality": (135, 92), "kexec_load": (246, 104), "init_module": (175, 105),
         "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142),
         "swapon": (167, 224), "acct": (163, 89), "settimeofday": (164, 170),
         "clock_settime": (227, 112), "adjtimex": (159, 171), "syslog": (103, 116),
         "quotactl": (179, 60), "vhangup": (153, 58), "memfd_secret": (447, 447),
         "quotactl_fd": (443, 443), "io_setup": (206, 0), "vmsplice": (278, 75),
         "memfd_create": (319, 279), "open_tree_attr": (467, 467), "kcmp": (312, 272)}
for name, numbers in calls.items():
    ctypes.set_errno(0)
    got = libc.syscall(numbers[0 if x86 else 1], 0, 0, 0, 0, 0, 0)
    if got >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        print("broke", name, got, ctypes.get_errno())
for option in range(1, 16):
    if libc.prctl(35, option, 0, 0, 0) == 0:
        print("broke PR_SET_MM", option)
print("held")
