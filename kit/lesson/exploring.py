"""Explore: views that follow what a learner moves, with a kernel and without one.

The function runs once for each state of its controls when the cell runs; the states stand in
`spec`, each distinct view once. So a page answers with no kernel, and JupyterLab at once too.
Where there are more states than a page may hold, it holds wider steps, and in JupyterLab the
kernel answers for those between.
"""

from __future__ import annotations

import html
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from typing import Any, ClassVar

import traitlets

from kit.lesson.component import Component, identity
from kit.lesson.controls import Control, control, in_words, named, states
from kit.lesson.markup import inline, plain
from kit.lesson.saying import say
from kit.lesson.states import (
    BYTES,
    STATES,
    Budget,
    Places,
    State,
    control_data,
    packed,
    whole,
    within,
)
from kit.lesson.views import views_of


class PageBudgetWarning(UserWarning):
    """An exploration has more states than a page holds; the page goes in wider steps."""


class Explore(Component):
    """Views with the controls that they follow. Made by `explore`."""

    kind: ClassVar[str] = "explore"

    shown = traitlets.Dict().tag(sync=True)
    """The kernel's answer for a state that `spec` does not hold."""

    def __init__(self, spec: dict[str, Any], run: Callable[[Places], State],
                 controls: Sequence[Control], budget: Budget) -> None:
        self.budget = budget
        self._run = run
        self._controls = tuple(controls)
        self._turn = 0
        super().__init__(spec)
        self.observe(self._answer, "state")

    @property
    def values(self) -> dict[str, Any]:
        """What the controls stand at: {name: value}."""
        places = self._places() or [one.start for one in self._controls]
        return {one.name: one.values[place]
                for one, place in zip(self._controls, places, strict=True)}

    def static_html(self) -> str:
        """The question and the first state, with what could be moved in words."""
        first = self._run(tuple(one.start for one in self._controls))
        return still(self.spec, self._controls, first)

    def _places(self) -> Places | None:
        """Where the controls stand; None before they are moved, and for what they never offer."""
        at = self.state.get("at")
        if not isinstance(at, Mapping):
            return None
        try:
            return tuple(one.keys.index(at[one.name]) for one in self._controls)
        except (KeyError, ValueError):
            return None

    def _answer(self, _: Any) -> None:
        places = self._places()
        if places is None or all(place in one.steps for one, place
                                 in zip(self._controls, places, strict=True)):
            return
        self._turn += 1
        answer: dict[str, Any] = {"places": list(places), "turn": self._turn}
        try:
            found = self._run(places)
        except Exception as error:  # noqa: BLE001 - the author's function: shown to its user
            self.shown = {**answer, "problem": f"{type(error).__name__}: {error}"}
            return
        self.shown = {**answer, "views": [view.as_data() for view in found.views],
                      "text": {"told": found.told, "said": found.said}}


def still(spec: Mapping[str, Any], controls: Sequence[Control], first: State) -> str:
    """An exploration where nothing runs: its first state, and what could be moved in words."""
    views = "".join(view.static(first.said) for view in first.views)
    moved = "".join(f"<li>{html.escape(in_words(one))}</li>" for one in controls)
    told = f'<p class="cp-told">{first.told}</p>' if first.told else ""
    return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
            f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>'
            f'<ul class="cp-static cp-note">{moved}</ul><div class="cp-views">{views}</div>'
            f"{told}</section>")


def explore(
    function: Callable[..., Any], *, question: str = "",
    text: Callable[..., str] | str | None = None, names: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None, start: Mapping[str, Any] | None = None,
    label: str = "", id: str | None = None,  # noqa: A002 - the word of the page
    **controls: Any,
) -> Explore:
    """What `function` returns, for values that a learner moves: explore(f, n=range(5, 50, 5)).

    Each control is a range or a list of numbers (a slider), a list of texts or {text: value} (a
    choice), or True or False (a switch). `function` gets their values by name and returns one
    view or several that follow together: charts (`bars`, `line`, `points`), a figure of
    matplotlib, a table (mapping or frame), a text, a number, an object that shows itself as HTML.
    `text` gets the same values and returns one sentence of what there is to see; pictures and
    plots need it. `names`, `units` and `start` say what a control is called, its unit, and where
    it starts.

    A page holds 400 states and 400 kB, for all its explorations together. With more it goes in
    wider steps: `kit check` tells it, and of one that is too large by itself a PageBudgetWarning
    and `.budget`. In JupyterLab the kernel answers for all.

    Raises ValueError or TypeError for controls that offer nothing to choose, for views that
    cannot be shown, and for pictures without `text`. What `function` raises goes through.
    """
    if not callable(function):
        raise TypeError(f"explore needs a function of its controls; not {function!r}")
    if not controls:
        raise ValueError("explore needs a control or more, such as n=range(10, 101, 10)")
    for what, given in (("names", names), ("units", units), ("start", start)):
        strange = [name for name in given or {} if name not in controls]
        if strange:
            raise ValueError(f"{what}= names no control: {strange[0]!r}")
    all_of = [control(name, given, label=(names or {}).get(name, ""),
                      unit=(units or {}).get(name, ""), start=(start or {}).get(name))
              for name, given in controls.items()]
    question = question or say("What changes when you move {names}?", names=named(all_of))
    run = _runner(function, text, all_of)
    kept, held = within(run, all_of)
    budget = Budget(
        states=whole(all_of), kept=states(kept), size=packed(held),
        wider={one.name: (len(one.steps), len(one.values)) for one in kept
               if len(one.steps) < len(one.values)})
    if budget.wider or not budget.is_kept:
        warnings.warn(_warning(budget), PageBudgetWarning, stacklevel=2)
    spec = {
        "id": identity("explore", id, question, *controls), "question": inline(question),
        "label": label or say("Explore"), "asks": False,
        "controls": [control_data(one) for one in kept], **held,
        "budget": {"states": budget.states, "kept": budget.kept, "size": budget.size},
    }
    return Explore(spec, run, kept, budget)


# --------------------------------------------------------------------------------- states


def _runner(function: Callable[..., Any], text: Callable[..., str] | str | None,
            controls: Sequence[Control]) -> Callable[[Places], State]:
    """What gives the state at a place of the grid, and runs the function once for it."""
    known: dict[Places, State] = {}

    def run(places: Places) -> State:
        if places not in known:
            values = {one.name: one.values[place]
                      for one, place in zip(controls, places, strict=True)}
            known[places] = _state(function, text, values)
            first = next(iter(known.values()))
            if len(known[places].views) != len(first.views):
                raise ValueError("the function returns as many views for all values; here it "
                                 f"returned {len(first.views)}, and {len(known[places].views)} "
                                 f"for {_call('', values)}")
        return known[places]

    return run


def _state(function: Callable[..., Any], text: Callable[..., str] | str | None,
           values: Mapping[str, Any]) -> State:
    try:
        with redirect_stdout(io.StringIO()):  # four hundred states would print four hundred times
            views = views_of(function(**values))
            told = text(**values) if callable(text) else text or ""
    except Exception as error:
        error.add_note(f"explore ran {_call(getattr(function, '__name__', 'it'), values)}")
        raise
    if not isinstance(told, str):
        raise TypeError(f"text= returns a sentence; not {told!r}")
    said = [view.said for view in views if view.said is not None]
    if not told.strip() and len(said) < len(views):
        raise ValueError(
            "a picture needs words for who cannot see it: give text=, such as "
            f"text=lambda {', '.join(values)}: f\"With {next(iter(values))} = "
            f"{{{next(iter(values))}}} the curve is flat.\"")
    return State(views=tuple(views), told=inline(told), said=plain(told) or ". ".join(said))


def _call(name: str, values: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{one}={value!r}' for one, value in values.items())})"


def _warning(budget: Budget) -> str:
    held = (f"explore has {budget.states:,} states, more than a page holds ({STATES} states, "
            f"{BYTES // 1000} kB).")
    if not budget.is_kept:
        return (f"{held} These take {budget.size // 1000:,} kB, and no slider is left to go in "
                "wider steps: return charts (bars, line, points) in place of pictures, or offer "
                "fewer values")
    steps = ", ".join(f"{name} keeps {kept} of its {whole} values"
                      for name, (kept, whole) in budget.wider.items())
    return (f"{held} On the page {steps}; in JupyterLab the kernel answers for all. Give fewer "
            "values to choose yourself which stay")
