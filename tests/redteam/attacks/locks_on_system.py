"""Lock and lease files of the system, which the host shares.

group: kernel
must: prints held
"""
# %%
import fcntl
import os

for path in (os.__file__, "/usr/bin/env", "/dev/null", "/dev/zero"):
    handle = os.open(path, os.O_RDONLY)
    for go in (lambda: fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK),
               lambda: fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)):
        try:
            go()
            if not path.startswith("/dev"):
                print("broke", path)
        except OSError:
            pass
for path in ("/dev/zero", "/dev/random", "/dev/urandom"):
    try:
        os.open(path, os.O_RDWR)
        print("broke", path)
    except OSError:
        pass
print("held")
