"""Worked examples, hints, solutions and lectures."""

from __future__ import annotations

from typing import Any

from answering.parts import Part, close, figure

FEW = "Cash"
ATTEMPT = "Profit counts what was earned already."


# -------------------------------------------------------------------------------- steps


def wrong_steps(part: Part, hand: Any) -> None:
    """In the first step that is the learner's, a wrong answer is told what belongs to it."""
    spec = part.spec
    first = next((at for at, one in enumerate(spec["rounds"]) if one["blank"]), None)
    if first is None:
        return
    _go_to(part, hand, first)
    place = next(at for at, one in enumerate(spec["rounds"][first]["steps"])
                 if one["form"] != "given")
    _slip(part, hand, first, place)
    part.expect("wrong", "not yet")


def right_steps(part: Part, hand: Any) -> None:
    """Every step of every round; on the way the mouse slips once in each."""
    spec = part.spec
    for number, one in enumerate(spec["rounds"]):
        _go_to(part, hand, number)
        for place, step in enumerate(one["steps"]):
            if step["form"] == "given":
                continue
            if hand.name == "by mouse":
                _slip(part, hand, number, place)
            _fill(part, hand, number, place, _right(step))
            row = _row(number, place)
            assert _state(part, row) == "right"
            part.expect(None, says=[step["shown"]], exact=[
                ((*row, ".cp-whose", 0), "yours, right"), ((*row, ".cp-said", 0), step["why"])])
    if any(one["blank"] for one in spec["rounds"]):
        part.expect("right", "done")


def _go_to(part: Part, hand: Any, number: int) -> None:
    """Open rounds up to this one."""
    while int(part.ask("answering.must(at, ['section.cp', 0])"
                       ".querySelectorAll('ol.cp-steps').length")) <= number:
        hand.press(part, "^(Next:|Skip ahead)")


def _slip(part: Part, hand: Any, number: int, place: int) -> None:
    step = part.spec["rounds"][number]["steps"][place]
    if step["wrong"]:
        typed, why = step["wrong"][0]["value"], step["wrong"][0]["why"]
    else:
        typed, why = ("neither" if step["form"] == "text" else _far(step)), step["otherwise"]
    _fill(part, hand, number, place, typed)
    row = _row(number, place)
    assert _state(part, row) == "wrong"
    part.expect("wrong", exact=[((*row, ".cp-said", 0), why), ((*row, ".cp-result", 0), "")])


def _fill(part: Part, hand: Any, number: int, place: int, typed: Any) -> None:
    row = _row(number, place)
    hand.write(part, typed if isinstance(typed, str) else figure(typed), *row, "input", 0)
    hand.press(part, "^Check", *row)


def _right(step: dict[str, Any]) -> Any:
    return step["right"] if step["form"] == "number" else step["right"][0]


def _far(step: dict[str, Any]) -> float:
    return next(value for value in (987_653.0, 123_457.0)
                if not close(value, step["right"], step["tolerance"]))


def _row(number: int, place: int) -> tuple[Any, ...]:
    return ("ol.cp-steps", number, "li.cp-step", place)


def _state(part: Part, row: tuple[Any, ...]) -> str:
    return str(part.ask("answering.must(at, more).dataset.state", *row))


# -------------------------------------------------------------------------------- hints


def first_hint(part: Part, hand: Any) -> None:
    """The first one opens alone."""
    _open_hint(part, hand, 0)
    part.expect("open", hides=part.spec["hints"][1:])


def all_hints(part: Part, hand: Any) -> None:
    count = len(part.spec["hints"])
    opened = len(part.all_words(".cp-hints li"))
    for at in range(opened, count):
        _open_hint(part, hand, at)
    part.expect("open", f"{count} of {count} open")
    assert not part.has("button:^Hint", 0)


def _open_hint(part: Part, hand: Any, at: int) -> None:
    hint = part.spec["hints"][at]
    part.expect("open", hides=[hint])
    hand.press(part, f"^Hint {at + 1} of")
    part.expect("open", f"{at + 1} of {len(part.spec['hints'])} open", says=[hint])


# ------------------------------------------------------------------------------ solutions


def short_attempt(part: Part, hand: Any) -> None:
    """A word is no attempt, and shows nothing."""
    if _waits(part):
        return
    hand.press(part, "^Show the solution")
    part.expect("open", hides=[part.spec["content"]],
                says=["worth more after a try of your own"])
    if part.spec["words"] > 1:
        hand.write(part, FEW, "textarea", 0)
        hand.press(part, "^Show the solution")
        part.expect("open", hides=[part.spec["content"]], says=["A start."])


def opened_solution(part: Part, hand: Any) -> None:
    """An attempt opens it, or the answer to the question that it waits for has."""
    if _waits(part):
        part.expect("open", "open", says=[part.spec["content"]])
        return
    words = " ".join([ATTEMPT, *(f"word{at}" for at in range(part.spec["words"]))])
    hand.write(part, words, "textarea", 0)
    hand.press(part, "^Show the solution")
    part.expect("open", "open", says=[part.spec["content"]],
                exact=[((".cp-attempt", 0), words)])


def _waits(part: Part) -> bool:
    """Whether it belongs to a question of the same page."""
    after = part.spec["after"]
    return bool(after) and after in part.page.evaluate(
        "answering.specs().map((one) => one.id)")


def must_be_shut(part: Part) -> None:
    """Nothing of a solution shows before it is asked for."""
    part.expect("open", hides=[part.spec["content"]])


# ------------------------------------------------------------------------------- lectures


def read_lecture(part: Part, hand: Any) -> None:
    """Its words stand there to be read; with a recording, a row of them leads to its place."""
    spec = part.spec
    text = spec["text"] or " ".join(one["text"] for one in spec["paragraphs"])
    part.expect(None, says=[text])
    if not spec["video"] or spec["text"]:
        return
    last = len(spec["paragraphs"]) - 1
    if hand.name == "by mouse":
        hand.click(part, ".cp-line", last)
    else:
        hand.reach(part, ".cp-line", 0)
        hand.page.keyboard.press("End")
        hand.page.keyboard.press("Enter")
    part.until("answering.must(at, ['.cp-line', more[0]]).getAttribute('aria-current')", last)
    part.ask("answering.must(at, ['video', 0]).pause()")


