"""Start threads without end.

group: resources
must: error RuntimeError
must: prints held
limits: processes=40
"""
# %%
import threading
import time

while True:
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
# %%
print("held")
