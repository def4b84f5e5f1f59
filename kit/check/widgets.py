"""W31x: what a page keeps of a lesson's explorations and widgets, by what its kernel reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kit.check.context import Block, Context, Page
from kit.check.registry import Check, check, found
from kit.lesson.standing import leaves_of, stands
from kit.lesson.states import BYTES, STATES
from kit.model import Finding

_VIEW = "application/vnd.jupyter.widget-view+json"


@check("W314", "a page has more states than it holds")
def over_budget(context: Context) -> Iterator[Finding]:
    """On a built page each `explore` and each `interact` answers from states that were run at the
    build. All of a page together are at most 400, and 400 kB. Here there are more, so sliders take
    wider steps on the page; in JupyterLab the kernel answers for all. Ask for fewer values, draw
    less in each, or make two lessons of one."""
    for page in context.pages:
        shown = list(_shown(page))
        for one in page.run.report.get("wider", ()) if page.run is not None else ():
            block = next((block for block, root in shown
                          if set(leaves_of(_report(page), root)) & set(one["ids"])), None)
            why = _over(one)
            if block is not None and why:
                yield found("W314", page.path, why, cell=block.name, line=block.line,
                            hint="ask for fewer values, or draw less in each state")


@check("W315", "a widget cannot be alive on a page")
def not_alive(context: Context) -> Iterator[Finding]:
    """A built page has no kernel. It keeps components, `interact` with sliders, choices and
    switches, and what `jslink` ties together. This widget needs Python when it is used, takes
    free text, or is of a package that pages do not know: readers see it as it was when the page
    was made, with a note beside it. Use what can be kept, or leave it for JupyterLab."""
    for page in context.pages:
        shown = list(_shown(page))
        stood = stands(_report(page), [root for _, root in shown])
        for (block, _), stand in zip(shown, stood, strict=True):
            if stand.why:
                yield found("W315", page.path, f"on the page it cannot be alive: {stand.why}",
                            cell=block.name, line=block.line)


@check("W316", "a picture of a component says nothing in words")
def wordless(context: Context) -> Iterator[Finding]:
    """Who cannot see a picture gets its text equivalent. In the text of a component that is `alt=`
    of an image, or a `<title>` in SVG. An `interact` has no place for one, so that of a figure is
    made of its titles and the names of its axes; here it has neither. Name them, or use `explore`
    with `text=`, which says what there is to see."""
    for page in context.pages:
        mute = {name for group in _report(page)["groups"] if group.get("wordless")
                for name in group["outs"]}
        told: set[str] = set()
        for block, name, widget in _leaves(page):
            if name in told or not (name in mute or "words" in widget.get("lacks", ())):
                continue
            told.add(name)
            hint = ("give the figure a title, or name its axes" if name in mute else
                    "give the image alt=, or the SVG a <title>")
            yield found("W316", page.path, "a picture in it has no words", cell=block.name,
                        line=block.line, hint=hint)


@check("W317", "a wrong answer is told nothing of its own")
def silent(context: Context) -> Iterator[Finding]:
    """A question whose answer is typed or put together says only that an answer is wrong, in the
    same words for all. Think of the mistake that learners make, and say with `wrong=` what it
    is; `otherwise=` is said to the rest. With options, each has its reason already."""
    for page in context.pages:
        for block, _, widget in _leaves(page):
            if "feedback" in widget.get("lacks", ()):
                yield found("W317", page.path,
                            f"this {widget['name'][0]} says nothing to a wrong answer",
                            cell=block.name, line=block.line, hint="give wrong= or otherwise=")


def _over(one: Mapping[str, Any]) -> str:
    """What a page does not hold of an exploration, in words; empty where it holds all."""
    limits = f"a page holds {STATES} states and {BYTES // 1000} kB"
    if one["wider"]:
        steps = ", ".join(f"{name} keeps {kept:,} of its {whole:,} values"
                          for name, (kept, whole) in one["wider"].items())
        if one["slow"]:
            return f"on the page {steps}: all its states would take too long to run"
        return (f"on the page {steps}: {limits}, and what is alive on this one has {one['had']:,} "
                f"states, {one['heavy'] // 1000:,} kB")
    if one["states"] > STATES or one["size"] > BYTES:
        return (f"{limits}; what is alive on this one has {one['states']:,} in "
                f"{one['size'] // 1000:,} kB, and no slider is left to go in wider steps")
    return ""


def _report(page: Page) -> Mapping[str, Any]:
    report = page.run.report if page.run is not None else {}
    return {"widgets": {}, "groups": (), **report}


def _leaves(page: Page) -> Iterator[tuple[Block, str, Mapping[str, Any]]]:
    """(block, id of the model, what is known) of each widget that was shown, those in boxes too."""
    report = _report(page)
    for block, root in _shown(page):
        for name in leaves_of(report, root):
            yield block, name, report["widgets"].get(name, {})


def _shown(page: Page) -> Iterator[tuple[Block, str]]:
    """(block, id of the model) of each widget that the lesson's run showed, in order."""
    for block in page.blocks if page.run is not None else ():
        assert page.run is not None
        run = page.run.cells.get(block.place)
        for output in run.outputs if run is not None else ():
            view = output.get("data", {}).get(_VIEW)
            if isinstance(view, Mapping) and view.get("model_id"):
                yield block, str(view["model_id"])


CHECKS: tuple[Check, ...] = (over_budget, not_alive, wordless, silent)
