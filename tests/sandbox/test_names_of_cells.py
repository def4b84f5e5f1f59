"""A cell's file has the name that ipykernel gives it, found faster."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox.memos import murmur2


@pytest.fixture(scope="module")
def theirs() -> Callable[[str, int], int]:
    """ipykernel's own, whatever stands in its place by now."""
    spec = importlib.util.find_spec("ipykernel.compiler")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str, int], int] = module.murmur2_x86
    return found


@given(text=st.text(max_size=40), seed=st.integers(0, 2**32 - 1))
def test_the_number_is_the_same(
    theirs: Callable[[str, int], int], text: str, seed: int
) -> None:
    assert murmur2(text, seed) == theirs(text, seed)
