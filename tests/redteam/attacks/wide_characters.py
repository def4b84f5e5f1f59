"""Print as much as is allowed, of characters that take twelve bytes in JSON.

group: supervisor
must: shows output cut
must: ok
limits: output_bytes=1000000
"""
# %%
print("\U0001f600" * 3_000_000)
# %%
1
