"""Write 1 GB to descriptors 1 and 2.

group: resources
must: ok
must: ok
limits: output_bytes=100000
seconds: 25
"""
# %%
import os

for number in (1, 2):
    try:
        for _ in range(1000):
            os.write(number, b"x" * 10**6)
    except OSError:
        pass
# %%
1
