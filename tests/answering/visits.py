"""A visit to a page: every component answered, left, come back to, and answered by keyboard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from browser import Visit, served

from answering.cells import is_kept
from answering.hands import Keyboard, Mouse
from answering.kinds import kind_of
from answering.parts import SCRIPT, Part, parts_of, telling

_ANSWERED = re.compile(r'data-part="|class="[^"]*\btag_run\b|widget-view\+json')


def pages_to_answer(folder: Path) -> list[str]:
    """The pages of a site that hold something to answer, by what stands in their files."""
    found = [path for path in sorted(folder.rglob("*.html"))
             if not path.is_relative_to(folder / "files")
             and _ANSWERED.search(path.read_text(encoding="utf-8"))]
    return [path.relative_to(folder).as_posix() for path in found]


def site_answered(browser: Any, folder: Path, pages: Sequence[str], over: str) -> set[str]:
    """Answer all of these pages of a site, over "http" or as a "file"; the kinds that were there.

    Raises AnsweringError as `answered` does.
    """
    # What scrolls smoothly is not yet in the window when its focus is looked at.
    context = browser.new_context(viewport={"width": 1280, "height": 900},
                                  reduced_motion="reduce")
    with closing(context), served(folder) as address:
        base = address if over == "http" else f"{folder.as_uri()}/"
        return {name for page in pages for name in answered(context, base, page)}


def answered(context: Any, base: str, name: str) -> set[str]:
    """Answer all of a page by mouse and by keyboard; the kinds that were there.

    Raises AnsweringError with the page, the component and the path where something is amiss.
    """
    page = context.new_page()
    try:
        page.add_init_script(SCRIPT)
        visit = Visit(page, base)
        opened(page, base + name)
        parts = parts_of(page)
        where = f"{name} over {base.partition(':')[0]}"
        _by_mouse(parts, where)
        page.evaluate("localStorage.clear()")
        reopened(page)
        hand = Keyboard(page)
        hand.enter()
        for part in parts:
            with telling(part, where, f"the right path {hand.name}"):
                kind_of(part).right(part, hand)
        assert (where, visit.foreign, visit.errors) == (where, [], [])
        return {part.name for part in parts}
    finally:
        page.close()


def opened(page: Any, address: str | None) -> None:
    """Open a page, or open it again, and wait until nothing of it moves any more."""
    if address is None:
        page.reload()
    else:
        page.goto(address)
    page.wait_for_selector("html:not(:has(.course-part)), html[data-parts=drawn]", state="attached")
    page.wait_for_selector("html:not(:has(.cell.tag_run)), html[data-run=drawn]", state="attached")
    page.evaluate("answering.settled()")
    others = page.locator("script[type='application/vnd.jupyter.widget-view+json']").count()
    assert not others, f"{others} widgets of this page are no components: nothing answers them"
    assert page.evaluate("answering.mute()") == 0, "a T-account does not say what it is"


def reopened(page: Any) -> None:
    """Open a page again, with what is kept.

    To a file Chromium gives in some visits the storage as it was a moment before: it is opened
    until it is given what was kept last.
    """
    before = page.evaluate("answering.inStore()")
    for _ in range(5):
        opened(page, None)
        if page.evaluate("answering.inStore()") == before:
            return


def _by_mouse(parts: Sequence[Part], where: str) -> None:
    page = parts[0].page
    hand = Mouse(page)
    for part in parts:
        with telling(part, where, "before anything is answered"):
            kind = kind_of(part)
            if kind.before:
                kind.before(part)
    for part in parts:
        with telling(part, where, f"the wrong path {hand.name}"):
            if (wrong := kind_of(part).wrong) is not None:
                wrong(part, hand)
    _must_be_kept(parts, where, "wrong")
    for part in parts:
        with telling(part, where, f"the right path {hand.name}"):
            kind_of(part).right(part, hand)
    _must_be_kept(parts, where, "right")


def _must_be_kept(parts: Sequence[Part], where: str, which: str) -> None:
    """After a reload each component stands as it stood, and the foot of the page counts it."""
    page = parts[0].page
    kept = "(all) => all.map(answering.kept)"
    drawn = [part.at for part in parts if part.spec["kind"] != "run"]
    before = dict(zip(drawn, page.evaluate(kept, drawn), strict=True))
    reopened(page)
    after = dict(zip(drawn, page.evaluate(kept, drawn), strict=True))
    for part in parts:
        with telling(part, where, f"after a reload, {which} answers given"):
            if part.at in before:
                assert after[part.at] == before[part.at]
            else:
                assert is_kept(part), "an edit is lost"
    if which == "right":
        asking = sum(part.spec.get("asks", True) is not False for part in parts)
        foot = page.locator(".kept").first.inner_text() if asking else ""
        assert foot.startswith(f"{asking} of {asking} answered" if asking else ""), (where, foot)

