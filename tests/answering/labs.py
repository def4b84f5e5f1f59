"""A lesson in JupyterLab: every component answered, and what the kernel knows of it then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from labpage import opened_in_lab, told

from answering.hands import InLab
from answering.kinds import kind_of
from answering.parts import SCRIPT, Part, close, telling
from answering.predictions import SENTENCE

READ = """\
import json as _json
from pathlib import Path as _Path
from kit.lesson.component import Component as _Component
from kit.lesson.interacts import all_widgets as _all
_NAMES = ("answer", "is_right", "prediction", "explanation", "values", "is_open")
_Path("told.json").write_text(_json.dumps([
    {"spec": one.spec, "state": one.state,
     "told": {name: getattr(one, name) for name in _NAMES if hasattr(one, name)}}
    for one in _all().values() if isinstance(one, _Component)], default=str))
print("told")"""
"""The last cell of the notebook: it writes what the components hold and tell beside it."""

_BAD = ".jp-OutputArea-output:is([data-mime-type*=error], [data-mime-type*=stderr])"


def with_reading(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook, with a last cell that tells what the kernel knows."""
    cell = {"cell_type": "code", "id": "read", "metadata": {}, "outputs": [],
            "execution_count": None, "source": READ}
    return {**notebook, "cells": [*notebook["cells"], cell]}


def answered_in_lab(page: Any, base: str, path: Path, root: Path) -> set[str]:
    """Run all cells of a notebook, answer each component, read it in the kernel; their kinds.

    Raises AnsweringError with the lesson and the component where something is amiss.
    """
    name = path.relative_to(root).as_posix()
    page.add_init_script(SCRIPT)
    opened_in_lab(page, base, name)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output pre")
    bad = page.locator(_BAD)
    last.filter(has_text="told").or_(bad).first.wait_for(timeout=120_000)
    assert bad.count() == 0, f"{name}: {bad.first.inner_text()[-300:]}"
    told_before = _told(path)
    page.wait_for_function("(count) => answering.specs().length === count",
                           arg=len(told_before), timeout=60_000)
    parts = [Part(page=page, at=at, spec=one["spec"]) for at, one in enumerate(told_before)]
    hand = InLab(page)
    for part in parts:
        with telling(part, name, hand.name):
            assert part.words("header h3", 0) == part.read(part.spec["question"])
            kind_of(part).right(part, hand)
    stood = [part.ask("answering.explored(at).places") if part.spec["kind"] == "explore" else None
             for part in parts]
    assert told(page) == "told"
    for part, one, places in zip(parts, _told(path), stood, strict=True):
        with telling(part, name, "what the kernel knows"):
            _must_know(one, places)
    return {part.name for part in parts}


def _told(path: Path) -> list[dict[str, Any]]:
    return list(json.loads((path.parent / "told.json").read_text(encoding="utf-8")))


def _must_know(one: dict[str, Any], places: list[int] | None) -> None:
    spec, knows = one["spec"], one["told"]
    match spec["kind"]:
        case "quiz" | "steps" | "journal_entry":
            assert knows["is_right"] is True
            assert knows["answer"] is not None
        case "predict":
            assert knows["explanation"] == SENTENCE
            if spec["form"] == "choice":
                assert knows["prediction"] == spec["options"][spec["was"]]["plain"]
            else:
                assert close(knows["prediction"], spec["was"], spec["tolerance"])
        case "explore":
            assert places is not None
            assert one["state"]["at"] == {
                control["name"]: control["keys"][place]
                for control, place in zip(spec["controls"], places, strict=True)}
        case "hints":
            assert knows["answer"] == len(spec["hints"])
        case "solution":
            assert knows["is_open"] is True
            assert knows["answer"]
        case "lecture":
            assert spec["paragraphs"] or spec["text"]
        case kind:
            raise LookupError(f"no test knows what a kernel is told of {kind}: teach labs.py")
