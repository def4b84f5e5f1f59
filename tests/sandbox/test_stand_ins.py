"""What another process says of a function is taken for one, or refused."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox.frames import FrameError
from kit.sandbox.travel.stand_ins import described, made

said = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
parameter = st.tuples(st.text(max_size=2) | said, st.integers(-1, 5) | said, st.booleans() | said)


class Nobody:
    """Is never asked."""

    def __call__(self, what: str, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        raise AssertionError(what, args, named)

    def cannot(self, why: str) -> BaseException:
        raise AssertionError(why)


@given(said | st.lists(parameter | said))
def test_parameters_are_those_of_a_function_or_refused(told: Any) -> None:
    try:
        stand_in = made("function", {"name": "f", "parameters": told}, Nobody())
    except FrameError:
        return
    assert [one.name for one in inspect.signature(stand_in).parameters.values()] == [
        name for name, _, _ in told]


def test_functions_of_the_same_parameters_are_not_one() -> None:
    def first(x: int, *more: int, y: int = 1) -> int:
        return x + y + len(more)

    def second(x: int, *more: int, y: int = 2) -> int:
        return x - y - len(more)

    one, other = (made(*described(each), Nobody()) for each in (first, second))
    assert one is not other
    assert (one.__name__, other.__name__) == ("first", "second")
    assert str(inspect.signature(one)) == str(inspect.signature(other)) == "(x, *more, y=Ellipsis)"


@pytest.mark.parametrize("about", [None, {}, {"name": 1}, []])
def test_what_has_no_name_is_refused(about: Any) -> None:
    with pytest.raises(FrameError):
        made("function", about, Nobody())
