"""A lesson in JupyterLab: every component drawn and answered, and what the kernel knows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from browser import Visit
from labpage import opened_in_lab, printed, run_all, told
from playwright.sync_api import expect

from answering.hands import InLab
from answering.kinds import kind_of
from answering.knowing import must_be_fresh, must_know_right, must_know_wrong
from answering.parts import SCRIPT, Part, telling

SPECS = "specs.json"
READ = f"""\
import json as _json
from pathlib import Path as _Path
from ipywidgets import DOMWidget as _Widget
from kit.lesson.component import Component as _Component
from kit.lesson.interacts import all_widgets as _all
_NAMES = ("answer", "is_right", "prediction", "explanation", "is_open")
_parts = [one for one in _all().values() if isinstance(one, _Component)]
_Path("{SPECS}").write_text(_json.dumps([one.spec for one in _parts]))
print(_json.dumps({{
    "others": [type(one).__name__ for one in _all().values()
               if isinstance(one, _Widget) and not isinstance(one, _Component)],
    "parts": [{{"state": one.state, "told": {{
        name: getattr(one, name) for name in _NAMES if hasattr(one, name)}}}} for one in _parts]}}))
"""
"""The last cell of the notebook: it prints what the kernel knows. What the authors wrote is long,
and goes into a file beside the notebook."""

_BAD = ".jp-OutputArea-output:is([data-mime-type*=error], [data-mime-type*=stderr])"


def with_reading(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook, with a last cell that tells what the kernel knows."""
    cell = {"cell_type": "code", "id": "read", "metadata": {}, "outputs": [],
            "execution_count": None, "source": READ}
    return {**notebook, "cells": [*notebook["cells"], cell]}


def answered_in_lab(context: Any, base: str, folder: Path, name: str) -> set[str]:
    """Run all cells of a notebook of the folder that JupyterLab serves, answer each component
    wrongly and then rightly, and ask the kernel what it knows; the kinds that were there.

    Raises AnsweringError with the lesson and the component where something is amiss.
    """
    page = context.new_page()
    try:
        page.add_init_script(SCRIPT)
        visit = Visit(page, base)
        opened_in_lab(page, base, name)
        parts = _drawn(page, folder / name)
        hand = InLab(page)
        for part in parts:
            with telling(part, name, "the wrong path"):
                if (wrong := kind_of(part).wrong) is not None:
                    wrong(part, hand)
        _must_know(parts, name, told(page), right=False)
        for part in parts:
            with telling(part, name, "the right path"):
                kind_of(part).right(part, hand)
        _must_know(parts, name, told(page), right=True)
        assert (name, visit.foreign, visit.errors) == (name, [], [])
        return {part.name for part in parts}
    finally:
        page.close()


def _drawn(page: Any, path: Path) -> list[Part]:
    """Run all cells; the components, each one that the kernel has made drawn in its place."""
    run_all(page)
    bad = page.locator(_BAD)
    last = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output pre")
    last.or_(bad).first.wait_for(timeout=120_000)
    assert bad.count() == 0, f"{path.name}: {bad.first.inner_text()[-300:]}"
    knows = json.loads(printed(page))
    assert knows["others"] == [], f"{path.name}: these are no components, and nothing answers them"
    specs = json.loads((path.parent / SPECS).read_text(encoding="utf-8"))
    assert specs, f"{path.name} has no components"
    drawn = page.locator("[data-part] > section.cp")
    expect(drawn, f"{path.name}: components drawn").to_have_count(len(specs), timeout=60_000)
    parts = [Part(page=page, at=at, spec=spec) for at, spec in enumerate(specs)]
    for part, one in zip(parts, knows["parts"], strict=True):
        with telling(part, path.name, "as it is drawn"):
            assert part.words("header h3", 0) == part.read(part.spec["question"])
            must_be_fresh(one)
            if before := kind_of(part).before:
                before(part)
    return parts


def _must_know(parts: list[Part], name: str, said: str, *, right: bool) -> None:
    for part, one in zip(parts, json.loads(said)["parts"], strict=True):
        knows = {**one, "spec": part.spec}
        with telling(part, name, f"what the kernel knows, {'right' if right else 'wrong'} answers "
                                 "given"):
            if right:
                must_know_right(knows, _places(part))
            else:
                must_know_wrong(knows)


def _places(part: Part) -> list[int] | None:
    """Where the controls of an exploration stand."""
    if part.spec["kind"] != "explore":
        return None
    return list(part.ask("answering.explored(at).places"))
