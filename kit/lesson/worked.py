"""Worked examples that fade, hints that open one by one, and a solution to compare with."""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from kit.lesson.component import Component, identity
from kit.lesson.markup import html_of, inline, plain
from kit.lesson.reasons import why_of
from kit.lesson.saying import say

_DROPPED = re.compile(r"[\s.,;:!?\"'’‘“”()\[\]]+")  # the same as in steps.js


class Steps(Component):
    """A worked example whose last steps are the learner's. Made by `steps`."""

    kind: ClassVar[str] = "steps"

    @property
    def answer(self) -> list[Any]:
        """What stands in each blank step, in order over all rounds: a number, a text, or None
        where there is nothing yet."""
        kept = self.state.get("steps", {})
        return [kept.get(key, {}).get("value") for key in self._blank_keys()]

    @property
    def is_right(self) -> bool:
        """Whether the learner filled the blank steps of the last round, none of them shown."""
        return bool(self.state.get("right"))

    def static_html(self) -> str:
        """The worked steps, and a line to write on for each blank one."""
        rounds = []
        for one in self.spec["rounds"]:
            rows = "".join(
                f'<li>{step["ask"]}<br>{step["shown"]}</li>' if step["form"] == "given" else
                f'<li>{step["ask"]}<br>____________ {html.escape(step["unit"])}</li>'
                for step in one["steps"])
            title = f'<h4>{one["problem"]}</h4>' if one["problem"] else ""
            rounds.append(f'{title}<ol class="cp-steps">{rows}</ol>')
        return _static(self.spec, "".join(rounds))

    def _blank_keys(self) -> list[str]:
        return [f"{number}.{place}" for number, one in enumerate(self.spec["rounds"])
                for place, step in enumerate(one["steps"]) if step["form"] != "given"]


class Hints(Component):
    """Hints that open one at a time. Made by `hints`."""

    kind: ClassVar[str] = "hints"

    @property
    def answer(self) -> int:
        """How many hints the learner opened."""
        return int(self.state.get("opened", 0))

    def static_html(self) -> str:
        """Each hint, folded away."""
        return _static(self.spec, "".join(
            f"<details><summary>{say('Hint {number}', number=number)}</summary>{text}</details>"
            for number, text in enumerate(self.spec["hints"], 1)))


class Solution(Component):
    """A solution that opens after an attempt. Made by `solution`."""

    kind: ClassVar[str] = "solution"

    @property
    def answer(self) -> str | None:
        """The learner's attempt; None without one."""
        return self.state.get("attempt") or None

    @property
    def is_open(self) -> bool:
        """Whether the learner has opened the solution."""
        return bool(self.state.get("open"))

    def static_html(self) -> str:
        """What to try first, and the solution, folded away."""
        return _static(self.spec, f'<p>{self.spec["attempt"]}</p><details><summary>'
                                  f'{say("The solution")}</summary>{self.spec["content"]}'
                                  "</details>")


# ---------------------------------------------------------------------------- worked example


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a worked example: what is asked, and what comes out. Made by `step`."""

    ask: str
    answer: Any
    shown: Any = ""
    wrong: Mapping[Any, str] = field(default_factory=dict)
    why: str = ""
    otherwise: str = ""
    tolerance: float = 0.0
    unit: str = ""
    also: Sequence[str] = ()


def step(  # noqa: PLR0913 - what a blank step may need, all optional
    ask: str, answer: Any, *, shown: Any = "", wrong: Mapping[Any, str] | None = None,
    why: str = "", otherwise: str = "", tolerance: float = 0.0, unit: str = "",
    also: Sequence[str] = (),
) -> Step:
    """A step for `steps` that needs more than a pair.

    `answer` is a number, right when as near as `tolerance`, or a text, compared without case,
    spacing and punctuation; `also` are other texts that are right. `shown` is what stands there
    once the step is worked (else the answer itself). `why` is said to a right answer; `wrong` maps
    other answers to what to say, and `otherwise` is said to all the rest.
    """
    return Step(ask=ask, answer=answer, shown=shown, wrong=wrong or {}, why=why,
                otherwise=otherwise, tolerance=tolerance, unit=unit, also=also)


def steps(
    question: str, worked: Sequence[Any] | None = None, *, blank: int | Sequence[int] | None = None,
    rounds: Sequence[tuple[str, Sequence[Any]]] | None = None, label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Steps:
    """A worked example, of which the last `blank` steps (1) are left to the learner.

    Each step is a pair (what is asked, what comes out), a triple with what to say to wrong answers
    ({1600: "That is what is left."}), or made by `step`. With `rounds`, parallel problems fade:
    each is a pair (the problem, its steps). The first is worked, then the last step is blank, then
    the last two, and so on; the last problem is done alone. `blank` may list this otherwise, a
    number a round. A round opens when the one before is done, or the learner skips ahead.

    Raises ValueError or TypeError where a step cannot be filled in or more are blank than there
    are.
    """
    if (worked is None) == (rounds is None):
        raise ValueError("give the steps, or rounds=[(problem, steps), ...]; one of the two")
    problems: Sequence[Any] = [("", worked)] if rounds is None else rounds
    given = [_round(one) for one in problems]
    if not given:
        raise ValueError("rounds= holds one problem or more")
    counts = _blanks(blank, [len(listed) for _, listed in given], fading=rounds is not None)
    faded = [_fade(listed, count) for (_, listed), count in zip(given, counts, strict=True)]
    shown = [{"problem": inline(problem) if problem else "", "blank": count, "steps": made}
             for (problem, _), count, made in zip(given, counts, faded, strict=True)]
    left = [_step(one) for (_, listed), count in zip(given, counts, strict=True)
            for one in listed[len(listed) - count:]]
    asked = [one["name"] for made in faded for one in made]
    return Steps({"id": identity("steps", id, question, *(name for name, _ in given), *asked),
                  "question": inline(question), "label": label or say("Worked example"),
                  "rounds": shown,
                  "asks": any(counts)}, silent=any(counts) and not any(
                      one.wrong or one.otherwise or one.why for one in left))


def _round(given: Any) -> tuple[str, Sequence[Any]]:
    if not isinstance(given, tuple | list) or len(given) != 2 or not isinstance(given[0], str):
        raise TypeError(f"a round is a pair (the problem, its steps); not {given!r}")
    problem, listed = given
    if isinstance(listed, str) or not isinstance(listed, Sequence) or not listed:
        raise TypeError(f"steps are a list of (what is asked, what comes out); not {listed!r}")
    return problem, listed


def _blanks(blank: Any, sizes: list[int], *, fading: bool) -> list[int]:
    """How many of the last steps of each round are the learner's."""
    if blank is None and fading:
        alone = len(sizes) - 1 or None
        return [size if at == alone else min(at, size) for at, size in enumerate(sizes)]
    listed = isinstance(blank, list | tuple)
    counts: list[Any] = list(blank) if listed else [1 if blank is None else blank] * len(sizes)
    if len(counts) != len(sizes):
        raise ValueError(f"blank= lists {len(counts)} numbers for {len(sizes)} rounds")
    for count, size in zip(counts, sizes, strict=True):
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= size:
            raise ValueError(f"blank= is a whole number from 0 to the {size} steps, not {count!r}")
    return counts


def _fade(listed: Sequence[Any], blank: int) -> list[dict[str, Any]]:
    """The steps as plain data; only a blank one holds how it is checked."""
    first = len(listed) - blank
    made = []
    for at, given in enumerate(listed):
        one = _step(given)
        plainly = {"ask": inline(one.ask), "name": plain(one.ask), "shown": _shown(one)}
        made.append({**plainly, **(_check(one) if at >= first else {"form": "given"})})
    return made


def _step(given: Any) -> Step:
    if isinstance(given, Step):
        return given
    if not isinstance(given, tuple | list) or len(given) not in (2, 3):
        raise TypeError("a step is (what is asked, what comes out), a third with what to say to "
                        f"wrong answers, or made by step(); not {given!r}")
    wrong = given[2] if len(given) == 3 else {}
    if not isinstance(wrong, Mapping):
        raise TypeError(f"wrong answers are a dict {{answer: what to say}}; not {wrong!r}")
    return Step(ask=given[0], answer=given[1], wrong=wrong)


def _shown(one: Step) -> str:
    if one.shown:
        return inline(one.shown)
    if isinstance(one.answer, int | float) and not isinstance(one.answer, bool):
        return html.escape(f"{one.answer:,} {one.unit}".replace("-", "−").strip())
    return inline(one.answer)


def _check(one: Step) -> dict[str, Any]:
    checked, clash = _text(one) if isinstance(one.answer, str) else _figure(one)
    otherwise = one.otherwise or (
        say("Not yet. What did you start from?") if checked["form"] == "number" else
        say("Not yet. What follows from the step before?"))
    if clash:
        raise ValueError(f"the wrong answer {clash[0]!r} of {plain(one.ask)!r} is right")
    return {**checked, "unit": one.unit, "why": html_of(one.why) if one.why else "",
            "otherwise": html_of(otherwise)}


def _text(one: Step) -> tuple[dict[str, Any], list[Any]]:
    """How a text is checked, and which of the wrong ones are right."""
    right = [_normal(text) for text in (one.answer, *one.also)]
    wrong = [{"value": _normal(text), "why": why_of(said, text)}
             for text, said in one.wrong.items()]
    clash = [text for text in one.wrong if _normal(text) in right]
    return {"form": "text", "right": right, "wrong": wrong}, clash


def _figure(one: Step) -> tuple[dict[str, Any], list[Any]]:
    """How a number is checked, and which of the wrong ones are right."""
    if not 0 <= one.tolerance < math.inf:
        raise ValueError(f"a tolerance is a number from 0, not {one.tolerance!r}")
    right = _number(one, one.answer)
    wrong = [{"value": _number(one, other), "why": why_of(said, other)}
             for other, said in one.wrong.items()]
    clash = [other for other in one.wrong
             if abs(_number(one, other) - right) <= one.tolerance + 1e-9 * abs(right)]
    checked = {"form": "number", "right": right, "tolerance": float(one.tolerance)}
    return {**checked, "wrong": wrong}, clash


def _normal(text: Any) -> str:
    """A text as it is compared: without markup, case, spacing and punctuation."""
    if not isinstance(text, str):
        raise TypeError(f"a step with a text to fill in has texts as wrong answers; not {text!r}")
    found = _DROPPED.sub(" ", unicodedata.normalize("NFKC", plain(text)).lower()).strip()
    if not found:
        raise ValueError(f"nothing is left to compare of {text!r}; leave the step worked")
    return found


def _number(one: Step, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"a blank step has a number or a text to fill in, and wrong answers of the "
                        f"same kind; {plain(one.ask)!r} has {value!r}")
    return float(value)


# ------------------------------------------------------------------------ hints and solution


def hints(
    question: str, texts: Sequence[Any], *, label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Hints:
    """Hints that a learner opens one by one, the next when the one before did not help.

    Raises ValueError or TypeError where there is no hint, or an empty one.
    """
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        raise TypeError(f"hints are a list of texts, such as ['Look at the dates.']; not {texts!r}")
    shown = [html_of(text) for text in texts]
    if not shown or not all(shown):
        raise ValueError("give one hint or more, none of them empty")
    return Hints({"id": identity("hints", id, question, *texts), "question": inline(question),
                  "label": label or say("Hints"), "hints": shown, "asks": False})


def solution(
    question: str, content: Any, *, attempt: str = "", words: int = 3,
    after: str | Component = "", label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Solution:
    """A solution that opens once the learner has made an attempt, which stays beside it.

    `attempt` asks for the attempt ("Write your own answer first"), a text of at least `words`
    different words. With `after`, a
    component of the same page or its id, the solution opens when that one is answered instead.

    Raises ValueError or TypeError where the solution is empty or `words` is not from 1.
    """
    shown = html_of(content)
    if not shown.strip():
        raise ValueError("the solution is empty; give a text, or what shows itself as HTML")
    if isinstance(words, bool) or not isinstance(words, int) or words < 1:
        raise ValueError(f"words= is a whole number from 1, not {words!r}: there is an attempt")
    if isinstance(after, Component):
        after = str(after.spec["id"])
    if not isinstance(after, str):
        raise TypeError(f"after= is a component or the id of one, not {after!r}")
    if after:
        identity("solution", after)
    attempt = attempt or say("Write your own answer first")
    return Solution({"id": identity("solution", id, question, content),
                     "label": label or say("Solution"),
                     "question": inline(question), "content": shown, "attempt": inline(attempt),
                     "words": words, "after": after})


def _static(spec: Mapping[str, Any], body: str) -> str:
    return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
            f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>{body}</section>')
