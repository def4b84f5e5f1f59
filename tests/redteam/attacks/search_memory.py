"""Search the own memory, a copy of the keeper's, for secrets and for pages that runs share.

group: leftovers
must: prints held
limits: cell_seconds=20
"""
# %%
import re

for line in open("/proc/self/maps"):
    start, end = (int(one, 16) for one in re.match(r"(\w+)-(\w+)", line).groups())
    if "rw-s" in line:
        print("broke: shared with the warm process", line)
    if "rw-p" not in line or end - start > 1 << 28:
        continue
    with open("/proc/self/mem", "rb", 0) as memory:
        memory.seek(start)
        try:
            text = memory.read(end - start)
        except OSError:
            continue
    if found := re.search(rb"canary[0-9a-f]{24}|learner-00\d\d", text):
        print("broke", found)
print("held")
