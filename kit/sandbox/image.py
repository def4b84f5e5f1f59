"""The memory of a twin, which is put into the process that it is the twin of.

What every run writes to is put back after each run, and it is not asked which of it the last one
wrote to: that would cost each of them a fault a page. What it is shows in two runs one after the
other, which are looked at from time to time.
"""

from __future__ import annotations

import ctypes
import mmap
from array import array
from bisect import bisect_right

from kit.sandbox import tracing, writes
from kit.sandbox.rewind import Ranges

_MOST_BYTES = 1 << 26
"""To put more than that back costs more than a fork."""

_MOST_AT_ONCE = 1 << 24
"""Bytes that may be put back after every run."""

_MANY = 3000
"""So many ranges, and all at once takes less time than each by itself."""

_EVERY = 512
"""After so many runs it is looked anew what every run writes to."""


class _Room:
    """Memory of this process that parts of the twin's are brought to, until it is full."""

    def __init__(self, twin: int, size: int) -> None:
        self._twin, self._size = twin, size
        self._memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self._memory.madvise(mmap.MADV_DONTFORK)
        self._first = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._used = 0
        self._known: dict[tuple[int, int], int] = {}

    def clear(self) -> None:
        """Have nothing in it."""
        self._used = 0
        self._known.clear()

    def parts(self, ranges: Ranges) -> array[int]:
        """Where they are here; they are brought if they are not."""
        new = [one for one in ranges if one not in self._known]
        if self._used + _size(new) > self._size:
            self.clear()
            new = ranges
        if new:
            first = at = self._first + self._used
            for start, end in new:
                self._known[start, end] = at
                at += end - start
            tracing.read(self._twin, _parts(new), first)
            self._used = at - self._first
        return _as_parts([self._known[one] for one in ranges], ranges)


class Image:
    """What is known of the memory of a twin, and of what runs write to."""

    def __init__(self, twin: int) -> None:
        self._room, self._other = _Room(twin, _MOST_AT_ONCE), _Room(twin, _MOST_BYTES)
        self._runs = 0
        self._last: Ranges = []
        self._expect([])

    def _expect(self, always: Ranges) -> None:
        """Every run writes to these."""
        self._always, self._known = always, frozenset(always)
        self._starts = array("Q", [start for start, _ in always])
        self._ends = array("Q", [end for _, end in always])
        self._room.clear()
        self._there, self._here = _parts(always), self._room.parts(always)

    def put_into(self, pid: int, starts: array[int], ends: array[int]) -> Ranges:
        """Give the process, which wrote there, the memory of the twin; what counts from now on as
        not written. Raises LostError where that is more than there is room for."""
        if sum(ends) - sum(starts) > _MOST_BYTES:
            raise tracing.LostError("too much was written")
        if starts == self._starts and ends == self._ends:  # most often it is what was expected
            written, new = self._always, []
        else:
            written = list(zip(starts, ends, strict=True))
            new = beside([one for one in written if one not in self._known], self._always)
        tracing.write(pid, self._there, self._here)
        if new:
            tracing.write(pid, _parts(new), self._other.parts(new))
        self._runs += 1
        return self._forgotten(written, new)

    def _forgotten(self, written: Ranges, new: Ranges) -> Ranges:
        match self._runs % _EVERY:
            case 0 | 1 | 2:  # the first began otherwise than those after it
                self._expect([])
                self._last = written
                return [(0, writes.end())]
            case 3:
                always = common(written, self._last)
                if _size(always) <= _MOST_AT_ONCE:
                    self._expect(always)
                    new = beside(written, always)
        return new if len(new) <= _MANY else [(0, writes.end())]


def common(some: Ranges, others: Ranges) -> Ranges:
    """What lies in ranges of both. In each they are in order and do not touch."""
    found, at = [], 0
    for start, end in some:
        while at < len(others) and others[at][1] <= start:
            at += 1
        place = at
        while place < len(others) and others[place][0] < end:
            found.append((max(start, others[place][0]), min(end, others[place][1])))
            place += 1
    return found


def beside(some: Ranges, others: Ranges) -> Ranges:
    """What of some ranges lies in none of others. In each they are in order and do not touch."""
    found = []
    for start, end in some:
        place, at = max(bisect_right(others, (start, end)) - 1, 0), start
        while place < len(others) and others[place][0] < end:
            first, last = others[place]
            if at < first:
                found.append((at, first))
            at = max(at, last)
            place += 1
        if at < end:
            found.append((at, end))
    return found


def _size(ranges: Ranges) -> int:
    return sum(end - start for start, end in ranges)


def _parts(ranges: Ranges) -> array[int]:
    return _as_parts([start for start, _ in ranges], ranges)


def _as_parts(addresses: list[int], ranges: Ranges) -> array[int]:
    """Addresses, with the sizes of these ranges, as parts of memory."""
    sizes = [end - start for start, end in ranges]
    return tracing.parts(array("Q", addresses), array("Q", sizes))


__all__ = ["Image", "beside", "common"]
