"""Hand in files with the names of modules, for the sandbox itself to import before its seal.

group: files
must: prints held
must: prints 7 real
"""
# %% file unittest.py
raise SystemExit("broke")
# %% file secrets.py
open("broke", "w")
# %% file json.py
open("broke", "w")
# %% file asyncio.py
open("broke", "w")
# %% file resource.py
open("broke", "w")
# %% file numpy.py
open("broke", "w")
# %% file ctypes.py
open("broke", "w")
# %% file kit.py
open("broke", "w")
# %% file sitecustomize.py
open("broke", "w")
# %% file conftest.py
open("broke", "w")
# %% file ipython_config.py
open("broke", "w")
# %% file mine.py
seven = 7
# %%
import os

print("broke" if os.path.exists("broke") else "held")
# %%
import mine
import numpy

# What the course imports is in memory already; what is the learner's own is found.
print(mine.seven, "real" if hasattr(numpy, "array") else "the file")
