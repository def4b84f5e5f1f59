"""Swap what was handed in: a folder for a file, a file for a folder.

group: handing out
must: prints held
"""
# %% file a.txt
text
# %% file b/c.txt
text
# %%
import os
import shutil

os.unlink("a.txt")
os.makedirs("a.txt/in")
open("a.txt/in/f", "w").write("x")
shutil.rmtree("b")
open("b", "w").write("x")
print("held")
