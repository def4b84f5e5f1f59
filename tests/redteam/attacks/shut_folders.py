"""Leave folders and files that nobody may read or enter.

group: handing out
must: prints held
leaves: a b
"""
# %%
import os

for name in ("a", "b/c"):
    os.makedirs(name)
    open(f"{name}/f", "w").write("x")
    os.chmod(f"{name}/f", 0)
    os.chmod(name, 0)
os.chmod("..", 0o100)
os.chmod(".", 0)
print("held")
