"""Watch files of the system, to see what the host does with them, and events of the whole box.

group: kernel
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
watch = libc.inotify_init1(0o4000)
for path in (os.environ["COURSE"], os.environ["HOMEFILE"], "/root", "/var/log", "/proc/1/root"):
    if libc.inotify_add_watch(watch, path.encode(), 0xFFF) >= 0 and path != "/root":
        print("broke", path)
if libc.syscall(300 if os.uname().machine == "x86_64" else 262, 0, 0) >= 0:
    print("broke fanotify")
print("held")
