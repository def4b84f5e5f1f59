"""Leave files with odd names: line ends, quotes, no text, NUL, the longest that there are.

group: handing out
must: prints held
"""
# %%
import os

names = ["a\nb", "a\rb", 'quo"te', "back\\slash", "-rf", "~", "$(id)", "\x1b[2J", "\udcff\udcfe",
         "n" * 255, "é" * 127, "..a", "...", " ", "%00", "a:b", "CON", "\u202etxt.exe", "\U0001f600"]
for name in names:
    open(name, "w").write("x")
for bad in ("a\0b", "n" * 256, ""):
    try:
        open(bad, "w")
        print("broke", repr(bad))
    except (OSError, ValueError):
        pass
print("held")
