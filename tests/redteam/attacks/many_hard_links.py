"""Leave one file under 100,000 names.

group: handing out
must: prints held
limits: cell_seconds=20
seconds: 30
"""
# %%
import os

open("f", "w").write("x" * 1000)
count = 0
try:
    for count in range(100_000):
        os.link("f", f"f{count}")
    print("broke")
except OSError:
    pass
print("held" if count < 50_000 else "broke")
