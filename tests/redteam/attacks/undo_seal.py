"""Take the seal off: another filter, other rules, no_new_privs, the child of a child.

group: kernel
must: prints held
"""
# %%
import ctypes
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
allow = (ctypes.c_uint64 * 1)(0x7FFF000000000006)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


program = Program(1, ctypes.addressof(allow))
libc.prctl(22, 2, ctypes.byref(program), 0, 0)
libc.prctl(39, 0, 0, 0, 0)
rules = libc.syscall(444, (ctypes.c_uint64 * 1)(1 << 6), 8, 0)
if rules < 0 or libc.syscall(446, rules, 0):
    print("its own rules were refused")
ask = ("import ctypes\ntry:\n    open('/usr/x', 'w')\n    print('broke')\n"
       "except OSError:\n    pass\nif ctypes.CDLL(None).unshare(0x10000000) == 0: print('broke')\n"
       "print(open('/proc/self/status').read().count('Seccomp:\\t2'))")
done = subprocess.run([sys.executable, "-I", "-c", ask], capture_output=True, text=True)
print("held" if done.stdout == "1\n" and libc.unshare(0x10000000) else done)
