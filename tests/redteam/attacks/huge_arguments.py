"""Start programs with arguments and environments that are too large.

group: resources
must: prints held
"""
# %%
import subprocess

for arguments, more in ((["true", "x" * 10**7], {}), (["true"] + ["x" * 1000] * 10**4, {}),
                        (["true"], {"X": "x" * 10**7})):
    try:
        subprocess.run(arguments, env={"PATH": "/usr/bin:/bin", **more})
        print("broke")
    except OSError:
        pass
print("held")
