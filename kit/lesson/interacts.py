"""Find what `interact`, `interactive` and `interactive_output` of ipywidgets made in a notebook.

Nothing is replaced in ipywidgets: what was made is found among its widgets, with the function and
the widgets that it follows.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kit.lesson.saying import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Interact:
    """A function and the widgets that it follows, by the name of its argument. `out` is the
    Output that shows it, `box` the one that `interactive` made; `result` tells whether what it
    returns is shown, `manual` whether a button runs it."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]
    out: Any
    box: Any = None
    result: bool = False
    manual: bool = False

    @property
    def controls(self) -> dict[str, Any]:
        """The arguments that are widgets; the others are fixed."""
        return {name: one for name, one in self.arguments.items() if hasattr(one, "model_id")}

    @property
    def name(self) -> str:
        """What the author called the function."""
        return str(getattr(self.function, "__name__", "")).replace("<lambda>", "")


def all_widgets() -> dict[str, Any]:
    """The widgets of this kernel by the id of their model, in the order in which they were made;
    none where ipywidgets is not in use."""
    module = sys.modules.get("ipywidgets.widgets.widget")
    return dict(getattr(module, "_instances", {})) if module is not None else {}


def interacts() -> list[Interact]:
    """All that were made in this kernel, in order, whether they are shown or not."""
    found: dict[str, Interact] = {}
    for widget in all_widgets().values():
        for one in _made_by(widget):
            found.setdefault(one.out.model_id, one)
    return list(found.values())


def _made_by(widget: Any) -> Iterator[Interact]:
    from ipywidgets import interactive

    if isinstance(widget, interactive):
        yield Interact(
            function=widget.f, out=widget.out, box=widget, manual=widget.manual,
            arguments={one._kwarg: one for one in widget.kwargs_widgets},
            result=bool(widget.auto_display))
    for called in _observers(widget):
        if _is_output_observer(called):
            inside = inspect.getclosurevars(called).nonlocals
            yield Interact(function=inside["f"], arguments=dict(inside["controls"]),
                           out=inside["out"])


def python_follows(widget: Any) -> str:
    """Why Python has to run when this widget is used, in words; empty where nothing of the
    author's listens, or only what can be frozen."""
    kind = a_kind(widget)
    if getattr(getattr(widget, "_click_handlers", None), "callbacks", ()):
        return say("its button runs Python")
    own = [one for one in _observers(widget) if not _is_interacts(one)]
    if any(_module(one).startswith("traitlets") for one in own):
        return say("{kind} is linked by Python (jslink and jsdlink work without it)", kind=kind)
    if own or _messages(widget):
        return say("Python code follows {kind}", kind=kind)
    return ""


def a_kind(widget: Any) -> str:
    """What a widget is, within a sentence: a Dropdown, an IntSlider."""
    name = type(widget).__name__
    return say("an {name}", name=name) if name[0] in "AEIO" else say("a {name}", name=name)


def linked(widgets: Iterable[Any]) -> set[str]:
    """The ids of widgets that jslink or jsdlink ties together, which the browser does itself."""
    found = set()
    for widget in widgets:
        for end in (getattr(widget, "source", None), getattr(widget, "target", None)):
            if isinstance(end, tuple) and end and hasattr(end[0], "model_id"):
                found.add(end[0].model_id)
    return found


def _observers(widget: Any) -> list[Any]:
    """What an author's code has registered to be told of changes."""
    from traitlets import ObserveHandler

    found = []
    for kinds in getattr(widget, "_trait_notifiers", {}).values():
        for calls in kinds.values():
            found += [one for one in calls if not isinstance(one, ObserveHandler)]
    return [one for one in found if _is_interacts(one)
            or not _module(one).startswith(("ipywidgets", "kit.lesson"))]


def _messages(widget: Any) -> list[Any]:
    calls = getattr(getattr(widget, "_msg_callbacks", None), "callbacks", ())
    return [one for one in calls if not _module(one).startswith(("ipywidgets", "kit.lesson"))]


def _module(called: Any) -> str:
    return str(getattr(getattr(called, "__func__", called), "__module__", None)
               or type(called).__module__)


def _is_interacts(called: Any) -> bool:
    from ipywidgets import interactive

    return _is_output_observer(called) or (
        isinstance(getattr(called, "__self__", None), interactive)
        and getattr(called, "__name__", "") == "update")


def _is_output_observer(called: Any) -> bool:
    return (getattr(called, "__qualname__", "") == "interactive_output.<locals>.observer"
            and _module(called) == "ipywidgets.widgets.interaction")
