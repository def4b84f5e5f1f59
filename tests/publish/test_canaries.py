"""Nothing that is the author's alone reaches the site or the public folder, in any form."""

from __future__ import annotations

import shutil
from pathlib import Path

from canaries import PLACES, STUDIED
from searching import found_below, found_in

from kit.model import Course
from kit.publish import Published

Planted = tuple[Course, Path, Published]
ALL = [*PLACES.values(), *STUDIED.values()]
STUDY = "planted-ps3-selfstudy.zip"


def test_every_word_is_in_the_course_folder(planted: Planted) -> None:
    """Else the test below would look for nothing."""
    course, _, _ = planted
    there: set[str] = set()
    for name, words in found_below(course.root, ALL).items():
        if not name.startswith(("_build", "release/", ".kit/")) or name == ".kit/notes/record.json":
            there |= words
    assert {name for name, word in PLACES.items() if word not in there} == set()
    assert set(STUDIED.values()) <= there


def test_no_private_word_leaves_the_course_but_for_self_study(planted: Planted) -> None:
    """The site is a part of the public folder, byte for byte: it is searched there."""
    _, site, made = planted
    for path in site.rglob("*"):
        copy = made.folder / "site" / path.relative_to(site)
        assert path.is_dir() or path.read_bytes() == copy.read_bytes()
    leaked = found_below(made.folder, ALL)
    study = {name for name in leaked if name.endswith(STUDY)}
    names = {word: name for name, word in (PLACES | STUDIED).items()}
    told = {name: sorted(names[word] for word in words) for name, words in leaked.items()
            if name not in study}
    assert told == {}
    assert len(study) == 1
    assert leaked[study.pop()] == set(STUDIED.values())


def test_a_word_that_is_planted_in_what_was_published_is_found(
    planted: Planted, tmp_path: Path
) -> None:
    """In a page, a notebook and a zip that were really made."""
    _, site, _ = planted
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    page = copy / "lessons/words.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", f"<!-- {ALL[0]} --></main>"), encoding="utf-8")
    released = copy / "files/ps1/word.ipynb"
    released.write_text(released.read_text(encoding="utf-8").replace("Say it", ALL[1]),
                        encoding="utf-8")
    assert found_below(copy, ALL[:3]) == {
        "lessons/words.html": {ALL[0]}, "files/ps1/word.ipynb": {ALL[1]}}


def test_what_is_for_readers_is_there(planted: Planted) -> None:
    _, site, made = planted
    page = (site / "homework/ps1/word.html").read_text(encoding="utf-8")
    assert "Say it. Save nothing." in page
    assert (made.folder / "release/ps1/table.csv").is_file()
    assert "total 7" in (site / "lessons/numbers.html").read_text(encoding="utf-8")
    assert found_in((site / "files/ps1/planted-ps1.zip").read_bytes(), "a.zip",
                    ["Save nothing", "word-test"]) == {"Save nothing", "word-test"}
