"""Leave many files of the largest size allowed, all holes.

group: handing out
must: prints held
"""
# %%
for number in range(500):
    open(f"f{number}", "w").truncate(2_000_000)
print("held")
