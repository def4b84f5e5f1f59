"""What an author saves while a preview runs.

Files are asked for size and time, some times a second: that sees every editor's way of saving,
on every file system, and costs a few milliseconds for a course.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kit.site.inputs import Snapshot, changed, snapshot

_PAUSE = 0.08
_SETTLE = 0.03
_SHARE = 10
"""Looking takes a tenth of the time at most, however large the course."""


def changes(
    root: Path, *, pause: Callable[[float], object] = time.sleep
) -> Iterator[tuple[str, ...]]:
    """The paths that changed, each time that some did; waits until saving has come to rest.

    What changes after this call, or while the caller works on one turn, is in the next.
    """
    return _turns(root, snapshot(root), pause)


def _turns(
    root: Path, before: Snapshot, pause: Callable[[float], object]
) -> Iterator[tuple[str, ...]]:
    took = 0.0
    while True:
        pause(max(_PAUSE, _SHARE * took))
        began = time.monotonic()
        now = snapshot(root)
        took = time.monotonic() - began
        if now == before:
            continue
        while True:
            pause(_SETTLE)
            later = snapshot(root)
            if later == now:
                break
            now = later
        told, before = changed(before, now), now
        yield told
