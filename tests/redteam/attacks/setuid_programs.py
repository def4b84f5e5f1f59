"""Gain rights by programs that set the user, and by changing it.

group: kernel
must: prints held
"""
# %%
import ctypes
import os
import subprocess

for command in ("su -c id", "mount -t tmpfs none .", "ping -c1 127.0.0.1", "sudo -n id",
                "newgrp root", "passwd root", "chsh -s /bin/sh", "unshare -r id", "pkexec id"):
    done = subprocess.run(command, shell=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=3)
    if done.returncode == 0 or "uid=0" in done.stdout:
        print("broke", command, done.stdout)
for go in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]),
           lambda: os.setresuid(0, 0, 0), lambda: os.setuid(65533), lambda: os.chown(".", 0, 0),
           lambda: os.setfsuid(0) if hasattr(os, "setfsuid") else os.setuid(0)):
    try:
        go()
        print("broke", go.__code__.co_names)
    except OSError:
        pass
libc = ctypes.CDLL(None, use_errno=True)
head = (ctypes.c_uint32 * 2)(0x20080522, 0)
if libc.capset(head, (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)) == 0:
    print("broke capset")
for option, value in ((38, 0), (8, 1), (28, 1), (47, 2), (22, 0), (24, 0)):
    if libc.prctl(option, value, 21, 0, 0) == 0 and option != 8:
        print("broke prctl", option)
if "CapEff:\t0000000000000000" not in open("/proc/self/status").read():
    print("broke")
print("held")
