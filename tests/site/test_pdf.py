"""The book as one PDF: read back by pypdf, and printed pages as a browser shows them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import INSTALL, Visit, find_chromium, served
from pypdf import PdfReader
from require import need
from tinycourse import CANARIES, COURSE, released, write_course

from kit.course import load_course
from kit.model import Course
from kit.site import Printed, Site, build, print_book

FACTS = COURSE.replace(
    "authors: []", "authors: [{name: Board of Examples}]\nlanguage: en-GB").replace(
    "site:\n", "site:\n  paper: letter\n")
WORDS = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Words, and what a page of "words" folds away

See [the numbers](numbers.ipynb), [further down](#further-down), [elsewhere](https://example.org/a),
<https://example.org/b> and [the data](../data/prices.csv).

![A picture of elsewhere](https://example.org/picture.png)

| one | two |
|---|---|
| UNBROKEN | UNBROKEN |

```{dropdown} The long way
It takes an hour.
```

```{code-cell}
:tags: [remove-input]
from kit.lesson import hints, quiz, solution

quiz("Can she pay 50?", {"Yes": "Where is the cash?", "No": "There is 12 of it."}, right="No")
```

```{code-cell}
:tags: [remove-input]
hints("How to begin?", ["Look at the cash first."])
```

```{code-cell}
:tags: [remove-input]
solution("Why not?", "The cash is **spent**.", attempt="Say why.")
```

```{code-cell}
:tags: [remove-input]
quiz("Say it in a few words", cards={"Accrual": "Earned now, paid later."})
```

```{code-cell}
text = "SEALED"
```

## Further down

The end.
""".replace("UNBROKEN", "x" * 90).replace("SEALED", "eNpj" * 200)


@pytest.fixture(scope="module")
def program() -> Iterator[str]:
    """The Chromium of the tests, for the kit to find."""
    found = find_chromium()
    need(found, INSTALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIT_CHROMIUM", found)
        yield found


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, program: str) -> tuple[Course, Site, Printed]:
    """The tiny course with components and a released problem set, printed."""
    root = tmp_path_factory.mktemp("book") / "tiny"
    write_course(root)
    (root / "course.yml").write_text(FACTS, encoding="utf-8")
    (root / "lessons" / "words.md").write_text(WORDS, encoding="utf-8")
    course = load_course(root)
    site = build(course, released(course))
    return course, site, print_book(course, site)


Book = tuple[Course, Site, Printed]


@pytest.fixture(scope="module")
def reader(book: Book) -> PdfReader:
    return PdfReader(book[2].path)


@pytest.fixture(scope="module")
def texts(reader: PdfReader) -> list[str]:
    """The text of each page, its white space made one."""
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def on(texts: list[str], words: str) -> int:
    """The first page after the contents that holds these words, counted from 1."""
    return next(number for number, text in enumerate(texts, 1) if number > 2 and words in text)


def entries(outline: list[Any], depth: int = 0) -> Iterator[tuple[int, Any]]:
    for entry in outline:
        if isinstance(entry, list):
            yield from entries(entry, depth + 1)
        else:
            yield depth, entry


def test_sheets_have_the_size_that_the_course_asks_for(reader: PdfReader) -> None:
    assert {tuple(map(round, page.mediabox[2:])) for page in reader.pages} == {(612, 792)}


def test_chapters_stand_in_reading_order_with_homework_last(reader: PdfReader) -> None:
    found = [entry.title for depth, entry in entries(reader.outline) if depth == 0]
    assert found == [
        "A tiny course", "Contents", "About this course", "Syllabus", "Schedule", "Grading",
        "Numbers first", 'Words, and what a page of “words” folds away', "Glossary",
        "Hints and answers", "Doubling"]


def test_what_only_a_browser_can_do_is_left_out(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "What the last one has to bring" in whole
    assert "Where you stand" not in whole
    assert "Your progress" not in whole
    assert "Permission is hereby granted" not in whole


def test_sections_are_in_the_outline_and_questions_are_not(reader: PdfReader) -> None:
    found = [entry.title for depth, entry in entries(reader.outline) if depth]
    assert "Further down" in found
    assert "Can she pay 50?" not in found


def test_the_contents_name_the_page_of_each_chapter(reader: PdfReader, texts: list[str]) -> None:
    places = {entry.title: (reader.get_destination_page_number(entry) or 0) + 1
              for _, entry in entries(reader.outline)}
    for title in ("Syllabus", "Numbers first", "Hints and answers"):
        assert f"{title} {places[title]}" in texts[1]
    assert f"Problem set 1 {places['Doubling']}" in texts[1]


def test_each_page_says_which_of_how_many_and_what_it_belongs_to(
    reader: PdfReader, texts: list[str]
) -> None:
    assert f"3 of {len(reader.pages)}" in texts[2]
    assert f"{len(reader.pages)} of {len(reader.pages)}" in texts[-1]
    assert "A tiny course Problem set 1" in texts[-1]


def test_the_document_says_what_it_is(reader: PdfReader, book: Book) -> None:
    told = reader.metadata
    assert told is not None
    assert (told.title, told.author) == ("A tiny course", "Board of Examples")
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert book[2].pages == len(reader.pages)


def test_links_lead_into_the_book_or_to_the_site(reader: PdfReader) -> None:
    inside, outside = set(), set()
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            link: Any = note.get_object()
            if "/Dest" in link:
                inside.add(str(link["/Dest"]))
            else:
                outside.add(re.sub("[0-9a-f]{32}", "DIGEST", str(link["/A"]["/URI"])))
    assert inside <= set(reader.named_destinations)
    assert "/c6-further-down" in inside
    assert outside == {
        "https://example.org/tiny", "https://example.org/a", "https://example.org/b",
        "https://example.org/picture.png",
        "https://example.org/tiny/_downloads/DIGEST/prices.csv",
        "https://example.org/tiny/schedule.ics"}


def test_an_address_stands_behind_a_link_that_does_not_tell_it(texts: list[str]) -> None:
    page = texts[on(texts, "See the numbers") - 1]
    assert "elsewhere (https://example.org/a)" in page
    assert page.count("https://example.org/b") == 1


def test_all_fonts_are_in_the_file(reader: PdfReader) -> None:
    for page in reader.pages:
        fonts: Any = page["/Resources"].get("/Font", {})  # type: ignore[union-attr]
        for font in (one.get_object() for one in fonts.values()):
            if font["/Subtype"] == "/Type3":  # its letters are drawings in the file
                assert font["/CharProcs"]
                continue
            below = font["/DescendantFonts"][0].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"])


def test_questions_stand_there_and_answers_do_not(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "Can she pay 50?" in whole
    assert "There is 12 of it" not in whole
    assert "x = " not in whole.split("Doubling")[-1]
    for canary in CANARIES:
        assert canary not in whole


def test_what_a_page_folds_away_stands_at_the_end(texts: list[str]) -> None:
    lesson, end = on(texts, "Can she pay 50?"), on(texts, "Hints and answers")
    folded = {"Hint 1": "Look at the cash first.", "The solution": "The cash is spent.",
              "The long way": "It takes an hour.", "Backs of the cards": "Earned now, paid later."}
    for title, content in folded.items():
        assert f"{title} (page {end})" in " ".join(texts[lesson - 2:end - 1]), title
        assert content not in " ".join(texts[:end - 1])
        assert content in texts[end - 1]
    back = f"Whynot?Thesolution(page{on(texts, 'Say why.')})"  # spaces are but places in a PDF
    assert back in texts[end - 1].replace(" ", "")


def test_formulas_and_widgets_are_drawn(texts: list[str]) -> None:
    page = texts[on(texts, "A formula") - 1]
    assert "\\sum" not in page
    assert "$a^2" not in page
    assert "state 2" in " ".join(texts)


def test_a_text_in_code_that_nobody_reads_is_cut(texts: list[str]) -> None:
    whole = " ".join(texts)
    assert "eNpjeNpjeNp" in whole
    assert "eNpj" * 5 not in whole


def test_a_wide_table_gets_smaller_and_the_rest_does_not(reader: PdfReader) -> None:
    sizes: dict[str, set[float]] = {}

    def seen(text: str, where: Any, at: Any, font: Any, size: float) -> None:
        for words in ("Further down", "Syllabus"):
            if words in text:
                sizes.setdefault(words, set()).add(round(size * abs(at[0]) * abs(where[0]), 1))

    for page in reader.pages:
        page.extract_text(visitor_text=seen)
    assert sizes["Syllabus"]
    assert max(sizes["Further down"]) > 10


def test_pictures_of_elsewhere_are_named(book: Book) -> None:
    [told] = book[2].warnings
    assert told == ("lessons/words: the picture https://example.org/picture.png is not in the PDF; "
                    "put the file beside the lesson")


def test_the_same_site_gives_the_same_bytes(book: Book) -> None:
    course, site, printed = book
    before = printed.path.read_bytes()
    assert print_book(course, site).state == "unchanged"
    assert print_book(course, site, force=True).state == "built"
    assert printed.path.read_bytes() == before
    assert str(course.root).encode() not in before


def test_the_command_tells_where_the_book_is(
    book: Book, kit: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, _ = kit("build", "--pdf", "--json", "--course", book[0].root)
    told = json.loads(out)["pdf"]
    assert code == 0
    assert Path(told["path"]) == book[0].root / "_build" / "tiny.pdf"
    assert (told["state"], told["pages"]) == ("unchanged", book[2].pages)


@pytest.mark.parametrize("named", ["no-such-browser", os.devnull, "false"])
def test_without_a_browser_the_old_book_stays(
    book: Book, kit: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch,
    named: str,
) -> None:
    course, _, printed = book
    before = printed.path.read_bytes()
    monkeypatch.setenv("KIT_CHROMIUM", named)
    code, _, err = kit("build", "--pdf", "--force", "--course", course.root)
    assert code == 1
    assert "the browser stopped" in err
    assert "KIT_CHROMIUM" in err
    assert printed.path.read_bytes() == before


def test_with_no_browser_at_all_it_says_how_to_get_one(
    book: Book, kit: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KIT_CHROMIUM")
    monkeypatch.setattr("kit.site.pdf.chromium.shutil.which", lambda _: None)
    monkeypatch.setattr("kit.site.pdf.chromium.sys.platform", "linux")
    code, _, err = kit("build", "--pdf", "--force", "--course", book[0].root)
    assert code == 1
    assert "apt install chromium" in err


def test_a_page_printed_by_the_reader_is_light_and_still(
    book: Book, visit: Callable[..., Visit]
) -> None:
    with served(book[1].folder) as base:
        seen = visit(base, "lessons/words.html", color_scheme="dark")
        page = seen.page
        page.get_by_role("radio", name="No").check()
        page.get_by_role("button", name="Check").first.click()
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        shown = page.locator("body").inner_text()
        assert "There is 12 of it" not in shown
        assert "○ Yes" in shown
        assert "It takes an hour." in shown
        assert not page.locator("nav.course").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert "There is 12 of it" in page.locator("body").inner_text()
        assert page.locator(".course-still").count() == 0
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert (seen.foreign, seen.errors) == (["https://example.org/picture.png"], [
            error for error in seen.errors if "example.org" in error or "ERR_" in error])
