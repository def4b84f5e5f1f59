"""Loop without end, deaf to interrupts, in Python.

group: resources
must: timeout
must: prints held
limits: cell_seconds=1
"""
# %%
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
# %%
print("held")
