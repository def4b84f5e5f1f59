"""Set limits on the keeper, which has the same user, so that it fails the next learner.

group: keeper
must: prints held
"""
# %%
import resource

for name in dir(resource):
    if name.startswith("RLIMIT_"):
        for limit in ((0, 0), (3, 3)):
            try:
                resource.prlimit(1, getattr(resource, name), limit)
                print("broke", name, limit)
            except (OSError, ValueError):
                pass
print("held")
