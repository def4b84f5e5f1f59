"""Leave the root of the box: chroot, open folders of before, links of /proc, handles of files.

group: kernel
must: prints held
"""
# %%
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("jail")
here = os.open("/", os.O_RDONLY)
try:
    os.chroot("jail")
    print("broke chroot")
except OSError:
    pass
os.fchdir(here)
for _ in range(50):
    os.chdir("..")
names = set(os.listdir("."))
hidden = ("sys/kernel", "run/lock", "boot/grub", "var/log", "var/lib", "etc/shadow", "root/.bashrc")
if any(map(os.path.exists, hidden)) or "box" not in names:
    print("broke", names)
for way in ("/proc/self/root", "/proc/self/cwd", "/proc/thread-self/root", f"/proc/self/fd/{here}"):
    if not os.path.samestat(os.stat(way), os.stat("/")):
        print("broke", way)
for number in range(3, 1024):
    try:
        way = os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        continue
    if way.startswith("/") and way not in ("/", "/dev/null"):
        print("broke", number, way)
handle = ctypes.create_string_buffer(136)
handle[0] = b"\x80"
x86 = os.uname().machine == "x86_64"
if libc.syscall(303 if x86 else 264, -100, b"/usr", handle, ctypes.byref(ctypes.c_int()), 0) == 0:
    print("broke name_to_handle_at")
if libc.syscall(304 if x86 else 265, here, handle, 0) >= 0:
    print("broke open_by_handle_at")
print("held")
