"""What to install for an import that fails: said to a learner, who may not know the package."""

from __future__ import annotations

import re
from pathlib import Path

from kit.course.requirements import PACKAGES

_MISSING = re.compile(r"ModuleNotFoundError: No module named '([A-Za-z_]\w*)[\w.]*'")


def missing_module(error: str) -> str:
    """The top module that an error says is not there, or ""."""
    found = _MISSING.match(error)
    return found[1] if found else ""


def how_to_get(module: str, folder: Path) -> str:
    """What to type for it, with the `requirements.txt` that lies in `folder` where one does."""
    package = PACKAGES.get(module, module)
    alone = f"python -m pip install {package}"
    if (folder / "requirements.txt").is_file():
        return ("install what the notebook needs: python -m pip install -r requirements.txt\n"
                f"or that alone: {alone}")
    return f"install it: {alone}\nor put {module}.py beside the notebook, where it came as a file"
