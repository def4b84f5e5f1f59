"""Lead links out of the box: symbolic and hard ones, and names with two dots.

group: handing out
must: prints held
"""
# %%
import os

course = os.environ["COURSE"]
targets = {"soft": f"{course}/gradebook.db", "home": os.environ["HOMEFILE"], "up": "../" * 30,
           "shadow": "/etc/shadow", "init": "/proc/1/environ", "loop": "loop", "root": "/"}
for name, target in targets.items():
    os.symlink(target, name)
for target in ("/etc/passwd", f"{course}/gradebook.db", "/proc/1/environ", "/usr/bin/su"):
    try:
        os.link(target, "hard")
        print("broke", target)
    except OSError:
        pass
    try:
        os.link(target, "followed", follow_symlinks=True)
        print("broke", target)
    except OSError:
        pass
os.makedirs("x/..x/...")
open("x/..x/.../..y", "w").write("fine")
print("held")
