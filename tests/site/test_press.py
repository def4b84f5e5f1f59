"""A warm Sphinx: it touches what changed alone, and makes what a cold one would make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tinycourse import released

from kit.course import load_course
from kit.errors import BuildError
from kit.model import Course
from kit.site import Site, Warm, build, warm
from kit.site.stamp import still_true


@pytest.fixture
def heat() -> Iterator[Warm]:
    with warm() as heat:
        yield heat


def again(course: Course, heat: Warm) -> Site:
    course = load_course(course.root)
    return build(course, released(course), heat=heat)


def rewrite(course: Course, old: str, new: str, name: str = "lessons/words.md") -> None:
    path = course.root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def pages(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file()}


def test_an_edit_reads_its_page_alone(copied: Course, heat: Warm) -> None:
    rewrite(copied, "See", "See also")
    again(copied, heat)
    rewrite(copied, "Nothing to run", "Nothing at all to run")
    site = again(copied, heat)
    assert heat.press.read == {"lessons/words"}
    assert site.executed == 0
    assert "Nothing at all to run" in (site.folder / "lessons" / "words.html").read_text()


def test_warm_and_cold_make_the_same_site(copied: Course, heat: Warm) -> None:
    rewrite(copied, "See", "See also")
    again(copied, heat)
    rewrite(copied, "Nothing to run", "Nothing at all to run")
    again(copied, heat)
    rewrite(copied, "# Words alone", "# Words by themselves")  # the contents of every page
    again(copied, heat)
    (copied.root / "lessons" / "more.md").write_text("# One more\n\nSee [](words.md).\n")
    rewrite(copied, "lessons/words]", "lessons/words, lessons/more]", "course.yml")
    kept = pages(again(copied, heat).folder)
    course = load_course(copied.root)
    cold = pages(build(course, released(course), force=True).folder)
    assert kept.keys() == cold.keys()
    assert [name for name in kept if kept[name] != cold[name]] == []


def test_a_page_that_fails_leaves_the_site_and_is_made_once_mended(
    copied: Course, heat: Warm
) -> None:
    before = pages(again(copied, heat).folder)
    rewrite(copied, "Nothing to run", "```{include} ../../../roster.csv\n```\n\nNothing to run")
    (copied.root.parent / "roster.csv").write_text("learner-0042")
    with pytest.raises(BuildError):
        again(copied, heat)
    assert pages(copied.root / "_build" / "html") == before
    rewrite(copied, "```{include} ../../../roster.csv\n```\n\nNothing to run", "Nothing to run")
    assert pages(again(copied, heat).folder) == before


def test_a_warning_stays_until_its_page_is_mended(copied: Course, heat: Warm) -> None:
    rewrite(copied, "[](numbers.ipynb)", "[there](nowhere.md)")
    assert any("nowhere" in line for line in again(copied, heat).warnings)
    rewrite(copied, "# Numbers first", "# Numbers first\n\nA new line.", "lessons/numbers.md")
    site = again(copied, heat)
    assert "lessons/words" not in heat.press.read
    assert [line for line in site.warnings if "nowhere" in line]
    rewrite(copied, "[there](nowhere.md)", "[](numbers.ipynb)")
    assert not any("nowhere" in line for line in again(copied, heat).warnings)


def test_what_no_page_says_any_more_is_not_told() -> None:
    before = ("lessons/a.md:3: WARNING: x", "lessons/b.ipynb: WARNING: y", "WARNING: of no page")
    assert still_true(before, ["new"], {"lessons/b"}) == ("lessons/b.ipynb: WARNING: y", "new")
    assert still_true(before, [before[1]], {"lessons/b"}) == (before[1],)
