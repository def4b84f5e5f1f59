"""Cells that run in their page, by a browser's Python: as the notebook's Python runs them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import axe
import pytest
from browser import Visit, served
from playwright.sync_api import expect
from runcourse import CELLS, RAISES, code_cell, lessons, write_run_course

from kit.model import Course
from kit.site import build
from kit.site.python.inpage import importable, packed

SLOW = 90_000  # milliseconds until Python is there, on a busy machine
ENDED = re.compile(r"Done\.|Stopped|could not|Cell \d")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    course = write_run_course(tmp_path_factory.mktemp("run") / "ledgers")
    return course, build(course, {}).folder


@pytest.fixture(scope="module")
def base(site: tuple[Course, Path]) -> Iterator[str]:
    with served(site[1]) as address:
        yield address


@pytest.fixture
def ledger(base: str, visit: Callable[..., Visit]) -> Visit:
    """The page of the ledger, its cells ready."""
    return ready(visit(base, "lessons/ledger.html"))


def ready(seen: Visit) -> Visit:
    seen.page.wait_for_selector("html[data-run=drawn]")
    return seen


def run(page: Any, number: int, told: str | re.Pattern[str] = ENDED) -> None:
    page.get_by_role("button", name=f"Run cell {number}").click()
    expect(status(page, number)).to_have_text(told, timeout=SLOW)


def status(page: Any, number: int) -> Any:
    return page.locator(".run-bar").nth(number - 1).get_by_role("status")


def output(page: Any, number: int) -> Any:
    return page.get_by_role("region", name=f"Output of cell {number}")


def edit(page: Any, number: int, text: str) -> None:
    page.get_by_role("button", name=f"Edit cell {number}").click()
    page.get_by_role("textbox", name=f"Code of cell {number}").fill(text)


def pieces(outputs: list[dict[str, Any]]) -> list[str]:
    """What a notebook's outputs say, as a page shows them."""
    found = []
    for one in outputs:
        if one["output_type"] == "stream":
            found.append("".join(one["text"]))
        elif one["output_type"] == "error":
            found.append(f"{one['ename']}: {one['evalue']}")
        elif "text/html" not in one["data"]:
            found.append("".join(one["data"]["text/plain"]))
    return [text.strip() for text in found]


def executed(course: Course, name: str) -> list[list[dict[str, Any]]]:
    """The outputs of the cells that ran when the site was made, in this Python."""
    staged = course.records / "site" / "src" / "lessons" / f"{name}.ipynb"
    cells = json.loads(staged.read_text(encoding="utf-8"))["cells"]
    return [cell["outputs"] for cell in cells if "run" in cell["metadata"].get("tags", [])]


def test_every_cell_gives_what_it_gave_in_the_notebook(
    site: tuple[Course, Path], ledger: Visit
) -> None:
    page, there = ledger.page, executed(site[0], "ledger")
    assert len(there) == len(CELLS)
    for place, outputs in enumerate(there):
        run(page, place + 1, "Stopped with an error." if place == RAISES else "Done.")
        shown = [text.strip() for text in output(page, place + 1).locator("pre").all_inner_texts()]
        if place == RAISES:
            shown = [text.splitlines()[-1] for text in shown]
        assert shown == pieces(outputs)
    assert page.locator(".cell_output:not(.run-output):visible").count() == 0
    assert (ledger.errors, ledger.foreign) == ([], [])


@pytest.mark.slow
def test_a_checkers_feedback_looks_as_it_did_when_the_page_was_made(ledger: Visit) -> None:
    page = ledger.page
    made = page.locator(".autograders-result")
    before = [made.evaluate("(one) => one.outerHTML"), made.evaluate(
        "(one) => [...one.querySelectorAll('*')].map((each) => getComputedStyle(each).color)")]
    run(page, 3, "Done.")
    again = output(page, 3).locator(".autograders-result")
    assert [again.evaluate("(one) => one.outerHTML"), again.evaluate(
        "(one) => [...one.querySelectorAll('*')].map((each) => getComputedStyle(each).color)"
    )] == before


def test_nothing_of_python_is_loaded_before_the_first_click(ledger: Visit) -> None:
    page = ledger.page
    names = "() => performance.getEntriesByType('resource').map((one) => one.name)"
    loaded = {Path(name).name for name in page.evaluate(names) if "/python/" in name}
    assert loaded == {"python.js", "output.js", "run.js", "run.css"}
    assert page.workers == []
    page.get_by_role("button", name="Edit cell 1").click()
    page.get_by_role("textbox", name="Code of cell 1").wait_for()
    assert page.workers == []
    page.get_by_role("button", name="Run cell 1").click()
    assert status(page, 1).inner_text() == "Starting Python, about 13 MB once."
    expect(status(page, 1)).to_have_text("Done.", timeout=SLOW)
    assert len(page.workers) == 1


@pytest.mark.slow
def test_earlier_cells_run_first_and_once(ledger: Visit) -> None:
    page = ledger.page
    run(page, 2, "Done.")
    assert "lines: 2" in output(page, 1).inner_text()
    assert "balance 0.00" in output(page, 2).inner_text()
    edit(page, 2, "ledger = [line.account for line in ledger]\nledger")
    page.keyboard.press("Shift+Enter")
    expect(output(page, 2)).to_have_text("['Cash', 'Revenue']")
    run(page, 2, "Stopped with an error.")  # the first is not run again: the list is gone
    assert "AttributeError" in output(page, 2).inner_text()
    run(page, 4, "Cell 2, which runs before this one, stopped with an error.")
    edit(page, 1, "ledger = []")
    run(page, 2, "Done.")  # the first was edited, so it is
    assert output(page, 2).inner_text().strip() == "[]"


def test_an_edit_is_kept_shown_and_taken_back(ledger: Visit) -> None:
    page = ledger.page
    edit(page, 4, "6 * 7")
    assert status(page, 4).inner_text() == "Edited; kept in this browser alone."
    page.reload()
    ready(ledger)
    assert page.locator(".cell_input pre").nth(3).inner_text() == "6 * 7"
    assert page.get_by_role("button", name="Reset cell 1").count() == 0
    run(page, 4, "Done.")
    assert output(page, 4).inner_text().strip() == "42"
    page.get_by_role("button", name="Reset cell 4").click()
    assert page.locator(".cell_input pre").nth(3).inner_text().strip() == CELLS[3]
    assert output(page, 4).count() == 0
    assert page.evaluate("Object.keys(localStorage).filter((one) => one.includes('run-'))") == []


@pytest.mark.slow
def test_the_editor_by_keyboard(ledger: Visit) -> None:
    page, keys = ledger.page, ledger.page.keyboard
    page.get_by_role("button", name="Edit cell 4").focus()
    keys.press("Enter")
    box = page.get_by_role("textbox", name="Code of cell 4")
    expect(box).to_be_focused()
    assert "Esc, then Tab, leaves the editor" in page.locator(
        f"#{box.get_attribute('aria-describedby')}").inner_text()
    box.fill("")
    keys.type("for n in (1, 2):")
    keys.press("Enter")
    keys.type("print(n)")
    keys.press("Enter")
    keys.press("Shift+Tab")
    keys.press("Tab")
    keys.type("print(-n)")
    keys.press("Shift+Enter")
    expect(status(page, 4)).to_have_text("Done.", timeout=SLOW)
    assert output(page, 4).inner_text().split() == ["1", "-1", "2", "-2"]
    expect(box).to_be_focused()
    keys.press("Escape")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Run cell 4")).to_be_focused()


@pytest.mark.slow
def test_the_focus_is_on_run_again_when_a_cell_has_ended(ledger: Visit) -> None:
    page = ledger.page
    page.get_by_role("button", name="Run cell 1").focus()
    for _ in range(2):
        page.keyboard.press("Enter")
        expect(status(page, 1)).to_have_text("Done.", timeout=SLOW)
        expect(page.get_by_role("button", name="Run cell 1")).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_cells_that_ran_are_accessible(
    base: str, visit: Callable[..., Visit], theme: str
) -> None:
    size = {"width": 1280, "height": 900} if theme == "light" else {"width": 375, "height": 800}
    page = ready(visit(base, "lessons/ledger.html", color_scheme=theme, viewport=size)).page
    edit(page, 4, "# a number\nshare = lambda part, whole: f'{part / whole:.2f}'\nimport sys")
    run(page, 5, "Stopped with an error.")
    assert axe.found(page) == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0


def test_edits_go_with_the_answers_of_the_course(base: str, visit: Callable[..., Visit]) -> None:
    page = ready(visit(base, "lessons/ledger.html")).page
    edit(page, 4, "6 * 7")
    page.get_by_role("link", name="Your progress").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Export").click()
    answers = json.loads(saved.value.path().read_text())["answers"]
    assert list(answers.values()) == [{"code": "6 * 7"}]
    page.get_by_role("button", name="Erase").click()
    page.get_by_role("button", name="Yes, erase").click()
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).filter((one) => one != 'theme')") == []


def test_stop_ends_a_cell_and_python_starts_anew(ledger: Visit) -> None:
    page = ledger.page
    run(page, 1, "Done.")
    edit(page, 2, "print('so far')\nwhile True:\n    pass")
    page.get_by_role("button", name="Run cell 2").click()
    expect(page.get_by_text("of at most 30 s")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Stop").click()
    expect(status(page, 2)).to_have_text("Stopped.")
    assert "Python starts anew at the next Run" in output(page, 2).inner_text()
    expect(page.get_by_role("button", name="Run cell 2")).to_be_enabled()
    edit_again(page, 2, "len(ledger)")
    run(page, 2, "Done.")  # the first cell ran again in the new Python
    assert output(page, 2).inner_text().strip() == "2"
    assert len(page.workers) == 1


def edit_again(page: Any, number: int, text: str) -> None:
    page.get_by_role("textbox", name=f"Code of cell {number}").fill(text)


def test_a_cell_ends_at_its_time_limit_and_what_it_printed_stands(ledger: Visit) -> None:
    page = ledger.page
    run(page, 1, "Done.")
    page.evaluate("window.coursePython.seconds = 1")
    edit(page, 2, "import time\nprint('so far', flush=True)\nbegan = time.monotonic()\n"
                  "while True:\n    if time.monotonic() - began > 0.3:\n"
                  "        print('later')\n        began += 1000")
    run(page, 2, "Stopped after 1 seconds, the most that a cell may take here.")
    assert "so far" in output(page, 2).inner_text()


@pytest.mark.slow
def test_output_without_end_is_cut(ledger: Visit) -> None:
    page = ledger.page
    edit(page, 1, "for n in range(30_000):\n    print('0123456789')\n'the last'")
    run(page, 1, "Done.")
    said = output(page, 1).inner_text()
    assert "output was cut here" in said
    assert "the last" in said
    assert len(said) < 110_000


HOSTILE = """\
class Page:
    def __init__(self, text): self.text = text
    def _repr_html_(self): return self.text

Page('''<p onclick="x()" id="main" style="position:fixed;color:red;background:url(https://a.example/)">
kept</p><script>document.title = 'taken'</script><img src="https://a.example/x.png">
<img src=x onerror="document.title = 'taken'"><a href="javascript:alert(1)">go</a>
<iframe src="https://a.example/"></iframe><svg onload="document.title = 'taken'"></svg>
<style>body { display: none }</style><form action="https://a.example/"><input name=q></form>''')"""


def test_html_of_a_cell_neither_runs_nor_asks_another_site(ledger: Visit) -> None:
    page = ledger.page
    edit(page, 1, HOSTILE)
    run(page, 1, "Done.")
    made = output(page, 1).locator(".text_html")
    html = made.inner_html()
    assert "kept" in made.inner_text()
    for word in ("script", "onclick", "onerror", "onload", "iframe", "style>", "form", "input",
                 "example", "javascript", "position", "id="):
        assert word not in html
    assert made.locator("p").first.evaluate("(one) => one.style.color") == "red"
    assert page.title() == "A ledger · Ledgers"
    assert (ledger.errors, ledger.foreign) == ([], [])


@pytest.mark.slow
def test_what_is_told_to_be_there_is_there(site: tuple[Course, Path], ledger: Visit) -> None:
    names = sorted(name for name in importable(site[0]) if not name.startswith("_"))
    edit(ledger.page, 1, f"from importlib.util import find_spec\n"
                         f"[name for name in {names} if find_spec(name) is None]")
    run(ledger.page, 1, "Done.")
    assert output(ledger.page, 1).inner_text().strip() == "[]"


REACHES = """\
import js
from pyodide.ffi import create_proxy

refused = []
js.self.addEventListener("securitypolicyviolation", create_proxy(
    lambda event: refused.append(f"{event.effectiveDirective} {event.blockedURI}")))
asked = js.XMLHttpRequest.new()
asked.open("GET", "https://example.org/", False)
try:
    asked.send()
except Exception as error:
    print(type(error).__name__)"""


def test_python_reaches_no_other_site(ledger: Visit) -> None:
    """The worker has the page's policy: the request is refused before it leaves."""
    page = ledger.page
    edit(page, 1, REACHES)
    run(page, 1, "Done.")
    assert output(page, 1).inner_text().strip() == "JsException"
    edit(page, 2, "refused")
    run(page, 2, "Done.")
    assert output(page, 2).inner_text().strip() == "['connect-src https://example.org/']"


def test_a_page_without_cells_has_the_usual_policy_and_no_python(site: tuple[Course, Path]) -> None:
    words = (site[1] / "lessons" / "words.html").read_text(encoding="utf-8")
    assert "wasm" not in words
    assert "python/" not in words


def test_from_a_file_the_button_says_what_it_needs(
    site: tuple[Course, Path], visit: Callable[..., Visit]
) -> None:
    seen = ready(visit(site[1].as_uri() + "/", "lessons/ledger.html"))
    seen.page.get_by_role("button", name="Run cell 1").click()
    assert "This page is open as a file" in output(seen.page, 1).inner_text()
    assert seen.page.workers == []
    assert (seen.errors, seen.foreign) == ([], [])


def test_without_scripts_the_code_and_what_it_gave_stand_there(
    base: str, visit: Callable[..., Visit]
) -> None:
    page = visit(base, "lessons/ledger.html", java_script_enabled=False).page
    assert page.locator(".cell.tag_run .highlight-ipython3, .cell.tag_run .highlight").count() >= 5
    assert "lines: 2" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Run").count() == 0


@pytest.mark.slow
def test_a_cell_that_lacks_a_package_says_so_instead_of_starting(
    base: str, visit: Callable[..., Visit]
) -> None:
    page = ready(visit(base, "lessons/lacking.html")).page
    assert "This cell needs numpy, which this page has not. Run it in the notebook." in (
        page.locator("main").inner_text())
    assert page.get_by_role("button", name="Run cell 1").count() == 0
    page.get_by_role("button", name="Run cell 2").click()
    expect(page.get_by_role("status")).to_have_text("Done.", timeout=SLOW)
    assert output(page, 2).inner_text().strip() == "2"
    edit(page, 2, "import numpy as np")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("status")).to_have_text(re.compile("Stopped"), timeout=SLOW)
    said = output(page, 2).inner_text()
    assert "ModuleNotFoundError" in said
    assert "A page has no numpy. Run this in the notebook." in said


def test_where_there_is_a_hub_it_leads_there(
    tmp_path: Path, visit: Callable[..., Visit]
) -> None:
    course = write_run_course(tmp_path / "ledgers", ledger=lessons()["words"])
    text = (course.root / "course.yml").read_text(encoding="utf-8")
    (course.root / "course.yml").write_text(text + (
        "site: {hub: 'https://hub.example', repository: 'https://git.example/a/books',"
        " folder: 'my course'}\n"), encoding="utf-8")
    from kit.course import load_course
    from kit.site.launch import hub_address

    folder = build(load_course(course.root), {}).folder
    page = ready(visit(folder.as_uri() + "/", "lessons/lacking.html")).page
    links = page.get_by_role("link", name="on the hub")
    address = hub_address(load_course(course.root).site, "lessons/lacking.ipynb")
    before = links.count()
    assert before >= 2  # above the lesson, and beside the cell
    page.get_by_role("button", name="Run cell 2").click()
    assert links.count() == before + 1
    assert {link.get_attribute("href") for link in links.all()} == {address}


def test_a_site_has_python_only_while_a_page_needs_it(tmp_path: Path) -> None:
    plain = lessons()["words"]
    course = write_run_course(tmp_path / "ledgers", ledger=plain, lacking=plain)
    python = build(course, {}).folder / "_static" / "python"
    assert (python / "pyodide.asm.wasm").stat().st_size > 5_000_000  # for the journal entry
    assert not (python.parent / "pyodide").exists()
    course = write_run_course(course.root, ledger=plain, lacking=plain, entry=plain)
    build(course, {})
    assert not python.exists()


def test_a_changed_tag_is_seen_by_the_next_build(tmp_path: Path) -> None:
    plain = lessons()["words"]
    without = write_run_course(tmp_path / "ledgers", ledger=plain, entry=plain, lacking=plain)
    folder = build(without, {}).folder
    assert not (folder / "_static" / "python").exists()
    text = f"{lessons()['lacking'].split('```')[0]}{code_cell('1 + 1', 'run')}"
    build(write_run_course(without.root, ledger=plain, entry=plain, lacking=text), {})
    assert "python/run.js" in (folder / "lessons" / "lacking.html").read_text(encoding="utf-8")
    assert (folder / "_static" / "python" / "kit.zip").is_file()


def test_what_a_site_gets_of_the_checkers_is_the_same_each_time() -> None:
    assert packed() == packed()
    with ZipFile(BytesIO(packed())) as archive:
        names = archive.namelist()
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "autograders/accounting/journal.py" in names
    assert [name for name in names if name.startswith("kit/")] == [
        "kit/__init__.py", "kit/lesson/__init__.py", "kit/lesson/judging.py",
        "kit/lesson/markup.py", "kit/lesson/running.py"]
