"""What a kernel must know of a component, when it was answered wrongly and when rightly."""

from __future__ import annotations

from typing import Any

from answering.parts import close
from answering.predictions import SENTENCE
from answering.worked import ATTEMPT, FEW
from autograders.accounting import parse_journal
from autograders.accounting.carried import authored


def must_be_fresh(one: dict[str, Any]) -> None:
    """Before anything is answered there is no answer."""
    assert one["state"] == {}
    assert not one["told"].get("is_right")
    assert not one["told"].get("is_open")


def must_know_wrong(one: dict[str, Any]) -> None:
    """The last wrong answer, and that it is wrong."""
    spec, knows = one["spec"], one["told"]
    match spec["kind"]:
        case "quiz" | "journal_entry":
            assert knows["is_right"] is False
            assert knows["answer"] is not None
            assert not _is_right_answer(spec, knows["answer"])
        case "steps":
            assert knows["is_right"] is False
            has_blank = any(each["blank"] for each in spec["rounds"])
            assert any(each is not None for each in knows["answer"]) == has_blank
        case "predict":
            assert knows["prediction"] is not None
            assert not _is_right_answer(spec, knows["prediction"])
            assert knows["explanation"] == SENTENCE
        case "hints":
            assert knows["answer"] == 1
        case "solution":
            assert knows["is_open"] is False
            assert knows["answer"] == (FEW if spec["words"] > 1 else None)


def must_know_right(one: dict[str, Any], places: list[int] | None) -> None:
    """The right answer, as it was given; of an exploration, the places of its controls."""
    spec, knows = one["spec"], one["told"]
    match spec["kind"]:
        case "quiz" | "journal_entry" | "steps":
            assert knows["is_right"] is True
            assert _is_right_answer(spec, knows["answer"]), knows["answer"]
        case "predict":
            assert _is_right_answer(spec, knows["prediction"]), knows["prediction"]
            assert knows["explanation"] == SENTENCE
        case "explore":
            assert places is not None
            assert one["state"]["at"] == {
                control["name"]: control["keys"][place]
                for control, place in zip(spec["controls"], places, strict=True)}
        case "hints":
            assert knows["answer"] == len(spec["hints"])
        case "solution":
            assert knows["is_open"] is True
            assert knows["answer"].startswith(ATTEMPT)
        case "lecture":
            pass  # what is read is no answer
        case kind:
            raise LookupError(f"no test knows what a kernel is told of {kind}: teach knowing.py")


def _is_right_answer(spec: dict[str, Any], given: Any) -> bool:
    if spec["kind"] == "journal_entry":
        return _lines(parse_journal(given)[0]) == _lines(authored(spec["checker"]["expected"])[0])
    return _same(given, _right(spec), spec.get("tolerance") or 0)


def _lines(entry: Any) -> list[Any]:
    return [(one.account, one.side, one.amount) for one in entry.lines]


def _right(spec: dict[str, Any]) -> Any:
    """What the author calls right, as the component tells an answer."""
    match spec["kind"], spec.get("form"):
        case "quiz", "choice":
            chosen = [spec["options"][at]["plain"] for at in spec["right"]]
            return chosen if spec["several"] else chosen[0]
        case "quiz", "figure":
            return spec["blanks"][0]["right"][0]
        case "quiz", "blanks":
            return {one["name"]: one["right"][0] for one in spec["blanks"]}
        case "quiz", "order":
            return [spec["items"][at]["plain"] for at in spec["right"]]
        case "quiz", "match":
            return {one["plain"]: spec["options"][one["right"]] for one in spec["items"]}
        case "quiz", "cards":
            return [one["plain"] for one in spec["cards"]]
        case "predict", "choice":
            return spec["options"][spec["was"]]["plain"]
        case "predict", _:
            return spec["was"]
        case "steps", _:
            return [one["right"] if one["form"] == "number" else one["right"][0]
                    for each in spec["rounds"] for one in each["steps"] if one["form"] != "given"]
    raise LookupError(f"no test knows a right answer to {spec['kind']}: teach knowing.py")


def _same(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two answers are one: numbers as near as the front ends ask for."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(
                _same(one[name], other[name], tolerance) for name in one)
        case list(), list():
            return len(one) == len(other) and all(
                _same(*pair, tolerance) for pair in zip(one, other, strict=True))
        case int() | float(), int() | float():
            return close(one, other, tolerance)
    return bool(one == other)
