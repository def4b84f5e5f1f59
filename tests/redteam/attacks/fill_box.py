"""Fill the box with bytes, in the working folder, in /tmp and in /dev/shm.

group: resources
must: prints held
"""
# %%
import os

written = 0
for place in (".", "/tmp", "/dev/shm"):
    for number in range(50):
        try:
            with open(f"{place}/f{number}", "wb", buffering=0) as out:
                written += out.write(b"x" * 1_900_000)
        except OSError:
            pass
print("held" if written < 6_000_000 else f"broke {written}")
