"""Cells whose outputs a kernel of ours and a real one must give alike: `sandbox/cells/*.txt`.

A line `=== NAME` begins a case, and a line `---` its next cell. All cases but those of `alone.txt`
run in one kernel, one after another, so each keeps to names of its own; those change their kernel
for all that follows, and get one to themselves. The cases of `different.txt` differ; those of
`widgets.txt` are one notebook.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("sandbox") / "cells"
GROUPS = ("streams", "processes", "magics", "displays", "libraries", "errors", "inputs", "async",
          "threads", "shell", "ordinary")


def cases(group: str) -> dict[str, list[str]]:
    """The cases of a file: the cells of each, by its name."""
    text = "\n" + (FOLDER / f"{group}.txt").read_text(encoding="utf-8")
    found = {}
    for case in text.removesuffix("\n").split("\n=== ")[1:]:
        name, _, cells = case.partition("\n")
        found[name] = cells.split("\n---\n")
    return found


TOGETHER = {f"{group}: {name}": cells for group in GROUPS for name, cells in cases(group).items()}
ALONE = cases("alone")
DIFFERENT = cases("different")
