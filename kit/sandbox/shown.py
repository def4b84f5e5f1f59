"""Files of libraries that tracebacks show: taken apart once in the keeper, not in each run.

To show five lines of a file, what draws a traceback parses the whole of it. For an error from
within pandas that is a third of a second, and a class makes the same errors. A keeper whose runs
said twice that they had to do it does it for those to come, at the price of the memory.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.sandbox.cells import Stage

INSTALLED = tuple(f"{place}/" for place in {sys.prefix, sys.base_prefix})
"""Where Python and what was installed for it lies."""

MOST_FILES, _MOST_BYTES = 8, 2 << 20
"""What is taken apart at most: who says what it had to read may lie."""

_OFTEN, _MOST_NAMES = 2, 200


class Shown:
    """What runs had to take apart, by the stage that they came from. Threads may ask and tell."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[Stage | None, Counter[str]] = {}

    def tell(self, stage: Stage | None, files: Iterable[str]) -> None:
        """One run had to take these apart."""
        with self._lock:
            runs = self._runs.setdefault(stage, Counter())
            runs.update(file for file in files if file in runs or len(runs) < _MOST_NAMES)

    def wanted(self, stage: Stage | None) -> frozenset[str]:
        """The files that a keeper of the stage is to know."""
        with self._lock:
            often = [file for file, runs in self._runs.get(stage, Counter()).most_common()
                     if runs >= _OFTEN]
        return frozenset(often[:MOST_FILES])


def taken_apart() -> set[str]:
    """The files that tracebacks of this process find parsed."""
    import stack_data

    cached: dict[tuple[str, Any], Any] = stack_data.core.Source._class_local(
        "__source_cache_with_lines", {})
    return {file for file, _ in cached}


def take_apart(files: Iterable[str]) -> None:
    """Have tracebacks of the forks to come find these files parsed, those of modules that are
    loaded."""
    import stack_data

    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    left = _MOST_BYTES
    for file in sorted(set(files) & loaded)[:MOST_FILES]:
        with contextlib.suppress(Exception):  # then each run is as slow as before
            left -= Path(file).stat().st_size
            if left >= 0 and file.startswith(INSTALLED):
                source: Any = stack_data.core.Source.for_filename(file)
                assert source.pieces is not None
