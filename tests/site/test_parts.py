"""Components of a lesson on the built page: alive by our own few kilobytes alone."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit, served
from tinycourse import write_course

from kit.course import load_course
from kit.lesson import bars, predict, quiz
from kit.model import Course
from kit.site import build
from kit.site.lessons.parts import levelled, part_html
from kit.site.lessons.widgets import as_parts

QUIZ = """\
```{code-cell}
:tags: [remove-input]
from kit.lesson import quiz

quiz("Can she pay 50?", {"Yes": "Where is the cash?", "No": "There is 12 of it."}, right="No")
```
"""
HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Components

"""
WIDGET = """
```{code-cell}
import ipywidgets as widgets

widgets.IntSlider(description="How many")
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built course: its first lesson has a component, its second another widget as well."""
    root = tmp_path_factory.mktemp("parts") / "tiny"
    write_course(root)
    (root / "lessons" / "numbers.md").write_text(HEAD + QUIZ, encoding="utf-8")
    (root / "lessons" / "words.md").write_text(HEAD + QUIZ + WIDGET, encoding="utf-8")
    return build(load_course(root), {}).folder


def test_a_page_of_our_components_loads_no_widget_manager(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        seen = visit(base, "lessons/numbers.html")
        loaded = seen.page.evaluate(
            "performance.getEntriesByType('resource').map((one) => one.name)")
        ours = [name for name in loaded if "/parts/" in name and name.endswith(".js")]
        assert sorted(Path(name).name for name in ours) == ["host.js", "quiz.js"]
        assert not [name for name in loaded if "widgets" in name]
        seen.page.get_by_label("Yes").check()
        seen.page.get_by_role("button", name="Check").click()
        assert "Where is the cash?" in seen.page.locator("section.cp").inner_text()
        seen.page.reload()
        assert seen.page.locator("section.cp[data-state=wrong]").count() == 1
        kept = seen.page.evaluate("Object.keys(localStorage).filter((one) => one.includes(':'))")
        assert sorted(name.rsplit("-", 1)[0] for name in kept) == [
            "tiny:lessons/numbers", "tiny:lessons/numbers:quiz"]
        assert (seen.foreign, seen.errors) == ([], [])
    sent = [gzip.compress((site / "_static" / "parts" / name).read_bytes())
            for name in ("host.js", "quiz.js")]
    assert sum(map(len, sent)) < 10_000


def test_beside_another_widget_both_are_drawn(site: Path, visit: Callable[..., Visit]) -> None:
    with served(site) as base:
        seen = visit(base, "lessons/words.html")
        seen.page.wait_for_selector(".widget-slider")
        seen.page.get_by_label("No").check()
        seen.page.get_by_role("button", name="Check").click()
        assert seen.page.locator("section.cp[data-state=right]").count() == 1
        assert (seen.foreign, seen.errors) == ([], [])
    page = (site / "lessons" / "words.html").read_text(encoding="utf-8")
    state = page.split('application/vnd.jupyter.widget-state+json">')[1].split("</script>")[0]
    models = json.loads(state)["state"].values()
    assert {"IntSliderModel", "SliderStyleModel"} <= {one["model_name"] for one in models}
    assert "AnyModel" not in {one["model_name"] for one in models}


def test_from_a_file_and_without_scripts_the_question_stands_there(
    site: Path, visit: Callable[..., Visit]
) -> None:
    seen = visit(site.as_uri() + "/", "lessons/numbers.html")
    seen.page.get_by_label("No").check()
    seen.page.get_by_role("button", name="Check").click()
    assert seen.page.locator("section.cp[data-state=right]").count() == 1
    bare = visit(site.as_uri() + "/", "lessons/numbers.html", java_script_enabled=False)
    assert "Can she pay 50?" in bare.page.locator("main").inner_text()


def test_the_page_does_not_show_the_answer_at_a_glance(site: Path) -> None:
    page = (site / "lessons" / "numbers.html").read_text(encoding="utf-8")
    assert "Can she pay 50?" in page
    assert "There is 12 of it" not in page
    assert "There is 12 of it" not in (site / "searchindex.js").read_text(encoding="utf-8")


def test_code_from_elsewhere_is_refused(site: Path, visit: Callable[..., Visit]) -> None:
    with served(site) as base:
        seen = visit(base, "lessons/numbers.html")
        refused = seen.page.evaluate(
            "() => new Promise((done) => {"
            " document.addEventListener('securitypolicyviolation', (it) => done("
            "[it.effectiveDirective, it.blockedURI]));"
            " const script = document.createElement('script');"
            " script.src = 'https://example.org/x.js'; document.head.append(script); })")
        assert refused == ["script-src-elem", "https://example.org/x.js"]


def test_progress_is_told_in_the_lesson_and_for_the_course_and_can_be_erased(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        page = visit(base, "lessons/numbers.html").page
        assert "0 of 1 answered. Kept in this browser alone." in page.locator(".kept").inner_text()
        page.get_by_label("No").check()
        page.get_by_role("button", name="Check").click()
        assert "1 of 1 answered, 1 of them right" in page.locator(".kept").inner_text()
        page.get_by_role("link", name="Your progress").click()
        page.wait_for_selector("html[data-parts=drawn] [data-lesson]")
        rows = page.locator("[data-lesson]")
        assert [row.locator(".state").inner_text() for row in rows.all()] == [
            "1 of 1 answered, 1 of them right", "not opened yet"]
        with page.expect_download() as saved:
            page.get_by_role("button", name="Export").click()
        answers = json.loads(saved.value.path().read_text())
        assert answers["course"] == "tiny"
        (answer,) = (one for name, one in answers["answers"].items() if "quiz" in name)
        assert (answer["chosen"], answer["right"], answer["tries"]) == ([1], True, 1)
        page.get_by_role("button", name="Erase").click()
        page.get_by_role("button", name="Yes, erase").click()
        page.wait_for_load_state()
        assert page.locator(".state").first.inner_text() == "not opened yet"
        assert page.evaluate("Object.keys(localStorage).filter((one) => one != 'theme')") == []


def test_a_course_without_components_has_no_page_of_progress(tiny: tuple[Course, Path]) -> None:
    assert not (tiny[1] / "progress.html").exists()


def test_a_component_before_the_first_section_has_a_title_of_the_second_level() -> None:
    drawn = predict("Above or below?", {"Above": "Higher.", "Below": "Lower."}, was="Below",
                    outcome=bars({"Cash": 1, "Profit": 2}))
    for part in (drawn, quiz("How many?", right=1, why="$1$", otherwise="Count.")):
        page = part_html(part.spec, part.static_html())
        first, second = levelled(f"<h1>A</h1>{page}<h2>B</h2>{page}").split("<h2>B</h2>")
        assert 'data-level="2"' in first
        assert 'aria-level="2"' in first
        assert "level" not in second


def test_what_a_component_tells_its_author_stays_off_the_page() -> None:
    told = {"output_type": "stream", "name": "stderr", "text": "x.py:1: PageBudgetWarning: wide\n"}
    other = {"output_type": "stream", "name": "stderr", "text": "DeprecationWarning: old\n"}
    assert as_parts([[told, other]], {}) == ([[other]], {})
