"""Quiz: a question with an answer at once, and a reason for each wrong one."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from kit.lesson.component import Component, identity
from kit.lesson.markup import html_of, inline, plain


class Quiz(Component):
    """A question that a learner answers. Made by `quiz`."""

    kind: ClassVar[str] = "quiz"

    @property
    def answer(self) -> Any:
        """What the learner chose (a text, or a list of them) or typed; None without an answer."""
        if self.spec["form"] == "figure":
            return self.state.get("value")
        chosen = [self.spec["options"][at]["plain"] for at in self.state.get("chosen", ())]
        if self.spec["several"]:
            return chosen or None
        return chosen[0] if chosen else None

    @property
    def is_right(self) -> bool:
        """Whether the learner's last answer is right."""
        return bool(self.state.get("right"))

    def static_html(self) -> str:
        """The question, with a box for each option, or a line to write on."""
        spec = self.spec
        if spec["form"] == "choice":
            mark = "☐" if spec["several"] else "○"
            asked = "".join(f"<li>{mark} {option['text']}</li>" for option in spec["options"])
            asked = f'<ul class="cp-static">{asked}</ul>'
        else:
            asked = f'<p class="cp-static">____________ {html.escape(spec["unit"])}</p>'
        return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
                f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>{asked}'
                "</section>")


def quiz(  # noqa: PLR0913 - the forms of a question, all optional
    question: str, options: Mapping[str, Any] | None = None, *, right: Any,
    tolerance: float = 0.0, unit: str = "", wrong: Mapping[float, str] | None = None,
    why: str = "", otherwise: str = "", label: str = "Quiz",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Quiz:
    """A question, checked when the learner asks for it.

    `options` are the answers to choose from, each with what is said to who chooses it. `right` is
    the right one, or a list of all that are right. Without options, `right` is a number that the
    learner types: one that is as near as `tolerance` is right and told `why`; `wrong` maps other
    numbers to what to say, and `otherwise` is said to all the rest. Texts know the markup of
    `kit.lesson.markup`. `id` names the question within its page, where its answer is kept.

    Raises ValueError or TypeError where no answer is right, or an option has no reason.
    """
    spec = _choice(options, right) if options is not None else _figure(
        right, tolerance, unit, wrong or {}, why, otherwise)
    name = identity("quiz", id, question, *(options or ()))
    return Quiz({"id": name, "question": inline(question), "label": label, **spec})


def _choice(options: Mapping[str, Any], right: Any) -> dict[str, Any]:
    if len(options) < 2:
        raise ValueError("a question to choose from has two options or more")
    several = not isinstance(right, str)
    if several and not isinstance(right, Iterable):
        raise TypeError(f"right= is one of the options, or a list of some; not {right!r}")
    chosen = list(right) if several else [right]
    strange = [one for one in chosen if one not in options]
    if strange or not chosen:
        raise ValueError(f"right= names no option: {strange[0]!r}" if strange else
                         "some option is right")
    bare = [one for one, why in options.items() if isinstance(why, str) and not why.strip()]
    if bare:
        raise ValueError(f"say why to who chooses {bare[0]!r}")
    places = {one: place for place, one in enumerate(options)}
    return {
        "form": "choice", "several": several, "right": sorted(places[one] for one in chosen),
        "options": [{"text": inline(one), "plain": plain(one), "why": html_of(why)}
                    for one, why in options.items()],
    }


def _figure(
    right: Any, tolerance: float, unit: str, wrong: Mapping[float, str], why: str, otherwise: str
) -> dict[str, Any]:
    value = _number(right)
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"a tolerance is a number from 0, not {tolerance!r}")
    known = []
    for other, said in wrong.items():
        if abs(_number(other) - value) <= tolerance + 1e-9 * abs(value):
            raise ValueError(f"the wrong answer {other!r} is right")
        known.append({"value": _number(other), "why": html_of(said)})
    return {
        "form": "figure", "several": False, "value": value, "tolerance": float(tolerance),
        "unit": unit, "wrong": known, "why": html_of(why or "That is right."),
        "otherwise": html_of(otherwise or "Not yet. What did you start from?"),
    }


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"without options, right= and wrong= are numbers; not {value!r}")
    return float(value)
