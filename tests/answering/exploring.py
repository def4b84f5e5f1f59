"""Explorations and frozen interacts: each control moves what is seen and what is heard."""

from __future__ import annotations

from math import prod
from typing import Any

from answering.parts import Part

_CONTROL = ".cp-controls > *"


def move(part: Part, hand: Any) -> None:
    """Move each control to another state, and find there what the page holds for it."""
    before, heard = _must_stand(part, hand)
    for which, control in enumerate(part.spec["controls"]):
        goal = _other(part.spec, before, which, far=hand.name == "by mouse")
        _move(part, hand, which, goal)
        after, new = _must_stand(part, hand)
        assert after[which] != before[which], f"{control['name']} does not move"
        if _row(part.spec, after) != _row(part.spec, before) and not _is_titled(part.spec):
            assert new != heard, f"{control['name']} moves, and no word of it is new"
        before, heard = after, new


def _is_titled(spec: dict[str, Any]) -> bool:
    """Whether it is an author's plain interact that draws: its words are a figure's title, which
    does not move."""
    return str(spec["id"]).startswith("interact-") and all(
        "<img" in one.get("html", "") or "<svg" in one.get("html", "") for one in spec["views"])


def _other(spec: dict[str, Any], places: list[int], which: int, *, far: bool) -> int:
    """A place of a control where another state stands: the nearest, or the farthest one."""
    steps = spec["controls"][which]["steps"]
    now = steps.index(places[which])
    others = [step for step in steps if step != places[which]
              and _row(spec, [*places[:which], step, *places[which + 1:]]) != _row(spec, places)]
    assert others or _matters(spec, which), (
        f"the control {spec['controls'][which]['name']} changes nothing anywhere")
    by = [abs(steps.index(one) - now) for one in others]
    if not others:  # it matters where another control stands otherwise
        return int(next(step for step in steps if step != places[which]))
    return int(others[by.index(max(by) if far else min(by))])


def _matters(spec: dict[str, Any], which: int) -> bool:
    sizes = [len(one["steps"]) for one in spec["controls"]]
    stride, count = prod(sizes[which + 1:]), sizes[which]
    return any(spec["grid"][at] != spec["grid"][at + stride] for at in range(len(spec["grid"]))
               if at // stride % count < count - 1)


def _row(spec: dict[str, Any], places: list[int]) -> list[int]:
    """What is seen and said at these places: the numbers of views and of a text."""
    at = 0
    for control, place in zip(spec["controls"], places, strict=True):
        at = at * len(control["steps"]) + control["steps"].index(place)
    return list(spec["grid"][at])


def _offered(control: dict[str, Any], hand: Any) -> list[int]:
    """The places at which a control stops: those that the page holds; in JupyterLab, all."""
    return list(range(len(control["keys"]))) if hand.is_live else list(control["steps"])


def _move(part: Part, hand: Any, which: int, goal: int) -> None:
    control = part.spec["controls"][which]
    offered = _offered(control, hand)
    if control["form"] == "slider":
        hand.slide(part, offered.index(goal), len(offered), _CONTROL, which, "input", 0)
    elif control["form"] == "switch":
        hand.toggle(part, _CONTROL, which, "input", 0)
    elif len(offered) > 5:
        hand.pick(part, offered.index(goal), _CONTROL, which, "select", 0)
    else:
        hand.radio(part, offered.index(goal), _CONTROL, which)


def _must_stand(part: Part, hand: Any) -> tuple[list[int], str]:
    """The views and the sentence are those that the page holds for where the controls stand:
    these places, and all that a screen reader would read."""
    spec = part.spec
    shown = part.ask("answering.explored(at)")
    places = [_offered(one, hand)[value] if one["form"] == "slider" else value
              for one, value in zip(spec["controls"], shown["places"], strict=True)]
    *numbers, text = _row(spec, places)
    told = spec["texts"][text]
    assert shown["told"] == (
        part.read(told["told"]) if told["told"] else "".join(told["said"].split()))
    for view, number in zip(shown["views"], numbers, strict=True):
        assert view["heard"].strip(), "a view says nothing to who cannot see it"
        html = spec["views"][number].get("html")
        assert view["drawn"] if html is None else view["words"] == part.read(html)
    return places, shown["told"] + " ".join(one["heard"] for one in shown["views"])
