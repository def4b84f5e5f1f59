"""Share memory between parent and child as lessons on processes do: it is no attack, and works.

group: resources
must: prints [7] 5 held
"""
# %%
import mmap
import multiprocessing
import os

shared = mmap.mmap(-1, 4096)
value = multiprocessing.get_context("fork").Value("i", 0)
if os.fork() == 0:
    shared[0] = 7
    value.value = 5
    os._exit(0)
os.wait()
print(list(shared[:1]), value.value, "held")
