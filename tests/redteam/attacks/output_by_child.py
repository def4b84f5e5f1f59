"""Let a program put out without end.

group: resources
must: shows x
must: prints held
limits: output_bytes=100000, cell_seconds=3
seconds: 20
"""
# %%
import subprocess

subprocess.run("yes xxxxxxxxxxxxxxxxxxxxxxxxxx", shell=True)
# %%
get_ipython().kernel.recorder.allow(1000)
print("held")
