"""Leave 1,000 folders in each other, and a file in the last.

group: handing out
must: prints held
"""
# %%
import os

start = os.open(".", os.O_RDONLY)
for _ in range(1000):
    os.mkdir("d")
    os.chdir("d")
open("f", "w").write("x")
os.fchdir(start)
print("held")
