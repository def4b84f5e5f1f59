"""The lessons in a second engine: Firefox draws them, takes answers by keyboard, runs Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import served
from fox import INSTALL, Fox, find_firefox, firefox
from require import need

QUIZ = ("[...document.querySelectorAll('[data-part=quiz] section.cp')]"
        ".find((one) => one.querySelector('input[type=radio]'))")
SLIDER = "document.querySelector('[data-part=explore] input[type=range]')"


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fox]:
    need(find_firefox(), INSTALL)
    with firefox(tmp_path_factory.mktemp("fox")) as running:
        yield running


@pytest.fixture(scope="module")
def folder(site_of: Callable[[str], Path]) -> Path:
    return site_of("accounting")


@pytest.fixture(scope="module", params=["http", "file"])
def base(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "file":
        yield f"{folder.as_uri()}/"
        return
    with served(folder) as address:
        yield address


def lessons(folder: Path) -> list[str]:
    return sorted(f"lessons/{path.name}" for path in (folder / "lessons").glob("*.html"))


def test_pages_are_whole_and_ask_nobody_else(fox: Fox, base: str, folder: Path) -> None:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")
             if not path.is_relative_to(folder / "files")]
    assert "index.html" in names
    for name in sorted(names):
        fox.goto(base, name)
        assert (name, fox.foreign, fox.errors) == (name, [], [])
        parts, drawn = fox.ask("['.course-part', '.course-part section.cp']"
                               ".map((one) => document.querySelectorAll(one).length)")
        assert (name, drawn >= parts) == (name, True)


def test_an_answer_by_keyboard_is_judged_and_kept(fox: Fox, base: str, folder: Path) -> None:
    name = next(name for name in lessons(folder) if opened(fox, base, name, QUIZ))
    fox.ask(f"{QUIZ}.querySelector('input[type=radio]').focus()")
    fox.press("Space")
    said = f"{QUIZ}.querySelector('.cp-said').textContent.trim()"
    assert fox.ask(said) == ""
    while fox.ask("document.activeElement.tagName") == "INPUT":
        fox.press("Tab")
    fox.press("Enter")
    fox.until(f"{said} !== ''")
    verdict = fox.ask(said)
    fox.goto(base, name)
    assert fox.ask(f"{QUIZ}.querySelector('input[type=radio]').checked")
    assert fox.ask(said) == verdict
    assert (fox.errors, fox.foreign) == ([], [])


def test_a_slider_by_keyboard_moves_the_view(fox: Fox, base: str, folder: Path) -> None:
    assert any(opened(fox, base, name, SLIDER) for name in lessons(folder))
    part = f"{SLIDER}.closest('section')"
    shown = f"[{SLIDER}.getAttribute('aria-valuetext'), {part}.innerText, {part}.innerHTML]"
    before = fox.ask(shown)
    fox.ask(f"{SLIDER}.focus()")
    fox.press("Right")
    after = fox.ask(shown)
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_python_runs_in_the_page_or_says_why_not(fox: Fox, base: str, folder: Path) -> None:
    bar = "document.querySelector('.run-bar')"
    assert any(opened(fox, base, name, bar) for name in lessons(folder))
    fox.ask(f"{bar}.querySelector('button').click()")
    if base.startswith("file:"):
        fox.until("document.querySelector('main').innerText.includes('starts no Python')")
    else:
        fox.until(f"{bar}.querySelector('[role=status]').textContent === 'Done.'", seconds=90)
    assert (fox.errors, fox.foreign) == ([], [])


def opened(fox: Fox, base: str, name: str, wanted: str) -> bool:
    """Whether the page of that name, now on show and never answered, has the element."""
    fox.goto(base, name)
    fox.ask("localStorage.clear()")
    fox.goto(base, name)
    return bool(fox.ask(f"Boolean({wanted})"))
