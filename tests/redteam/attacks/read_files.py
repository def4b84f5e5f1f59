"""Read the gradebook, the source, other submissions, the home and the accounts of the machine.

group: files
must: prints held
"""
# %%
import glob
import os

course = os.environ["COURSE"]
places = [f"{course}/{name}" for name in (
    "gradebook.db", "source/ps1/p1.ipynb", "source/ps1/solution.py", "course.yml", "roster.csv",
    "submitted/learner-0042/ps1/p1.ipynb", "autograded/learner-0042/ps1/p1.ipynb")]
places += [os.environ["HOMEFILE"], "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/machine-id",
           "/root/.ssh", "/home", "/var/log", "/run", "/sys/class", "/boot", "/srv", "/mnt",
           "/media", "/proc/kcore", "/proc/kmsg", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda"]
for place in places:
    for ways in (place, f"/proc/self/root{place}", f"/proc/self/cwd/../../..{place}",
                 f"/box/../..{place}", "../" * 40 + place[1:]):
        try:
            print("broke", ways, open(ways, "rb").read(20))
        except OSError:
            pass
        try:
            print("broke", ways, os.listdir(ways))
        except OSError:
            pass
print("broke", glob.glob("/**/gradebook.db", recursive=False)) if glob.glob("/*.db") else None
print("held")
