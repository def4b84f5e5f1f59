"""Freeze the `interact`s of a notebook: run them for all their states, and tell what cannot be.

Runs in the kernel of a lesson that is built or checked. `watch` is called before its first cell,
`report` after the last: so a function that an `interact` runs changes nothing that a later cell
shows. It runs with the names and the random numbers as they stood at the end of the cell that made
it. What it changes in place (a list that grows), and files that it writes, stay changed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from kit.lesson.interacts import Interact, a_kind, all_widgets, interacts, linked, python_follows
from kit.lesson.saying import say
from kit.lesson.standing import MIME

SECONDS = 60.0
"""How long all states of a page's interacts may take to run."""

WATCH = """\
try:
    __import__("kit.lesson.freezing", fromlist=["watch"]).watch()
except ImportError:  # a kernel of another Python
    pass
"""
REPORT = """\
try:
    __import__("kit.lesson.freezing", fromlist=["report"]).report(whole={whole})
except ImportError:
    pass
"""
"""What a kernel is asked before the first cell, and after the last. They bind no name."""

DRAWN = ("@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output")
"""The modules whose widgets a page can draw."""

_BOXES = ("VBox", "HBox", "Box", "GridBox", "Tab", "Accordion", "interactive", "AppLayout",
          "GridspecLayout", "TwoByTwoLayout")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """What stood when a cell ended: the names of the notebook and its random numbers."""

    cell: int
    names: dict[str, Any]
    chance: list[tuple[Callable[[Any], None], Any]]


_moments: dict[str, _Moment] = {}


def watch() -> None:
    """From now on, remember after each cell what stood when an `interact` was made."""
    from IPython import get_ipython

    _moments.clear()
    get_ipython().events.register("post_run_cell", _look)


def report(*, whole: bool) -> None:
    """Display what the widgets of this kernel are on a page, as JSON; the whole of it, with all
    states, or only what can be frozen, and why the rest cannot."""
    from IPython.display import display

    found = _report()
    if not whole:
        for group in found["groups"]:
            group.pop("spec", None)
            group.pop("static", None)
        for widget in found["widgets"].values():
            widget.pop("static", None)
    display({MIME: found}, raw=True)  # type: ignore[no-untyped-call]


def _look(_: Any) -> None:
    if "ipywidgets" not in sys.modules:
        return
    new = [one.out.model_id for one in interacts() if one.out.model_id not in _moments]
    if new:
        moment = _now()
        _moments.update(dict.fromkeys(new, moment))


def _now() -> _Moment:
    from IPython import get_ipython

    shell = get_ipython()
    names = dict(shell.user_ns)
    return _Moment(cell=shell.execution_count, names=names, chance=_chance(names))


def _chance(names: dict[str, Any]) -> list[tuple[Callable[[Any], None], Any]]:
    """All sources of random numbers in use: how each is set, and its state now."""
    numpy = sys.modules.get("numpy")
    found: list[tuple[Callable[[Any], None], Any]] = [(random.setstate, random.getstate())]
    found += [(one.setstate, one.getstate()) for one in names.values()
              if isinstance(one, random.Random)]
    if numpy is None:
        return found
    found.append((numpy.random.set_state, numpy.random.get_state()))
    for one in names.values():
        if isinstance(one, numpy.random.Generator):
            found.append((partial(setattr, one.bit_generator, "state"), one.bit_generator.state))
    return found


def _stand(moment: _Moment | None) -> None:
    """Let names and random numbers be what they were."""
    from IPython import get_ipython

    if moment is None:
        return
    names = get_ipython().user_ns
    names.clear()
    names.update(moment.names)
    for put, state in moment.chance:
        put(state)


# ----------------------------------------------------------------------------- the report


def _report() -> dict[str, Any]:
    widgets = all_widgets()
    ties = linked(widgets.values())
    groups = []
    if widgets:
        with _as_it_is_after():
            groups = list(_groups(ties))
    described = {name: _described(one, tied=name in ties) for name, one in widgets.items()}
    return {"widgets": {name: one for name, one in described.items() if one},
            "groups": groups, "wider": _told(groups, widgets)}


@contextmanager
def _as_it_is_after() -> Iterator[None]:
    moment = _now()
    try:
        yield
    finally:
        _stand(moment)


def _described(widget: Any, *, tied: bool) -> dict[str, Any] | None:
    """What a page has to know of a widget: what it holds, or how it is shown without scripts,
    and why it cannot be alive."""
    kind = type(widget).__name__
    if not hasattr(widget, "layout"):
        return None
    found: dict[str, Any] = {"kind": kind}
    if callable(getattr(widget, "static_html", None)):
        lacks = list(getattr(widget, "lacks", ()))
        return {**found, "part": True, "static": widget.static_html(), "lacks": lacks,
                "name": [widget.kind, widget.spec.get("id", "")]}
    module = str(getattr(widget, "_model_module", ""))
    why = python_follows(widget)
    if module not in DRAWN:
        package = type(widget).__module__.partition(".")[0]
        named = kind if package == "__main__" else say("{kind} of {package}", kind=kind,
                                                       package=package)
        why = say("a page does not know the widget {name}", name=named)
    if why:
        return {**found, "why": why}
    if tied:
        return {**found, "tied": True}
    return {**found, **_content(widget, kind)}


def _content(widget: Any, kind: str) -> dict[str, Any]:
    if kind in _BOXES:
        titles = list(getattr(widget, "titles", ())) if kind in ("Tab", "Accordion") else []
        return {"children": [one.model_id for one in widget.children], "titles": titles}
    if kind in ("HTML", "HTMLMath", "Label"):
        from kit.lesson.markup import inline

        text = widget.value if kind != "Label" else inline(widget.value)
        name = f"{escape(widget.description)} " if widget.description else ""
        return {"html": f"<div>{name}{text}</div>"}
    return {}


def _told(groups: Sequence[dict[str, Any]], widgets: dict[str, Any]) -> list[dict[str, Any]]:
    """What goes in wider steps on the page, by the ids of the widgets that show it."""
    from kit.lesson.sharing import fitted, totals, wider

    alive = [(group["outs"] + group["boxes"], group["spec"]) for group in groups
             if "spec" in group]
    alive += [([name], one.spec) for name, one in widgets.items()
              if getattr(one, "kind", "") == "explore"]
    kept = fitted([spec for _, spec in alive])
    states, size = totals(kept)
    had = sum(spec["budget"]["states"] for _, spec in alive)
    heavy = totals([spec for _, spec in alive])[1]
    return [{"ids": ids, "wider": wider(before, after), "had": had, "heavy": heavy,
             "states": states, "size": size, "slow": bool(before["budget"].get("slow"))}
            for (ids, before), after in zip(alive, kept, strict=True)]


# ----------------------------------------------------------------------------- the groups


def _groups(ties: set[str]) -> Iterator[dict[str, Any]]:
    """Each set of interacts that share a widget: what it is made of, with its states or why it
    has none. One in which nothing can be moved is left out."""
    from kit.lesson.grids import frozen
    from kit.lesson.outputs import CannotFreeze

    sets = _sets(interacts())
    deadline = time.monotonic() + SECONDS
    names: dict[str, int] = {}
    for at, members in enumerate(sets):
        data: dict[str, Any] = {
            "outs": [one.out.model_id for one in members],
            "boxes": [one.box.model_id for one in members if one.box is not None],
            "controls": list(dict.fromkeys(
                w.model_id for one in members for w in one.controls.values())),
        }
        moments = [_moments.get(one.out.model_id) for one in members]
        try:
            _refuse(members, moments, ties)
            left = (deadline - time.monotonic()) / (len(sets) - at)
            made = frozen(members, partial(_stand, moments[0]), left)
        except CannotFreeze as error:
            yield {**data, "why": str(error)}
            continue
        if made is None:
            continue
        again = names[made["spec"]["id"]] = names.get(made["spec"]["id"], 0) + 1
        if again > 1:
            made["spec"]["id"] += f"-{again}"
        yield {**data, **made}


def _sets(every: Sequence[Interact]) -> list[list[Interact]]:
    """Interacts that share a widget belong together."""
    sets: list[tuple[set[str], list[Interact]]] = []
    for one in every:
        used = {widget.model_id for widget in one.controls.values()}
        near = [known for known in sets if known[0] & used]
        sets = [known for known in sets if not known[0] & used]
        members = [member for _, known in near for member in known]
        sets.append((used.union(*(ids for ids, _ in near)), [*members, one]))
    return [members for _, members in sets]


def _refuse(members: Sequence[Interact], moments: Sequence[_Moment | None],
            ties: set[str]) -> None:
    """Raises CannotFreeze for what more than a list of values would have to be kept of."""
    from kit.lesson.outputs import CannotFreeze

    for one in members:
        if one.manual:
            raise CannotFreeze(say("a button runs it (interact_manual)"))
        for widget in one.controls.values():
            why = python_follows(widget)
            if why or widget.model_id in ties:
                raise CannotFreeze(why or say("{kind} of it is tied to another widget by jslink",
                                              kind=a_kind(widget)))
    if len({moment.cell for moment in moments if moment is not None}) > 1:
        raise CannotFreeze(say("what it moves is made in another cell too"))
