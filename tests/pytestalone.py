"""A folder that holds pytest and what it needs, alone: what a Python with nothing else has."""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path

NEEDED = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")


def copy_pytest(folder: Path) -> Path:
    """Copy pytest and what it needs, which is all pure Python, into the folder."""
    for name in NEEDED:
        for file in distribution(name).files or ():
            if ".." in file.parts or file.suffix == ".pyc":  # a script, or made for this Python
                continue
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file.locate(), target)
    return folder
