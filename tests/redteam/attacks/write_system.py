"""Write over the system, the interpreter, its packages, the checkers and the kit.

group: files
must: prints held
"""
# %%
import os
import sys

import numpy

import autograders
import kit
import kit.sandbox.keeper

places = ["/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/etc/passwd", "/etc/hosts", "/dev", "/proc",
          "/proc/sys", "/box", sys.prefix, sys.base_prefix, sys.executable,
          os.path.realpath(sys.executable), os.__file__, os.path.dirname(os.__file__),
          numpy.__file__, os.path.dirname(numpy.__file__), autograders.__file__,
          os.path.dirname(autograders.__file__), kit.__file__, kit.sandbox.keeper.__file__]
places += [path for path in sys.path if path]
for place in places:
    try:
        if os.path.isdir(place):
            open(os.path.join(place, os.environ["MARK"]), "w").close()
        else:
            open(place, "r+b").write(b"x")
        print("broke", place)
    except OSError:
        pass
    for change in (lambda: os.chmod(place, 0o777), lambda: os.chown(place, 1000, 1000),
                   lambda: os.rename(place, place + "x"), lambda: os.unlink(place),
                   lambda: os.truncate(place, 0), lambda: os.utime(place),
                   lambda: os.setxattr(place, "user.x", b"x")):
        try:
            change()
            print("broke", place)
        except OSError:
            pass
print("held")
