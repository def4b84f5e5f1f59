"""The stamp of a dict is the same while it holds the very same things, and no longer."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox.stamps import stamp

KEYS = [f"key {number}" for number in range(12)]
VALUES = [object() for _ in range(4)]
held = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), min_size=1)


@given(held, st.sampled_from(KEYS), st.sampled_from(VALUES))
def test_it_is_another_once_something_else_stands_under_a_key(
        held: dict[str, Any], key: str, value: object) -> None:
    before, was = stamp(held), dict(held)
    assert before is not None
    held[key] = value
    assert (stamp(held) == before) == (held.get(key) is was.get(key))


@given(held, st.data())
def test_it_is_another_once_a_key_is_gone_or_is_another(
        held: dict[str, Any], data: st.DataObject) -> None:
    before = stamp(held)
    key = data.draw(st.sampled_from(sorted(held)))
    value = held.pop(key)
    assert stamp(held) != before
    held[f"other {key}"] = value
    assert stamp(held) != before


@given(held)
def test_to_look_at_it_changes_nothing(held: dict[str, Any]) -> None:
    before = stamp(held)
    assert list(held.items()) == list(held.items())
    assert dict(held) == held
    assert stamp(held) == before


class Liar:
    """Is equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_what_is_equal_is_not_the_same() -> None:
    held: dict[str, object] = {"a": 1}
    before = stamp(held)
    held["a"] = Liar()
    assert stamp(held) != before


def test_code_that_uses_a_module_is_no_change() -> None:
    def use() -> float:
        return math.floor(math.pi) + len("a")

    before = stamp(vars(math))
    for _ in range(50):
        use()
    assert before == stamp(vars(math))


@pytest.mark.parametrize("kind", [Liar, type("Small", (), {})])
def test_values_that_lie_elsewhere_have_none(kind: type) -> None:
    thing = kind()
    thing.own = 1
    assert stamp(vars(thing)) is None
