"""Predictions: wrong ones and right ones, locked and explained."""

from __future__ import annotations

from typing import Any

from answering.parts import Part, close, figure

LOCK = "^Lock my prediction"
SENTENCE = "It was not paid yet, and it counts all the same."
_WHY = (".cp-verdict-why", 0)


def wrong(part: Part, hand: Any) -> None:
    spec = part.spec
    part.expect("open", each=[(".cp-outcome", [])])
    if spec["form"] == "choice":
        chosen = next(at for at in range(len(spec["options"])) if at != spec["was"])
        _choose(part, hand, chosen)
        why, hides = spec["options"][chosen]["why"], spec["options"][spec["was"]]["why"]
    else:
        value = _say(part, hand, _wrong_value(spec))
        known = [one for one in spec["wrong"] if one["low"] - 1e-9 * abs(value) <= value
                 <= one["high"] + 1e-9 * abs(value)]
        why, hides = (known[0]["why"] if known else spec["otherwise"]), spec["why"]
    part.expect("wrong", "locked", hides=[hides], exact=[(_WHY, why)] if why else [],
                says=[] if why else ["than you said. What did you count"])
    _explain(part, hand, "wrong")


def right(part: Part, hand: Any) -> None:
    """The right one; one that was locked is taken back first."""
    spec = part.spec
    if not part.has("button:" + LOCK, 0):
        hand.press(part, "^Begin again")
        hand.press(part, "^Erase it")
        part.expect("open")
    if spec["form"] == "choice":
        _choose(part, hand, spec["was"])
        why = spec["options"][spec["was"]]["why"]
    else:
        value = _say(part, hand, spec["was"])
        assert close(value, spec["was"], spec["tolerance"]), f"a hand came only to {value}"
        why = spec["why"]
    part.expect("right", "locked", says=[why])
    assert part.words(*_WHY).startswith(("Itcameoutasyousaid.", "Yourpredictionholds"))
    _explain(part, hand, "right")


def _choose(part: Part, hand: Any, chosen: int) -> None:
    spec = part.spec
    hand.tick(part, [chosen])
    hand.press(part, LOCK)
    part.expect(None, each=[(".cp-verdict dd", [spec["options"][at]["text"]
                                                for at in (chosen, spec["was"])])])


def _say(part: Part, hand: Any, value: float) -> float:
    """Predict a number, typed or as a point, and lock it; the number it was in the end."""
    spec = part.spec
    if spec["form"] == "axis":
        steps = round((spec["high"] - spec["low"]) / spec["step"])
        place = round((value - spec["low"]) / spec["step"])
        came = hand.slide(part, place, steps + 1, "input[type=range]", 0)
        value = spec["low"] + came * spec["step"]
    else:
        hand.write(part, figure(value), "input", 0)
    hand.press(part, LOCK)
    said = part.all_words(".cp-verdict dd")
    assert len(said) == 2
    assert said[0].startswith(_shown(part, value)), f"it says {said} for {value}"
    assert said[1].startswith(_shown(part, spec["was"]))
    return value


def _shown(part: Part, value: float) -> str:
    digits = 2 if abs(value) >= 100 else 4
    return str(part.ask("more[0].toLocaleString('en-US', {maximumFractionDigits: more[1]})"
                        ".replace('-', '\u2212')", value, digits))


def _wrong_value(spec: dict[str, Any]) -> float:
    """A number that the author named, or else one far from what it was."""
    if spec["wrong"]:
        one = spec["wrong"][0]
        middle = (one["low"] + one["high"]) / 2
        if spec["form"] != "axis":
            return float(middle)
        steps = round((middle - spec["low"]) / spec["step"])
        return float(spec["low"] + steps * spec["step"])
    if spec["form"] == "axis":
        return float(max((spec["low"], spec["high"]), key=lambda end: abs(end - spec["was"])))
    return float(2 * spec["was"] + 1000 * (spec["tolerance"] + 1))


def _explain(part: Part, hand: Any, how: str) -> None:
    """What it was is shown, and then the author's words beside those of the learner."""
    spec = part.spec
    chart = spec.get("chart")
    if chart:
        label = part.ask("answering.must(at, more).getAttribute('aria-label')",
                         ".cp-outcome [role=img]", 0)
        assert label, "the chart of the outcome says nothing to who cannot see it"
    part.expect(None, hides=[spec["because"]], exact=[
        ((".cp-explain label", 0), spec["explain"][how]),
        *([] if chart else [((".cp-outcome", 0), spec["outcome"])])])
    hand.write(part, SENTENCE, "textarea", 0)
    hand.press(part, "^Keep my explanation")
    part.expect(None, exact=[((".cp-own", 0), SENTENCE)], says=[spec["because"]])
