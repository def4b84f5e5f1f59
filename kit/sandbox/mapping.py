"""`mmap.mmap` without a file, as it is under the seal: on a file that the box counts.

Shared memory without a file outlives its addresses, where no limit sees it: the seal refuses it.
"""

from __future__ import annotations

import mmap
import tempfile
from typing import Any

_Mapping = mmap.mmap


class _OnFile(_Mapping):
    """Memory that forks share, on a file without a name."""

    def __new__(
        cls, fileno: int, length: int, flags: int = mmap.MAP_SHARED,
        prot: int = mmap.PROT_WRITE | mmap.PROT_READ, access: int = mmap.ACCESS_DEFAULT,
        offset: int = 0, **more: Any,
    ) -> _OnFile:
        """As `mmap.mmap` does."""
        if (fileno != -1 or length <= 0 or flags & mmap.MAP_PRIVATE
                or access == mmap.ACCESS_COPY):
            return super().__new__(cls, fileno, length, flags, prot, access, offset, **more)
        with tempfile.TemporaryFile() as file:
            file.truncate(length)
            return super().__new__(cls, file.fileno(), length, flags & ~mmap.MAP_ANONYMOUS,
                                   prot, access, offset, **more)


_OnFile.__name__ = _OnFile.__qualname__ = "mmap"
_OnFile.__module__ = "mmap"


def put_in() -> None:
    """Let `mmap.mmap` be this, in this process and its forks."""
    mmap.mmap = _OnFile  # type: ignore[misc]
