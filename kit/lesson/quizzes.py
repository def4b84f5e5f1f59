"""Quiz: a question with an answer at once, and a reason for each wrong one."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from kit.lesson import quiz_forms as forms
from kit.lesson.component import Component, identity
from kit.lesson.markup import inline
from kit.lesson.saying import say

_WORDS = frozenset({"wrong", "why", "otherwise"})
_TAKES = {
    "options": frozenset[str](), "right": _WORDS | {"tolerance", "unit"}, "order": _WORDS,
    "match": _WORDS | {"extra"}, "blanks": _WORDS | {"tolerance"}, "cards": frozenset[str](),
}


class Quiz(Component):
    """A question that a learner answers. Made by `quiz`."""

    kind: ClassVar[str] = "quiz"

    @property
    def answer(self) -> Any:
        """The learner's last answer; None without one.

        An option or a list of options, a number, a list in the learner's order, the option of
        each item, the answer in each blank, or the fronts of the cards that are known.
        """
        return _ANSWERS[self.spec["form"]](self.spec, self.state)

    @property
    def is_right(self) -> bool:
        """Whether the learner's last answer is right; of cards, whether all were known once."""
        return bool(self.state.get("right"))

    @property
    def misconceptions(self) -> list[str]:
        """The names of the misconceptions that the learner's answers have shown so far."""
        return list(self.state.get("misconceptions", ()))

    def static_html(self) -> str:
        """The question, with a box for each option, or a line to write on."""
        spec = self.spec
        return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
                f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>'
                f'{_ON_PAPER[spec["form"]](spec)}</section>')


def quiz(  # noqa: PLR0913 - the forms of a question, all optional
    question: str, options: Mapping[str, Any] | None = None, *, right: Any = None,
    order: Sequence[str] | None = None, match: Mapping[str, str] | None = None,
    extra: Iterable[str] = (), blanks: Mapping[str, Any] | None = None,
    cards: Mapping[str, Any] | None = None, tolerance: float = 0.0, unit: str = "",
    wrong: Mapping[Any, Any] | None = None, why: Any = "", otherwise: Any = "", label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Quiz:
    """A question, checked when the learner asks for it. One of these makes its form:

    - `options`: the answers to choose from, each with what is said to who chooses it; `right` is
      the right one, or a list of all that are right.
    - `right` alone: a number that the learner types.
    - `order`: items from the first to the last. The learner is told how many are in place.
    - `match`: items, each with its option; `extra` are options that belong to none.
    - `blanks`: the right answer for each `{name}` in the question, a text, a number, or a list of
      them. A first paragraph without a blank stands above the sentence.
    - `cards`: fronts and backs to turn over, until the learner knew them all.

    Numbers are right within `tolerance`. `wrong` maps wrong answers to what to say: numbers,
    orders, (item, option) or (blank, answer). `why` is said to the right answer, `otherwise` to
    all the rest. Each reason may be a `misconception`. Texts know the markup of
    `kit.lesson.markup`. `id` names the question within its page, where its answer is kept.

    Raises ValueError or TypeError where no answer is right, or an option has no reason.
    """
    form = _form(options=options, order=order, match=match, blanks=blanks, cards=cards, right=right)
    _check_taken(form, extra=extra, tolerance=tolerance, unit=unit, wrong=wrong, why=why,
                 otherwise=otherwise)
    words = forms.Words(wrong=wrong or {}, why=why, otherwise=otherwise)
    asked = options or order or match or blanks or cards or ()
    name = identity("quiz", id, question, *asked)
    made = {
        "options": lambda: forms.choice(options or {}, right),
        "right": lambda: forms.figure(right, tolerance, unit, words),
        "order": lambda: forms.order(order or (), name, words),
        "match": lambda: forms.match(match or {}, extra, words),
        "blanks": lambda: forms.blanks(question, blanks or {}, tolerance, words),
        "cards": lambda: forms.cards(cards or {}),
    }[form]()
    label = label or (say("Flashcards") if form == "cards" else say("Quiz"))
    return Quiz({"id": name, "question": inline(question), "label": label, **made},
                silent=form not in ("options", "cards") and words.is_silent)


def _form(*, right: Any, **parts: Any) -> str:
    """The name of what makes the form."""
    given = [name for name, value in parts.items() if value is not None]
    if right is not None and "options" not in given:
        given.append("right")
    if len(given) == 1:
        return given[0]
    raise ValueError(
        f"a quiz has one form, not {' and '.join(given)}" if given else
        "what is asked for? Give options and right=, or one of right=, order=, match=, blanks= "
        "and cards=")


def _check_taken(form: str, **given: Any) -> None:
    for name, value in given.items():
        if value and name not in _TAKES[form]:
            takes = ", ".join(sorted(_TAKES[form])) or "none of these"
            raise TypeError(f"{name}= has no place in a quiz with {form}; it takes {takes}")


# --------------------------------------------------------------------- the answer, from the state


def _chosen(spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    chosen = [spec["options"][at]["plain"] for at in state.get("chosen", ())]
    if spec["several"]:
        return chosen or None
    return chosen[0] if chosen else None


def _ordered(spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    return [spec["items"][at]["plain"] for at in state.get("order", ())] or None


def _matched(spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    chosen = state.get("chosen", ())
    return {item["plain"]: spec["options"][to]
            for item, to in zip(spec["items"], chosen, strict=False)} or None


def _filled(spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    given = state.get("given", ())
    return {blank["name"]: one for blank, one in zip(spec["blanks"], given, strict=False)} or None


def _known(spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    if not state.get("tries"):
        return None
    return [card["plain"] for at, card in enumerate(spec["cards"])
            if at not in state.get("left", ())]


def _typed(_spec: Mapping[str, Any], state: Mapping[str, Any]) -> Any:
    return next(iter(state.get("given", ())), None)


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "choice": _chosen, "figure": _typed, "order": _ordered, "match": _matched,
    "blanks": _filled, "cards": _known,
}


# --------------------------------------------------------------------------------------- on paper


def _list(lines: Iterable[str]) -> str:
    return f'<ul class="cp-static">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def _boxes(spec: Mapping[str, Any]) -> str:
    mark = "☐" if spec["several"] else "○"
    return _list(f"{mark} {option['text']}" for option in spec["options"])


def _line(spec: Mapping[str, Any]) -> str:
    return f'<p class="cp-static">____________ {html.escape(spec["unit"])}</p>'


def _pairs(spec: Mapping[str, Any]) -> str:
    options = html.escape(", ".join(spec["options"]))
    return (f'<p class="cp-note">{say("Choose from: {options}", options=options)}</p>'
            + _list(f"{item['text']}: ____________" for item in spec["items"]))


def _faces(spec: Mapping[str, Any]) -> str:
    return '<dl class="cp-static">' + "".join(
        f"<dt>{card['front']}</dt><dd>{card['back']}</dd>" for card in spec["cards"]) + "</dl>"


_ON_PAPER: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "choice": _boxes, "figure": _line, "match": _pairs, "cards": _faces,
    "order": lambda spec: _list(f"____ {item['text']}" for item in spec["items"]),
    "blanks": lambda spec: f'<div class="cp-static">{spec["sentence"]}</div>',
}
