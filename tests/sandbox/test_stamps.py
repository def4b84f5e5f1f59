"""A stamp holds while a dict holds the very same things, and no longer."""

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
def test_it_holds_until_something_else_stands_under_a_key(
        held: dict[str, Any], key: str, value: object) -> None:
    before, was = stamp(held), dict(held)
    assert before is not None
    held[key] = value
    assert before.holds() == (held.get(key) is was.get(key))


@given(held, st.data())
def test_it_holds_until_a_key_is_gone_and_not_once_it_is_another(
        held: dict[str, Any], data: st.DataObject) -> None:
    before = stamp(held)
    assert before is not None
    key = data.draw(st.sampled_from(sorted(held)))
    value = held.pop(key)
    assert not before.holds()
    held[f"other {key}"] = value
    assert not before.holds()


@given(held)
def test_it_holds_whatever_is_looked_at(held: dict[str, Any]) -> None:
    before = stamp(held)
    assert before is not None
    assert list(held.items()) == list(held.items())
    assert dict(held) == held
    assert before.holds()


@given(held, held)
def test_it_holds_not_once_all_is_put_elsewhere(held: dict[str, Any], more: dict[str, Any]) -> None:
    before = stamp(held)
    assert before is not None
    held.clear()
    held.update(more)
    held.update({f"more {number}": None for number in range(100)})
    assert not before.holds()


class Liar:
    """Is equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_what_is_equal_is_not_the_same() -> None:
    held: dict[str, object] = {"a": 1}
    before = stamp(held)
    held["a"] = Liar()
    assert before is not None
    assert not before.holds()


def test_code_that_uses_a_module_changes_nothing_of_it() -> None:
    def use() -> float:
        return math.floor(math.pi) + len("a")

    before = stamp(vars(math))
    for _ in range(50):
        use()
    assert before is not None
    assert before.holds()


@pytest.mark.parametrize("kind", [Liar, type("Small", (), {})])
def test_values_that_lie_elsewhere_have_none(kind: type) -> None:
    thing = kind()
    thing.own = 1
    assert stamp(vars(thing)) is None
