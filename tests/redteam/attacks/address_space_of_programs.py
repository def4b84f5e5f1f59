"""Start programs that take memory, one after the other and side by side.

group: resources
must: killed all its processes together
must: prints held
limits: cell_seconds=8
seconds: 25
"""
# %%
import subprocess
import sys

code = "x = bytearray(b'x') * (150 * 2**20)\nimport time\ntime.sleep(60)"
for child in [subprocess.Popen([sys.executable, "-I", "-c", code]) for _ in range(6)]:
    child.wait()
# %%
print("held")
