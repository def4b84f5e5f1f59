"""The memory of a warm process in large pages: a fork copies one entry for 512 usual pages.

It also gives back one when the fork ends. What a fork writes to is copied in pages of the usual
size, so that it holds no more than before.
"""

from __future__ import annotations

import contextlib
import gc
import re
from collections.abc import Iterator
from pathlib import Path

from kit.sandbox import linux

LARGE = 1 << 21
"""Bytes of a large page, on x86_64, and on aarch64 with the usual pages of 4 KB."""

_OWN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *(?:\[heap\])?$", re.MULTILINE)
"""Mappings without a file that this process may write to, but for its stack."""

_BLOCK, _ROOM, _APART = 479, 64 << 20, 512 << 10


def make_room() -> list[bytes]:
    """Have Python's small objects lie side by side from now on, until what is returned goes.

    It takes memory by the megabyte, and between two such pieces come the libraries that are loaded
    meanwhile. So the pieces are taken first, and each is held by an object or two.
    """
    each = _BLOCK + 33  # what an object of bytes has around them: it fills a block of 512
    return [bytes(_BLOCK) for _ in range(_ROOM // each)][:: _APART // each]


def settle() -> None:
    """Leave what is in memory now to the forks to come: none looks through it for garbage."""
    gc.collect()
    gc.freeze()
    enlarge()


def enlarge() -> None:
    """Put what is in memory now into large pages, where the kernel can (Linux 6.1)."""
    with contextlib.suppress(OSError):
        for start, end in _mapped():
            for place in range(-(-start // LARGE) * LARGE, end - LARGE + 1, LARGE):
                with contextlib.suppress(OSError):  # nothing is there, or no such page is free
                    linux.collapse(place, LARGE)


def _mapped() -> Iterator[tuple[int, int]]:
    text = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    for start, end in _OWN.findall(text):
        yield int(start, 16), int(end, 16)
