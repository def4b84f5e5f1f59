"""Take memory in files that have no name and no folder (memfd).

group: resources
must: prints held
"""
# %%
import os

taken = 0
try:
    for number in range(400):
        taken += os.write(os.memfd_create(f"m{number}"), b"x" * 1_900_000)
except OSError:
    pass
print("held" if taken < 10**7 else f"broke {taken}")
