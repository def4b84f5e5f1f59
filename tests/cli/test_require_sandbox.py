"""What of the sandbox was on is recorded and told, and grading can be made to need all of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from kit.grading import local
from kit.sandbox import ALL_LAYERS, GROUP, open_pool

Kit = Callable[..., tuple[int, str, str]]


def recorded(root: Path) -> list[list[str]]:
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return [json.loads(layers) for (layers,) in book.execute("SELECT layers FROM kit_graded")]


@pytest.fixture
def no_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "open_pool", partial(open_pool, boxes=False))


def test_the_layers_are_told_and_recorded(kit: Kit, root: Path) -> None:
    code, out, _ = kit("grade", "ps1", "--force", "--require-sandbox", "--json")
    assert code == 0
    told = json.loads(out)
    assert [name for name in told["layers"] if name != GROUP] == list(ALL_LAYERS)
    assert told["layers_missing"] == []
    assert recorded(root) == [told["layers"]] * told["graded"]


@pytest.mark.usefixtures("no_boxes")
def test_what_was_missing_is_told(kit: Kit, root: Path) -> None:
    code, out, _ = kit("grade", "ps1", "--force")
    assert code == 0
    assert "not sealed" in out
    assert "pid namespace" in out
    assert "Landlock" in recorded(root)[0]
    assert "pid namespace" not in recorded(root)[0]


@pytest.mark.usefixtures("no_boxes")
@pytest.mark.parametrize("by", ["option", "course.yml"])
def test_nothing_is_graded_without_what_is_required(kit: Kit, root: Path, by: str) -> None:
    before = recorded(root)
    if by == "course.yml":
        with (root / "course.yml").open("a") as file:
            file.write("\nrequire_sandbox: true\n")
    words = ["--require-sandbox"] if by == "option" else []
    code, _, err = kit("grade", "ps1", "--force", *words)
    assert code == 1
    assert "nothing was graded: not sealed, 7 of 12 layers are missing" in err
    assert recorded(root) == before


@pytest.mark.usefixtures("root")
def test_stock_nbgrader_is_refused_then(kit: Kit) -> None:
    code, _, err = kit("grade", "ps1", "--force", "--engine", "reference", "--require-sandbox")
    assert code == 1
    assert "stock nbgrader runs submissions unsealed" in err
