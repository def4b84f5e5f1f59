"""Hand in many files with names so long that the list of them does not fit a message.

group: supervisor
must: prints 300
"""
# %% host
deep = folder.joinpath(*["é" * 120] * 6)
deep.mkdir(parents=True)
for number in range(300):
    (deep / f"{number}").write_text("x")
# %%
import os

print(sum(len(names) for _, _, names in os.walk(".")))
