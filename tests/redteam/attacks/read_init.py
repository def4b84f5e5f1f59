"""Read the environment, the memory and the root of process 1.

group: keeper
must: prints held
"""
# %%
import os

for name in ("environ", "mem", "maps", "auxv", "stack", "syscall", "io", "pagemap", "numa_maps",
             "fd", "map_files", "root", "cwd", "exe", "ns/mnt", "fd/0", "fd/3", "root/etc/shadow",
             "cwd/gradebook.db", "task/1/mem", "clear_refs"):
    for look in (os.listdir, os.readlink, lambda path: open(path, "rb").read(1)):
        try:
            print("broke", name, look(f"/proc/1/{name}"))
        except OSError:
            continue
print("held")
