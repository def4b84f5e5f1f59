"""Raise an error with a text of 100 MB.

group: supervisor
must: shows ValueError
must: prints held
limits: cell_seconds=10, memory_bytes=1e9
seconds: 30
"""
# %%
raise ValueError("x" * 10**7)
# %%
print("held")
