"""The pages that a course has beside its lessons, as they are built."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from browser import Visit, served

from kit.course import load_course
from kit.errors import BuildError
from kit.model import Course
from kit.site import build

Tiny = tuple[Course, Path]
Look = Callable[..., Visit]


class Headings(HTMLParser):
    """The levels of a page's headings, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def pages(site: Path) -> list[Path]:
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]


def test_every_page_has_one_h1_and_no_gap_below_it(tiny: Tiny) -> None:
    for path in pages(tiny[1]):
        levels = Headings(path.read_text(encoding="utf-8")).levels
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(below - above <= 1 for above, below in pairwise(levels)), (path, levels)


def test_every_page_says_what_it_is_to_those_who_link_to_it(tiny: Tiny) -> None:
    titles = set()
    for path in pages(tiny[1]):
        text = path.read_text(encoding="utf-8")
        title = re.search("<title>(.*?)</title>", text)
        assert title
        titles.add(title[1])
        name = path.relative_to(tiny[1]).as_posix()
        if name in ("404.html", "search.html"):
            continue
        address = "https://example.org/tiny/" + ("" if name == "index.html" else name)
        assert f'<link rel="canonical" href="{address}">' in text
        assert f'<meta property="og:url" content="{address}">' in text
        for kind in ("title", "type", "description", "image"):
            assert len(re.findall(f'<meta property="og:{kind}" content="[^"]+">', text)) == 1
    assert len(titles) == len(pages(tiny[1]))
    lesson = (tiny[1] / "lessons/words.html").read_text(encoding="utf-8")
    assert '<meta name="description" content="Nothing to run here. See Numbers first' in lesson
    assert 'content="https://example.org/tiny/card.png"' in lesson


def test_an_author_may_describe_a_page_himself(copied: Course) -> None:
    words = copied.root / "lessons/words.md"
    words.write_text("---\nmyst:\n  html_meta:\n    description: My own words\n---\n\n"
                     + words.read_text())
    text = (build(copied, {}).folder / "lessons/words.html").read_text()
    assert re.findall(r'<meta [^>]*name="description"[^>]*>', text) == [
        '<meta content="My own words" name="description" />']


def test_schedule_links_what_is_out_and_names_the_zone(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "schedule.html").page
        rows = [" ".join(row.split()) for row in page.locator("tbody tr").all_inner_texts()]
        assert rows == [
            "Week 1, 11 to 17 January 2027", "Mon 11 January The course starts",
            "Tue 12 January First part: Numbers first, Words alone",
            "Week 2, 18 to 24 January 2027", "Thu 21 January 23:59 CET Due Problem set 1",
            "Week 4, 1 to 7 February 2027", "Thu 4 February 23:59 CET Due Problem set 2"]
        assert "Times are those of Europe/Berlin." in page.locator("main").inner_text()
        assert page.get_by_role("link", name="Problem set 1").last.get_attribute("href") == (
            "homework/ps1/doubling.html")
        with page.expect_download() as saved:
            page.get_by_role("link", name="file for your calendar").click()
        assert saved.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_logo_and_accent_are_the_courses_own(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        for theme, colour in (("light", "rgb(160, 48, 112)"), ("dark", None)):
            page = visit(base, "lessons/words.html", color_scheme=theme).page
            logo = page.locator("nav.course img.logo")
            assert logo.evaluate("image => image.naturalWidth") > 0
            assert logo.get_attribute("alt") == ""
            shown = page.locator("article p a").first.evaluate("a => getComputedStyle(a).color")
            assert shown == colour or (colour is None and shown != "rgb(122, 184, 240)")


def test_a_syllabus_is_made_where_the_author_wrote_none(copied: Course) -> None:
    built = copied.root / "_build/html/syllabus.html"
    assert "Come." in built.read_text()
    assert "github.com/example/tiny/edit/main/syllabus.md" in built.read_text()
    (copied.root / "syllabus.md").unlink()
    text = (build(copied, {}).folder / "syllabus.html").read_text()
    for said in ("2 weeks, 3 hours a week", "Thu 21 January", "From", "CC-BY-4.0"):
        assert said in text
    assert "github.com/example/tiny/edit/main/course.yml" in text


def test_files_for_crawlers_name_every_page_and_nothing_else(tiny: Tiny) -> None:
    sitemap = (tiny[1] / "sitemap.xml").read_text(encoding="utf-8")
    found = re.findall("<loc>https://example.org/tiny/([^<]*)</loc>", sitemap)
    expected = {path.relative_to(tiny[1]).as_posix() for path in pages(tiny[1])}
    assert {name or "index.html" for name in found} == expected - {"404.html", "search.html"}
    assert (tiny[1] / "robots.txt").read_text().endswith(
        "Sitemap: https://example.org/tiny/sitemap.xml\n")


def test_the_card_is_a_picture_of_the_usual_size(tiny: Tiny) -> None:
    data = (tiny[1] / "card.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (1200, 630)


def test_what_is_taken_out_of_course_yml_leaves_the_site(copied: Course) -> None:
    path = copied.root / "course.yml"
    text = path.read_text()
    path.write_text(text[: text.index("site:")].replace("    start: 2027-01-12\n", "")
                    .replace(", due: 2027-01-21 23:59", "").replace(", due: 2027-02-04 23:59", ""))
    site = build(load_course(copied.root), {}).folder
    gone = ("sitemap.xml", "robots.txt", "card.png", "logo.svg", "schedule.ics", "schedule.html")
    assert [name for name in gone if (site / name).exists()] == []
    page = (site / "lessons/words.html").read_text()
    for said in ("Edit this page", "Report an error", 'class="discussion"', "canonical",
                 "utteranc.es", "--accent:"):
        assert said not in page
    assert 'href="index.html"' in (site / "404.html").read_text()


def test_a_page_that_is_not_there_stands_alone_and_leads_home(tiny: Tiny, visit: Look) -> None:
    seen = visit(tiny[1].as_uri() + "/", "404.html")
    link = seen.page.get_by_role("link")
    assert link.get_attribute("href") == "https://example.org/tiny/"
    assert seen.errors == []
    text = (tiny[1] / "404.html").read_text()
    assert "<script" not in text
    assert "stylesheet" not in text


@pytest.mark.parametrize("logo", ["figures/none.svg", "../logo.svg", "source/ps1/logo.svg",
                                  "data/prices.csv"])
def test_a_logo_that_may_not_be_shown_stops_the_build(copied: Course, logo: str) -> None:
    (copied.root / "source/ps1/logo.svg").write_text("<svg/>")
    (copied.root.parent / "logo.svg").write_text("<svg/>")
    path = copied.root / "course.yml"
    path.write_text(path.read_text().replace("figures/logo.svg", logo))
    with pytest.raises(BuildError) as caught:
        build(load_course(copied.root), {})
    assert repr(logo) in caught.value.message
    assert caught.value.hint == "nearest: figures/logo.svg"


def test_licences_of_all_that_is_bundled_can_be_read(tiny: Tiny, visit: Look) -> None:
    with served(tiny[1]) as base:
        page = visit(base, "licences.html").page
        names = page.locator("table.licences tbody th").all_inner_texts()
        assert {"mathjax", "@fontsource-variable/inter", "Sphinx"} <= set(names)
        text = page.locator("details", has_text="mathjax")
        text.locator("summary").focus()
        page.keyboard.press("Enter")
        assert "Apache License" in text.locator("pre").inner_text()
        shown = page.locator("details summary").all_text_contents()
        assert all(any(name in one for one in shown) for name in names)
        assert page.get_by_role("link", name="Licences of what this site").count() == 1


def test_what_course_yml_says_is_text(copied: Course) -> None:
    path = copied.root / "course.yml"
    evil = "<script>alert(1)</script>"
    path.write_text(path.read_text()
                    .replace("title: Problem set 2", f"title: '{evil} *a* ```'")
                    .replace("title: Problem sets", f"title: '{evil}'")
                    .replace("outcomes: []", f"outcomes: [{{id: o, statement: '{evil} $x$'}}]")
                    .replace("effort: 2 weeks", f"effort: {evil} 2 weeks"))
    (copied.root / "syllabus.md").unlink()
    site = build(load_course(copied.root), {}).folder
    for name in ("index", "syllabus", "schedule", "grading"):
        text = (site / f"{name}.html").read_text()
        assert "<script>alert" not in text, name
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text, name
