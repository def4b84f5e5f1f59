"""A ratio: upside down, in percent, by another balance, or from the learner's own figures."""

from __future__ import annotations

from typing import Any

import checking
import pytest

import autograders as ag
from autograders.accounting import ratio


def outcome(value: Any, *parts: Any, names: dict[str, Any] | None = None,
            **options: Any) -> ag.Outcome:
    return checking.check(ratio("x", *(parts or (3400, 10_000)), **options),
                          x=value, **(names or {}))


@pytest.mark.parametrize(("value", "options", "tags"), [
    (3400 / 9000, {"opening": 8000}, ()), (0.378, {"opening": 8000}, ()),
    (0.34, {"opening": 8000}, ("closing-balance",)),
    (0.425, {"opening": 8000}, ("opening-balance",)),
    (0.34, {"opening": 8000, "average": False}, ()),
    (3400 / 9000, {"opening": 8000, "average": False}, ("average-balance",)),
    (0.34, {}, ()), (34, {}, ("percent",)), (34, {"percent": True}, ()),
    (0.34, {"percent": True}, ("fraction",)), (100 / 34, {}, ("inverted",)),
    (10_000 / 34, {"percent": True}, ("inverted",)), (-0.34, {}, ("sign",)),
    (-6600, {}, ("difference",)), (34_000_000, {}, ("product",)), (0.5, {}, ("value",)),
    (0.3, {"places": 1}, ()), (0.3, {"digits": 2}, ("value",)), ("0.34", {}, ("text",)),
])
def test_slips(value: Any, options: dict[str, Any], tags: tuple[str, ...]) -> None:
    found = outcome(value, **options)
    assert (found.tags, found.credit) == (tags, float(not tags))


def test_earlier_figures_are_carried_forward() -> None:
    parts = (ag.answer("profit", 3400), ag.answer("equity", 10_000))
    found = outcome(0.32, *parts, names={"profit": 3200, "equity": 10_000})
    assert (found.credit, found.tags) == (1.0, ("carried-forward",))
    assert outcome(0.34, *parts, names={"profit": 3200, "equity": 10_000}).tags == ()
    assert outcome(0.32, *parts, names={"profit": 3400}).tags == ("value",)
    assert outcome(0.32, *parts, names={"equity": 0, "profit": None}).tags == ("value",)


def test_known_mistakes() -> None:
    known = {0.5: ag.mistake("gross", "By net profit.", credit=0.5), (lambda x: x > 1e6): "Huge."}
    assert (outcome(0.5, mistakes=known).credit, outcome(1e9, mistakes=known).message) == (
        0.5, "Huge.")
    with pytest.raises(TypeError, match="a mistake is"):
        ratio("x", 1, 2, mistakes={"half": "no"})
