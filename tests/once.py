"""What takes long to make and is only read, made by one of the test processes for all of them."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], T]) -> T:
    """What `make` gives, which is called with an empty folder by the first process that asks."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # each has a folder of its own in a common one
        base = base.parent
    folder, made = base / "once" / name, base / "once" / f"{name}.pickle"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (base / "once" / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            folder.mkdir()
            beside = made.with_suffix(".half")
            beside.write_bytes(pickle.dumps(make(folder)))
            beside.rename(made)
    found: T = pickle.loads(made.read_bytes())
    return found
