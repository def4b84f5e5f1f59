"""Call display 10,000 times, and once with 200 MB.

group: resources
must: shows output cut
must: prints held
limits: output_bytes=100000, cell_seconds=10
seconds: 35
"""
# %%
for number in range(10_000):
    display(number)
display({"text/html": "x" * 100_000_000}, raw=True)
# %%
get_ipython().kernel.recorder.allow(1000)
print("held")
