"""Change who may open terminals, and when devices were last used, for all runs to come.

group: leftovers
must: prints held
"""
# %%
import os

for path in ("/dev/pts/ptmx", "/dev/ptmx", "/dev/pts", "/dev/null", "/dev/full", "/dev/urandom"):
    for change in (lambda: os.chmod(path, 0), lambda: os.utime(path), lambda: os.utime(path, (1, 1)),
                   lambda: os.chown(path, os.getuid(), -1)):
        try:
            change()
            print("broke", path)
        except OSError:
            pass
one, other = os.openpty()
os.write(one, b"x")
with open("/dev/null", "w") as nothing:
    nothing.write("y")
print("held")
