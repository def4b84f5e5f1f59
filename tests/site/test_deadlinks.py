"""Links inside the site that lead nowhere are told, with file and line where they are known."""

from __future__ import annotations

import json
from pathlib import Path

from kit.model import Course
from kit.site import build
from kit.site.model import Page
from kit.site.render.deadlinks import dead_links


def test_each_dead_link_is_told_once_and_again_in_the_next_build(copied: Course) -> None:
    words = copied.root / "lessons/words.md"
    words.write_text(
        "# Words\n\nSee [that](none.md) and [this](numbers.md#no-such).\n\n"
        '<a href="../nowhere.html">x</a> <a href="numbers.html#nor-this">y</a>\n\n'
        '<a href="numbers.html#numbers-first">z</a> <a href="https://example.org/none">w</a>\n')
    first = build(copied, {}).warnings
    assert sum("none.md" in line for line in first) == 1
    assert sum("no-such" in line for line in first) == 1
    ours = [line for line in first if "leads" in line]
    assert ("lessons/words.md:5: the link '../nowhere.html' leads to no page or file of the "
            "site [site.link]") in ours
    assert ("lessons/words.md:5: the link 'numbers.html#nor-this' leads to no place on "
            "lessons/numbers.html [site.link]") in ours
    (copied.root / "syllabus.md").write_text("# Syllabus\n\nChanged.\n")
    again = build(copied, {}).warnings
    for what in ("none.md", "no-such", "nowhere.html", "nor-this"):
        assert any(what in line and line.startswith("lessons/words.md:") for line in again), what


def test_names_with_signs_and_files_beside_pages_are_found(
    tmp_path: Path, copied: Course
) -> None:
    made = tmp_path / "html"
    (made / "a b").mkdir(parents=True)
    (made / "a b" / "c.html").write_text(
        '<h2 id="ä&amp;b">x</h2><a href="#%C3%A4%26b">1</a><a href="../a%20b/c.html?x=1#">2</a>'
        '<img src=\'pic.svg\'><a href="../a%20b/">3</a><a href="/root.html">4</a>'
        '<script>"<a href=\'gone.html\'>"</script><pre>&lt;a href="gone.html"&gt;</pre>')
    (made / "a b" / "pic.svg").write_text("<svg/>")
    told = [line.removesuffix(" [site.link]") for line in dead_links(
        copied, made, (Page(docname="a b/c", title="C"),), ())]
    assert told == ["a b/c.html: the link '../a%20b/' leads to no page or file of the site",
                    "a b/c.html: the link '/root.html' leads out of the site"]


def test_the_course_itself_has_none(tiny: tuple[Course, Path]) -> None:
    kept = json.loads((tiny[0].records / "site/built.json").read_text(encoding="utf-8"))
    assert kept["warnings"] == []
