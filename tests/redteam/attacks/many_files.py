"""Leave 100,000 files.

group: handing out
must: prints held
limits: cell_seconds=20
seconds: 30
"""
# %%
count = 0
try:
    for count in range(100_000):
        open(f"f{count}", "w").close()
    print("broke")
except OSError:
    pass
print("held" if count < 50_000 else "broke")
