"""Make namespaces, join others', mount: by unshare, setns, clone, clone3 and mount calls.

group: kernel
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
CLONE, SETNS = (56, 308) if x86 else (220, 268)
flags = [0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
for flag in [*flags, 0x10020000, 0x7E020000]:
    if libc.unshare(flag) == 0:
        print("broke unshare", hex(flag))
    if flag == 0x80:
        continue
    for upper in (0, 1 << 32):
        pid = libc.syscall(CLONE, ctypes.c_ulong(flag | upper | 17), 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            os.waitpid(pid, 0)
            print("broke clone", hex(flag))
given = (ctypes.c_uint64 * 11)(0x10000000)
if libc.syscall(435, given, 88) >= 0:
    print("broke clone3")
for name in os.listdir("/proc/self/ns"):
    handle = os.open(f"/proc/self/ns/{name}", os.O_RDONLY)
    if libc.syscall(SETNS, handle, 0) == 0:
        print("broke setns", name)
if libc.syscall(SETNS, os.pidfd_open(os.getpid()), 0x20000) == 0:
    print("broke setns")
os.makedirs("m")
for kind in (b"tmpfs", b"proc", b"sysfs", b"overlay", b"mqueue", b"cgroup2", b"fuse", b"bpf"):
    if libc.mount(b"none", b"m", kind, 0, b"") == 0:
        print("broke mount", kind)
for flag in (4096, 4096 | 32, 4096 | 16384 | 32, 8192):
    if libc.mount(b"/", b"m", None, flag, None) == 0:
        print("broke remount", flag)
for where in (b"/", b"/proc", b"/box/learner", b"/usr", b"/dev/null"):
    if libc.umount2(where, 2) == 0 or libc.umount2(where, 8) == 0:
        print("broke umount", where)
for number in (428, 429, 430, 431, 432, 433, 442, 467):
    if libc.syscall(number, -100, b"/", 0x80001, 0, 0) >= 0:
        print("broke", number)
print("held")
