"""What an author saves is seen: each way of saving, once, and when it has come to rest."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from kit.site import changes

Step = Callable[[], object]


class Over(Exception):
    """The script of a test has ended."""


def following(root: Path, steps: Iterable[Step]) -> list[tuple[str, ...]]:
    """The turns while these happen, one a pause; the last pause ends it."""
    left: Iterator[Step] = iter(steps)

    def pause(seconds: float) -> None:
        assert seconds > 0
        step = next(left, None)
        if step is None:
            raise Over
        step()

    turns = []
    with contextlib.suppress(Over):
        for told in changes(root, pause=pause):
            turns.append(told)  # noqa: PERF402 - it ends by an exception
    return turns


def nothing() -> None:
    """A pause in which nobody saves."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "one.md").write_text("one")
    return tmp_path


def test_a_saved_file_is_told_once(root: Path) -> None:
    page = root / "lessons" / "one.md"
    steps = [nothing, lambda: page.write_text("two words"), nothing, nothing, nothing]
    assert following(root, steps) == [("lessons/one.md",)]


def test_saving_by_renaming_creating_and_removing_is_seen(root: Path) -> None:
    page = root / "lessons" / "one.md"
    beside = root / ".one.md.swp"

    def renamed() -> None:
        beside.write_text("other")
        beside.replace(page)

    steps = [renamed, nothing, lambda: (root / "new.csv").write_text("a"), nothing,
             page.unlink, nothing]
    assert following(root, steps) == [("lessons/one.md",), ("new.csv",), ("lessons/one.md",)]


def test_a_file_that_is_still_being_written_is_waited_for(root: Path) -> None:
    page = root / "lessons" / "one.md"
    steps = [lambda: page.write_text("a"), lambda: page.write_text("a longer"),
             lambda: page.write_text("a longer text"), nothing, nothing]
    assert following(root, steps) == [("lessons/one.md",)]


def test_what_is_saved_during_a_build_is_in_the_next_turn(root: Path) -> None:
    page, other = root / "lessons" / "one.md", root / "lessons" / "two.md"
    turns = changes(root, pause=lambda _: None)
    page.write_text("first")
    assert next(turns) == ("lessons/one.md",)
    other.write_text("while the caller was at work")
    assert next(turns) == ("lessons/two.md",)


def test_what_does_not_make_a_page_is_not_watched(root: Path) -> None:
    def write(name: str) -> Step:
        def step() -> None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        return step

    names = ["submitted/learner-0042/ps1/ps1.ipynb", "_build/html/index.html", "gradebook.db",
             ".kit/site/src/index.md", ".git/index", "lessons/__pycache__/a.pyc"]
    assert following(root, [*map(write, names), nothing]) == []
    assert following(root, [write(".kit/releases/ps1/manifest.json"), nothing]) == [
        (".kit/releases/ps1/manifest.json",)]
