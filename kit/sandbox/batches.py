"""Files that go into a box and out of it, as many at a time as a message can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

FILES_AT_ONCE = 200
"""Descriptors in one message; the kernel takes 253."""

LONGEST_NAME = 400
"""Characters of a file's name, with its folders; what is named longer is left behind."""

_NAMES_AT_ONCE = 1 << 16


def batches(names: Iterable[str]) -> Iterator[list[str]]:
    """As many names at a time as a message can hold."""
    batch: list[str] = []
    size = 0
    for name in names:
        own = len(json.dumps(name)) + 1
        if batch and (len(batch) == FILES_AT_ONCE or size + own > _NAMES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(name)
        size += own
    if batch:
        yield batch
