"""Predict: the reader commits to a prediction, then sees what it was, and explains the difference.

A demonstration teaches little to who has not said first what will happen. So the outcome is
hidden until the prediction is locked, and a locked one is not changed, only begun again.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any, ClassVar

from kit.lesson.charts import Bars, Columns, Plot, as_data, colours, extent, sentence
from kit.lesson.component import Component, identity
from kit.lesson.markup import html_of, inline, plain
from kit.lesson.reasons import why_of
from kit.lesson.saying import say
from kit.lesson.views import figure_of, is_wordless, view_of

LATER = "The outcome is shown in the page once you have predicted."

_ROOM = 40
"""Characters that fit below an axis on a phone."""


class Prediction(Component):
    """A prediction, its outcome and an explanation. Made by `predict`."""

    kind: ClassVar[str] = "predict"

    @property
    def prediction(self) -> Any:
        """What the learner locked: the text of an option, or a number; None before that."""
        if not self.state.get("locked"):
            return None
        if self.spec["form"] != "choice":
            return self.state.get("value")
        at = self.state.get("chosen")
        options = self.spec["options"]
        return options[at]["plain"] if at in range(len(options)) else None

    @property
    def explanation(self) -> str | None:
        """The sentences that the learner kept; None before that."""
        return self.state.get("explanation") if self.prediction is not None else None

    def static_html(self) -> str:
        """The question with room for a prediction; nothing of the outcome."""
        spec = self.spec
        if spec["form"] == "choice":
            rows = "".join(f"<li>○ {option['text']}</li>" for option in spec["options"])
            room = f'<ul class="cp-static">{rows}</ul>'
        elif spec["form"] == "axis":
            room = _drawn(spec)
        else:
            room = f'<p class="cp-static">____________ {html.escape(spec["unit"])}</p>'
        return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
                f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>{room}'
                f'<p class="cp-note">{say(LATER)}</p></section>')


def predict(  # noqa: PLR0913 - the forms of a prediction, all optional
    question: str, options: Mapping[str, Any] | None = None, *, was: Any,
    axis: tuple[float, float] | None = None, step: float | None = None,
    labels: Mapping[float, str] | None = None, tolerance: float = 0.0, unit: str = "",
    wrong: Mapping[Any, Any] | None = None, why: Any = "", otherwise: Any = "",
    outcome: Any = None, text: str = "", explain: str = "", because: Any = "",
    label: str = "", id: str | None = None,  # noqa: A002 - the word of the page
) -> Prediction:
    """A prediction that is locked before its outcome is shown.

    `was` is what comes out. With `options`, it is one of them, and each has what is said to who
    predicted it. Without, it is a number, which the learner types, or with `axis=(low, high)` puts
    as a point on a line: in steps of `step` (about a hundredth of the line), with the words of
    `labels` at some of its places instead of numbers. A number as near as `tolerance` (on an
    axis at least half a step) is right and told `why`; `wrong` maps other numbers, or pairs
    `(low, high)` that stand for all between, to what to say; `otherwise` is said to the rest.

    `outcome` is shown with it: a text, a figure of matplotlib, a chart (`bars`, `line`,
    `points`), or an object with a `_repr_html_`, such as a table. `text` says in words what is to
    be seen there; pictures and plots need it. Then `explain` asks for one or two sentences, and
    `because`, the author's own, is shown beside those of the learner once they are kept. Texts
    know the markup of `kit.lesson.markup`. `id` names the question within its page, where its
    answer is kept.

    Raises ValueError or TypeError for an outcome that nobody can predict, an option without a
    reason, a picture without words, or settings that another form of prediction has.
    """
    if options is not None:
        if axis is not None or wrong or tolerance or unit or why or otherwise:
            raise ValueError("with options=, each option says what to think of it: leave out "
                             "axis=, unit=, tolerance=, wrong=, why= and otherwise=")
        spec = _choice(options, was)
    else:
        spec = {"form": "number", "was": _number(was, "was="), **_line(axis, step, was)}
        spec |= _told(spec, tolerance, wrong or {}, why, otherwise)
        spec |= {"unit": unit, "ticks": _ticks(spec, labels) if axis is not None else []}
    if axis is None and (step is not None or labels is not None):
        raise ValueError("step= and labels= belong to a line: give axis=(low, high)")
    asked = {"right": say("Why did it come out so? Explain it in one or two sentences."),
             "wrong": say("Explain the difference in one or two sentences.")}
    return Prediction({
        "id": identity("predict", id, question, *(options or ())), "question": inline(question),
        "label": label or say("Prediction"), **spec, **_seen(outcome, text),
        "explain": {state: inline(explain.strip() or own) for state, own in asked.items()},
        "because": html_of(because)},
        silent=options is None and not wrong and not otherwise)


def _seen(outcome: Any, text: str) -> dict[str, Any]:
    """What is shown with the outcome: HTML, or a chart that the front end draws."""
    said = plain(text)
    if isinstance(outcome, Bars | Columns | Plot):
        words = said or sentence(outcome)
        return {"outcome": "", "chart": as_data(outcome), "extent": extent(outcome),
                "colours": colours([outcome]), "said": _worded(words)}
    if figure_of(outcome) is not None:
        label = html.escape(_worded(said))
        return {"outcome": f'<figure class="cp-view" role="img" aria-label="{label}">'
                           f"{view_of(outcome).html}</figure>"}
    shown = "" if outcome is None else html_of(outcome)
    if is_wordless(shown):
        label = html.escape(_worded(said))
        shown = f'<div role="img" aria-label="{label}">{shown}</div>'
    return {"outcome": shown}


def _worded(words: str | None) -> str:
    if not words:
        raise ValueError("a picture needs words for who cannot see it: give text=, such as "
                         'text="Profit rises from March on."')
    return words


def _choice(options: Mapping[str, Any], was: Any) -> dict[str, Any]:
    if len(options) < 2:
        raise ValueError("a prediction to choose has two options or more")
    if not isinstance(was, str) or was not in options:
        raise ValueError(f"was= is one of the options; not {was!r}")
    bare = [one for one, why in options.items() if isinstance(why, str) and not why.strip()]
    if bare:
        raise ValueError(f"say why to who predicts {bare[0]!r}")
    return {"form": "choice", "was": list(options).index(was),
            "options": [{"text": inline(one), "plain": plain(one), "why": html_of(why)}
                        for one, why in options.items()]}


def _told(
    spec: Mapping[str, Any], tolerance: float, wrong: Mapping[Any, Any], why: Any, otherwise: Any
) -> dict[str, Any]:
    """What is said to which numbers: single ones before ranges."""
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"a tolerance is a number from 0, not {tolerance!r}")
    near = max(float(tolerance), spec.get("step", 0.0) / 2)
    was = spec["was"]
    known: list[dict[str, Any]] = []
    for other, said in wrong.items():
        ends = other if isinstance(other, tuple) else (other, other)
        if len(ends) != 2:
            raise ValueError(f"wrong= names a number or a pair (low, high); not {other!r}")
        low, high = sorted(_number(end, "wrong=") for end in ends)
        slack = near + 1e-9 * abs(was)
        if was - slack <= low and high <= was + slack:
            raise ValueError(f"the wrong prediction {other!r} is right")
        widened = 0.0 if isinstance(other, tuple) else near
        known.append({"low": low - widened, "high": high + widened, "why": why_of(said, other)})
    known.sort(key=lambda one: one["high"] - one["low"])
    return {"tolerance": near, "wrong": known, "why": html_of(why),
            "otherwise": html_of(otherwise)}


# ------------------------------------------------------------------------------- the line


def _line(axis: Any, step: float | None, was: float) -> dict[str, Any]:
    """The ends and the step of a line; nothing without one."""
    if axis is None:
        return {}
    if not isinstance(axis, Sequence) or isinstance(axis, str) or len(axis) != 2:
        raise TypeError(f"axis= is a pair (low, high); not {axis!r}")
    low, high = (_number(end, "axis=") for end in axis)
    if not low < high:
        raise ValueError(f"an axis runs from a low number to a higher one; not {axis!r}")
    if not low <= was <= high:
        raise ValueError(f"was={was!r} is not on the axis from {low:g} to {high:g}")
    each = _fitting(high - low) if step is None else _number(step, "step=")
    if each <= 0 or not _divides(each, high - low):
        raise ValueError(f"step={step!r} does not lead from {low:g} to {high:g} in whole steps")
    return {"form": "axis", "low": low, "high": high, "step": each}


def _fitting(span: float) -> float:
    """A round step of about a hundredth, in which the whole span can be walked."""
    power = math.floor(math.log10(span / 100))
    rounds = [lead * 10.0 ** exponent for exponent in (power, power - 1) for lead in (5, 2, 1)]
    return next((one for one in rounds if one <= span / 90 and _divides(one, span)), span / 100)


def _divides(step: float, span: float) -> bool:
    count = span / step
    return count >= 0.5 and abs(count - round(count)) < 1e-6


def _ticks(spec: Mapping[str, Any], labels: Mapping[float, str] | None) -> list[dict[str, Any]]:
    """The places with a word or a number, as shares of the line; as many as a phone has room for.

    Raises ValueError for a label beside the line.
    """
    low, high = spec["low"], spec["high"]
    if labels is not None:
        beside = [at for at in labels if not low <= _number(at, "labels=") <= high]
        if beside:
            raise ValueError(f"the label at {beside[0]!r} is not on the axis")
        return [{"at": (float(at) - low) / (high - low), "text": plain(text)}
                for at, text in sorted(labels.items())]
    power = math.floor(math.log10((high - low) / 5))
    shown: list[dict[str, Any]] = []
    for gap in (lead * 10.0 ** exponent for exponent in (power, power + 1) for lead in (1, 2, 5)):
        places = range(math.ceil(low / gap - 1e-9), math.floor(high / gap + 1e-9) + 1)
        digits = max(0, -math.floor(math.log10(gap)))
        shown = [{"at": (at * gap - low) / (high - low),
                  "text": f"{at * gap:,.{digits}f}".replace("-", "−")} for at in places]
        if sum(len(tick["text"]) + 2 for tick in shown) <= _ROOM and len(shown) <= 7:
            break
    return shown


def _drawn(spec: Mapping[str, Any]) -> str:
    """The line on paper, to draw a point on."""
    marks = "".join(
        f'<line x1="{tick["at"]:.2%}" x2="{tick["at"]:.2%}" y1="18" y2="26" '
        f'stroke="currentColor"/><text x="{tick["at"]:.2%}" y="44" text-anchor="middle" '
        f'fill="currentColor">{html.escape(tick["text"])}</text>' for tick in spec["ticks"])
    unit = html.escape(spec["unit"])
    unit = f'<p class="cp-note">{say("In {unit}", unit=unit)}</p>' if unit else ""
    ends = say("A line from {low} to {high}", low=f"{spec['low']:g}", high=f"{spec['high']:g}")
    return (f'<div class="cp-numberline cp-static"><svg width="100%" height="52" role="img" '
            f'aria-label="{html.escape(ends)}">'
            '<line x1="0" x2="100%" y1="22" y2="22" stroke="currentColor" stroke-width="2"/>'
            f"{marks}</svg></div>{unit}")


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise TypeError(f"{name} takes numbers where there are no options; not {value!r}")
    return float(value)
