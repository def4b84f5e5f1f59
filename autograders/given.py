"""Error carried forward, for answers with parts: what follows from a learner's own figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from autograders.number import given_number
from autograders.outcome import Answer, Failure, Outcome, Scope
from autograders.values import loaded, number_of, reader, text_of

Given = Mapping[str, Answer]


def right_of(expected: Any, given: Given | None) -> Any:
    """The expected value; of a function, for the right earlier answers."""
    if callable(expected):
        return expected(**{name: one.right for name, one in (given or {}).items()})
    if given:
        raise TypeError("with given=, the expected value is a function of the given names")
    return expected


def better_by_own(
    outcome: Outcome, scope: Scope, expected: Any, given: Given | None,
    judge: Callable[[Any], Outcome],
) -> Outcome:
    """The outcome for what follows from the learner's own earlier answers, where that earns
    more. `judge` judges the answer by another expected value."""
    if not given or not callable(expected) or outcome.credit >= 1:
        return outcome
    try:
        own = {name: _own(one, scope) for name, one in given.items()}
        second = judge(expected(**own))
    except Exception:  # noqa: BLE001 - an author's formula may meet any figures, any kinds
        return outcome
    if second.credit <= outcome.credit:
        return outcome
    names = " and ".join(f"`{one.name}`" for one in given.values())
    told = (f"This follows from your {names}: full credit for the method, though the earlier "
            "answer is not right.")
    if second.credit < 1:
        told = f"Judged by your own {names}: {second.message}"
    return replace(second, message=told, tags=("carried-forward", *second.tags))


def _own(one: Answer, scope: Scope) -> Any:
    """The learner's earlier answer, as a plain value of the kind of the right one."""
    from autograders.frames import plain_frame
    from autograders.grid import read_grid

    value = reader(one.name)(scope)
    if number_of(one.right) is not None:
        return given_number(value, one.name)
    if text_of(one.right) is not None:
        text = text_of(value)
        if text is None:
            raise Failure(f"`{one.name}` should be text.", tag="type")
        return text
    numpy = loaded("numpy")
    if issubclass(type(one.right), list | tuple) or (
            numpy is not None and issubclass(type(one.right), numpy.ndarray)):
        import numpy as np

        right = np.asarray(one.right)
        grid = read_grid(value, one.name, right.shape)
        return grid if isinstance(one.right, np.ndarray) else type(one.right)(grid.tolist())
    return plain_frame(value, one.name, like=one.right)
