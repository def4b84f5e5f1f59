"""Hand in 2,500 folders in each other, with a file in each.

group: supervisor
must: prints held
seconds: 25
"""
# %% host
import os

start = os.open(".", os.O_RDONLY)
os.chdir(folder)
for _ in range(2500):
    os.mkdir("d")
    os.chdir("d")
    open("f", "w").close()
os.fchdir(start)
os.close(start)
# %%
import os

print("held" if os.path.exists("d/" * 1200 + "f") else "broke")
