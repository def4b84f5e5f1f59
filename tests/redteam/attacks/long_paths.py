"""Leave many files with names so long that the list of them does not fit a message.

group: handing out
must: prints held
"""
# %%
import os

for folder in (["n" * 250] * 3, ["n" * 120] * 3, ["é" * 120] * 3, ["\U0001f600" * 60] * 6,
               ["n" * 250] * 15):
    os.makedirs("/".join(folder))
    for number in range(300):
        open("/".join([*folder, str(number)]), "w").write("x")
print("held")
