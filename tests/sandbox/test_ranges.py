"""Parts of memory: what lies in both, and what beside."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox.image import beside, common
from kit.sandbox.rewind import Ranges

pages = st.sets(st.integers(0, 40))


def ranges(pages: set[int]) -> Ranges:
    """The fewest ranges that are these pages."""
    found: Ranges = []
    for page in sorted(pages):
        if found and found[-1][1] == page:
            found[-1] = found[-1][0], page + 1
        else:
            found.append((page, page + 1))
    return found


def in_order(found: Ranges) -> list[int]:
    """The pages of ranges, one after the other."""
    return [page for start, end in found for page in range(start, end)]


@given(pages, pages)
def test_common_are_the_pages_of_both(some: set[int], others: set[int]) -> None:
    assert in_order(common(ranges(some), ranges(others))) == sorted(some & others)


@given(pages, pages)
def test_beside_are_the_pages_of_the_first_alone(some: set[int], others: set[int]) -> None:
    assert in_order(beside(ranges(some), ranges(others))) == sorted(some - others)
