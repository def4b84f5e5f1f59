"""Print 1 GB.

group: resources
must: shows output cut
must: prints held
limits: output_bytes=100000, memory_bytes=2e9
seconds: 25
"""
# %%
for _ in range(1000):
    print("x" * 10**6)
# %%
import sys

sys.stdout.write("")
get_ipython().kernel.recorder.allow(1000)
print("held")
