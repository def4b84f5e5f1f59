"""Show JSON so deep that who reads it fails.

group: supervisor
must: ok
must: prints held
"""
# %%
deep = []
for _ in range(700):
    deep = [deep]
display({"application/json": deep}, raw=True)
# %%
print("held")
