"""A site speaks its course's language: nothing of ours stays English, and Spanish is Spanish."""

from __future__ import annotations

import gettext
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
import sphinx
from browser import Visit, served
from markedcourse import releases, write_course

import kit.language
from kit.course import load_course
from kit.errors import BuildError
from kit.model import Course, Release
from kit.publish.texts import licence, readme
from kit.release.archive import write_archive
from kit.site import Live, Site, build, building, live_server
from kit.site.model import Page
from kit.site.pdf.bound import bind
from kit.site.stamp import last_build

Built = tuple[Course, Site]
Look = Callable[..., Visit]
UNSAID = (Path(__file__).parent / "unsaid.js").read_text(encoding="utf-8")
# Code, formulas and drawings; what components say, which have a test of their own; dates; names.
PASSED = ("script, style, pre, code, mjx-container, svg > :not(title), .course-part, .state, "
          ".kept, time, table.licences tbody, section[aria-labelledby=texts] details, dl.facts dd, "
          "cite, .citation, a.bare, .context")
NAMES = re.compile(r"CC-BY-4\.0|Europe/Madrid|y|Figura \d+"
                   r"|\d+ de [a-z]+ de \d{4}(, \d\d:\d\d)?"
                   r"|null")  # what ipywidgets calls a slider without a description


@contextmanager
def catalogues(folder: Path) -> Iterator[None]:
    """The catalogues of that folder, in place of those of the kit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.language, "FOLDER", folder)
        patch.setattr(building, "LANGUAGES", folder)
        kit.language.language.cache_clear()
        yield
    kit.language.language.cache_clear()


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, Release]]:
    course = write_course(tmp_path_factory.mktemp("languages") / "marked")
    return course, releases(course)


@pytest.fixture(scope="module")
def spanish(handed_out: tuple[Course, dict[str, Release]]) -> Built:
    course, made = handed_out
    return course, build(course, made)


@pytest.fixture(scope="module")
def pseudo(
    spanish: Built, handed_out: tuple[Course, dict[str, Release]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Built:
    """The same course where each of our texts stands between ⟦ and ⟧."""
    folder = tmp_path_factory.mktemp("pseudo")
    known = json.loads((kit.language.FOLDER / "es.json").read_text(encoding="utf-8"))
    made = {text: dict.fromkeys(said, f"⟦{text}⟧") if isinstance(said, dict) else f"⟦{text}⟧"
            for text, said in known.items()}
    (folder / "es.json").write_text(json.dumps(made), encoding="utf-8")
    shutil.copytree(spanish[0].root, folder / "course")
    course = load_course(folder / "course")
    # What zips say is said when they are made.
    with catalogues(folder):
        for assignment in course.assignments:
            if assignment.name in handed_out[1]:
                write_archive(course, assignment, handed_out[1][assignment.name],
                              course.root / "release" / assignment.name)
        return course, build(course, handed_out[1], force=True)


@pytest.fixture
def speaking(pseudo: Built) -> Iterator[Built]:
    """The same, and what is said meanwhile stands between ⟦ and ⟧ too."""
    with catalogues(pseudo[0].root.parent):
        yield pseudo


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    """What Sphinx says in Spanish by itself."""
    found = gettext.translation("sphinx", Path(sphinx.__file__).parent / "locale", ["es"])
    return {text for text in found._catalog.values() if text}  # type: ignore[attr-defined]


def unsaid(page: Any, theirs: set[str]) -> list[list[str]]:
    """What a page says that is marked as nobody's."""
    return [[place, text] for place, text in page.evaluate(f"({UNSAID})({json.dumps(PASSED)})")
            if text not in theirs and not NAMES.fullmatch(text)]


def pages(site: Site) -> list[str]:
    return sorted(path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html")
                  if "_static" not in path.parts)


def test_every_page_says_only_what_is_marked(
    pseudo: Built, theirs: set[str], visit: Look
) -> None:
    found = {}
    with served(pseudo[1].folder) as base:
        listed = pages(pseudo[1])
        assert {"404.html", "grading.html", "homework/ps1/p.html", "lessons/cells.html",
                "progress.html", "references.html", "search.html"} <= set(listed)
        for name in listed:
            seen = visit(base, name, until="networkidle" if "lessons" in name else "load")
            found[name] = [*unsaid(seen.page, theirs), *seen.errors]
    assert {name: said for name, said in found.items() if said} == {}


def test_what_nobody_marked_is_found(pseudo: Built, theirs: set[str], visit: Look) -> None:
    with served(pseudo[1].folder) as base:
        page = visit(base, "lessons/prose.html").page
        page.evaluate("""() => {
          const main = document.querySelector('main');
          main.append('Left behind');
          main.insertAdjacentHTML('beforeend', '<button aria-label="Unnamed">⟦x⟧</button>'
            + '<noscript><p>No scripts</p></noscript>'
            + '<style>main::after { content: "Drawn" }</style>');
          document.title += ' Ours';
        }""")
        assert [text for _, text in unsaid(page, theirs)] == [
            "Left behind", "No scripts", '"Drawn"', "Unnamed", "·  Ours"]


def test_nor_does_a_page_when_it_is_used(pseudo: Built, theirs: set[str], visit: Look) -> None:
    with served(pseudo[1].folder) as base:
        page = visit(base, "lessons/prose.html", viewport={"width": 375, "height": 800}).page
        page.route("https://giscus.app/**", lambda route: route.abort())
        page.locator("button.menu").click()
        page.locator("button.theme").click()
        page.locator("section.discussion button").click()
        page.locator("section.discussion [role=status]", has_text="cannot be reached").wait_for()
        page.locator("summary.sd-summary-title").click()
        page.locator(".toggle-button").click()
        page.locator("summary.toggle-details__summary").click()
        assert unsaid(page, theirs) == []
        names = {button.get_attribute("aria-label") or button.inner_text()
                 for button in page.locator("button").all()}
        assert {"⟦Close⟧", "⟦Light page⟧", "⟦Show or hide this⟧"} <= names
        assert page.locator("button.copybtn title").first.text_content() == "⟦Copy⟧"


def test_nor_the_calculator(pseudo: Built, theirs: set[str], visit: Look) -> None:
    with served(pseudo[1].folder) as base:
        page = visit(base, "grading.html").page
        fields = page.locator("form.grades input")
        for value, place in (("101", 0), ("55.5", 0), ("100", 1), ("90", 2), ("90", 3), ("90", 4)):
            fields.nth(place).fill(value)
            page.locator("form.grades output").get_by_text("⟦").first.wait_for()
            assert unsaid(page, theirs) == []


def test_nor_a_search(pseudo: Built, theirs: set[str], visit: Look) -> None:
    with served(pseudo[1].folder) as base:
        for query, said in (("prosa", "⟦Found:"), ("nadalosabe", "⟦Nothing was found.")):
            seen = visit(base, f"search.html?q={query}")
            seen.page.locator("#search-results", has_text=said).wait_for()
            assert (unsaid(seen.page, theirs), seen.errors) == ([], [])


def test_nor_the_overlay_of_a_preview(speaking: Built, visit: Look) -> None:
    live = Live()
    server = live_server(speaking[1].folder, live)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        page = visit(f"http://127.0.0.1:{server.server_port}/", "index.html", until="load").page
        live.failed(BuildError("⟪message⟫", hint="⟪hint⟫"))
        shown = page.get_by_role("alert")
        assert " ".join(shown.inner_text().split()) == (
            "⟦Close⟧ ⟦The site was not built⟧ ⟪message⟫ ⟪hint⟫ "
            "⟦This page is as it was before. It goes on when the course is mended.⟧")
        assert shown.get_attribute("aria-label") == "⟦What went wrong in the last build⟧"
    finally:
        page.close()
        server.shutdown()
        server.server_close()
        thread.join()


def test_nor_the_printed_book(speaking: Built, theirs: set[str], browser: Any) -> None:
    course, site = speaking
    listed = [Page(**{**one, "downloads": ()}) for one in last_build(course.root)["order"]]
    bound = bind(course, listed, site.folder)
    page = browser.new_page()
    page.set_content(bound.html.replace("Content-Security-Policy", "x-none"))
    assert unsaid(page, theirs) == []
    page.close()
    assert 'content: "\\0027e6" counter(page) " of " counter(pages) "\\0027e7"' in bound.html
    for said in ("⟦Contents⟧", "⟦About this course⟧", "⟦Hints and answers⟧",
                 "⟦The video is on the course&#x27;s site⟧", "⟦page "):
        assert said in bound.html.replace("'", "&#x27;"), said


def test_nor_the_files_beside_the_pages(speaking: Built) -> None:
    course, site = speaking
    said = [readme(course, ["site/index.html", "lessons/a.md", "release/x", "data/x"]),
            licence(course), (site.folder / "schedule.ics").read_text(encoding="utf-8")]
    for name in ("marked-ps1.zip", "marked-ps1-selfstudy.zip"):
        with ZipFile(next(site.folder.rglob(name))) as packed:
            said += [packed.read(one).decode() for one in packed.namelist()
                     if one.endswith("README.md")]
    for text in said:
        plain = re.sub(r"(?m)^(?!SUMMARY)[A-Z-]+[:;].*$|^ {4}.*$|`[^`]*`|https?:[^ >]+", "", text)
        while (rest := re.sub(r"⟦[^⟦⟧]*⟧|⟪[^⟦⟧⟪⟫]*⟫", "", plain)) != plain:
            plain = rest
        assert [word for word in re.findall(r"[^\W\d]{2,}", plain)
                if word not in ("CC", "BY", "SUMMARY", "Copyright")] == [], text


def test_spanish_is_spanish(spanish: Built, visit: Look) -> None:
    folder = spanish[1].folder
    with served(folder) as base:
        page = visit(base, "grading.html").page
        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("meta[property='og:locale']").get_attribute("content") == "es_ES"
        said = " ".join(page.locator("article").inner_text().replace("\xa0", " ").split())
        for words in ("Un retraso de hasta 1 hora y 30 minutos no resta nada.", "87,5 %",
                      "4 tareas; la más baja no se cuenta", "1 tarea", "fuera de alcance"):
            assert words in said, words
        page.locator("form.grades input").first.fill("55.5")
        answer = page.locator("form.grades output").inner_text().replace("\xa0", " ")
        assert "Hasta ahora\t55,5 %" in answer
        assert "en cada una de las que faltan" in answer
        page = visit(base, "schedule.html").page
        shown = page.locator("tbody").all_inner_texts()[1]
        assert shown.split("\n")[0] == "Semana 1, del 11 al 17 de enero de 2027"
        page = visit(base, "search.html?q=precio").page  # the page has its plural
        page.locator("#search-results", has_text="Celdas").wait_for()
        assert "Resultados: " in page.locator("#search-results").inner_text()
        assert page.title() == "Buscar · ⟪Curso de prueba⟫"
        page = visit(base, "lessons/prose.html").page
        assert page.locator(".admonition-title").all_inner_texts()[:2] == ["Nota", "Advertencia"]
        told = page.locator("section.discussion").get_attribute("data-attributes")
        assert json.loads(told or "")["data-lang"] == "es"
    assert b"SUMMARY:Comienza" in (folder / "schedule.ics").read_bytes()


@pytest.mark.parametrize(("tag", "skip", "note", "day"), [
    ("en", "Skip to the text", "Note", "11 January 2027"),
    ("en-US", "Skip to the text", "Note", "January 11, 2027"),
    ("es-MX", "Saltar al texto", "Nota", "11 de enero de 2027"),
    ("de", "Skip to the text", "Bemerkung", "11 January 2027"),
    ("tlh", "Skip to the text", "Note", "11 January 2027")])
def test_what_is_not_known_is_the_nearest_or_english(
    tmp_path: Path, tag: str, skip: str, note: str, day: str
) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons/one.md").write_text("# One\n\n```{note}\nText.\n```\n")
    (tmp_path / "course.yml").write_text(
        f"id: c\ntitle: C\ntimezone: UTC\nstart: 2027-01-11\nlanguage: {tag}\nauthors: []\n"
        "parts: [{title: P, lessons: [lessons/one]}]\n")
    site = build(load_course(tmp_path), {})
    assert site.warnings == ()
    text = (site.folder / "lessons/one.html").read_text(encoding="utf-8")
    assert f'<html lang="{tag}" ' in text
    assert f">{skip}</a>" in text
    assert f'<p class="admonition-title">{note}</p>' in text
    assert day in (site.folder / "index.html").read_text(encoding="utf-8")


def test_a_change_of_the_catalogue_is_seen(
    tmp_path: Path, spanish: Built, handed_out: tuple[Course, dict[str, Release]]
) -> None:
    shutil.copytree(spanish[0].root, tmp_path / "course")
    course = load_course(tmp_path / "course")
    known = json.loads((kit.language.FOLDER / "es.json").read_text(encoding="utf-8"))
    (tmp_path / "es.json").write_text(json.dumps(known | {"Skip to the text": "Ir al texto"}))
    with catalogues(tmp_path):
        site = build(course, handed_out[1])
    assert site.state == "built"
    assert all(">Ir al texto</a>" in (site.folder / name).read_text(encoding="utf-8")
               for name in pages(site) if name != "404.html")
