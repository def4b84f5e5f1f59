from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.feedback import hidden, write_feedback
from kit.feedback.sanitise import clean
from kit.model import (
    Assignment,
    CellKind,
    Course,
    FeedbackPolicy,
    GradeRow,
    HiddenTests,
    Markers,
    Release,
    Repair,
    Review,
    Roster,
)

from .conftest import CELLS, NOW, _meta


def page(
    course: Course, release: Release, row: GradeRow, policy: FeedbackPolicy | None = None
) -> str:
    assignment = replace(course.assignments[0], feedback=policy or FeedbackPolicy())
    made = list(write_feedback(course, assignment, release, [row], now=NOW,
                               autograded=course.root / "autograded"))
    assert [feedback.learner for feedback in made] == ["learner-0001"]
    assert made[0].path == course.root / "feedback" / "learner-0001" / "ps1" / "p1.html"
    return made[0].path.read_text("utf-8")


def test_no_hidden_test_reaches_the_page(course: Course, release: Release, row: GradeRow) -> None:
    graded = (course.root / "autograded/learner-0001/ps1/p1.ipynb").read_text("utf-8")
    for canary in ("canary-comment", "canary_limit", "canary-message", "canary-fstring",
                   "canary-all-hidden", "canary-scheme"):
        assert canary in graded, "the hand-in holds it, so the test can fail"
    html = page(course, release, row)
    assert "canary" not in html.lower()
    assert "BEGIN HIDDEN" not in html
    assert "[4, 5, 6]" not in html


def test_what_learners_may_see_is_there(course: Course, release: Release, row: GradeRow) -> None:
    html = page(course, release, row)
    assert "<b>2.5</b> <span>of 10 points</span>" in html
    assert "Handed in 2 h 0 min late; 0.5 points taken off" in html
    assert "A test that is not shown did not pass." in html
    assert "About: three items" in html
    assert "honest output: 42" in html
    assert "It stopped at this line" in html
    assert "mean gave 7" in html, "a cell without hidden tests shows its message"
    assert "got 2" not in html, "beside hidden tests only words of the released text are shown"
    assert "Say &lt;i&gt;why&lt;/i&gt;." in html
    assert "<td>kept</td>" in html


@pytest.mark.parametrize(("shows", "seen", "unseen"), [
    ("message", ["canary-all-hidden with 1 items"], ["canary-comment", "[4, 5, 6]"]),
    ("source", ["canary-comment", "called with [4, 5, 6]", "canary-scheme"], []),
])
def test_more_is_shown_from_its_date_on(
    course: Course, release: Release, row: GradeRow, shows: HiddenTests, seen: list[str],
    unseen: list[str],
) -> None:
    early = FeedbackPolicy(hidden_tests=shows, after=NOW + timedelta(days=1))
    assert "canary" not in page(course, release, row, early)
    html = page(course, release, row, replace(early, after=NOW))
    assert all(text in html for text in seen)
    assert not any(text in html for text in unseen)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


def test_nothing_runs_and_nothing_is_asked_of_others(
    course: Course, release: Release, row: GradeRow
) -> None:
    html = page(course, release, row)
    for tag, attributes in elements(html):
        assert tag not in {"script", "iframe", "object", "embed", "form", "link", "base"}
        assert not any(name.startswith("on") for name in attributes)
        source = attributes.get("src")
        assert source is None or source.startswith("data:image/")
        assert not (attributes.get("href") or "").startswith(("javascript:", "data:"))
    assert "evil.example/a.png" not in html
    assert "default-src 'none'" in html
    assert not re.search(r"url\(|@import", html)


@given(st.text(alphabet="<>/=\"' abscriptonml&;:#x0-!", max_size=80))
def test_cleaned_html_has_only_harmless_elements(text: str) -> None:
    html, _ = clean(text)
    again, _ = clean(html)
    assert again == html
    for tag, attributes in elements(html):
        assert set(attributes) <= {"colspan", "rowspan"}
        assert tag not in {"script", "style"}


def test_pending_shows_as_pending(course: Course, release: Release, row: GradeRow) -> None:
    waiting = replace(row, pending=(Review(code="timeout", reason="t-mixed ran past its 30 s",
                                           notebook="p1", grade_id="t-mixed"),))
    html = page(course, release, waiting)
    assert "<b>Pending</b>" in html
    assert "t-mixed ran past its 30 s" in html
    assert "being looked at" in html


def test_a_hand_in_that_cannot_be_read_gets_its_reason(
    course: Course, release: Release, row: GradeRow
) -> None:
    shutil.rmtree(course.root / "autograded")
    html = page(course, release, replace(row, score=0.0, cells=(), pending=(
        Review(code="unreadable", notebook="p1", reason="cannot be read: line 1 is not JSON"),)))
    assert "p1.ipynb cannot be read: line 1 is not JSON" in html
    assert "The notebook itself cannot be shown." in html


def with_solutions(release: Release) -> Release:
    (book,) = release.notebooks
    cells = tuple(replace(cell, solution="def total(items):\n    return released_answer(items)")
                  if cell.grade_id == "total" else cell for cell in book.cells)
    return replace(release, notebooks=(replace(book, cells=cells),))


def write_source(course: Course, *, change: str = "") -> None:
    """The author's notebook of what was released, one of its cells changed since."""
    from kit import notebook as notebooks

    cells = []
    for known in CELLS:
        text = known.source
        if known.kind is CellKind.ANSWER:
            text = ("def total(items):\n    ### BEGIN SOLUTION\n    return source_answer(items)\n"
                    "    ### END SOLUTION")
        made = {"cell_type": known.cell_type, "metadata": _meta(known),
                "source": text + (" # changed" if known.grade_id == change else "")}
        cells.append(made | ({"outputs": [], "execution_count": None}
                             if known.cell_type == "code" else {}))
    notebooks.write({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells},
                    course.root / "source/ps1/p1.ipynb")


def test_what_was_expected_is_the_answer_to_what_was_released(
    course: Course, release: Release, row: GradeRow
) -> None:
    write_source(course, change="t-plain")  # changed since, which must not matter
    assert "What was expected" not in page(course, with_solutions(release), row)
    html = page(course, with_solutions(release), row, FeedbackPolicy(expected=True))
    assert "What was expected" in html
    assert "released_answer" in html
    assert "source_answer" not in html


@pytest.mark.parametrize("change", ["", "t-plain", "essay"])
def test_source_tells_what_was_expected_only_while_it_is_what_was_released(
    course: Course, release: Release, row: GradeRow, change: str
) -> None:
    write_source(course, change=change)
    html = page(course, release, row, FeedbackPolicy(expected=True))
    assert ("source_answer" in html) is not bool(change)
    assert ("What was expected" in html) is not bool(change)
    assert "BEGIN SOLUTION" not in html


def test_hidden_text_in_a_cell_that_is_not_graded_stays_off_the_page(
    course: Course, release: Release, row: GradeRow
) -> None:
    from kit import notebook as notebooks

    path = course.root / "autograded/learner-0001/ps1/p1.ipynb"
    graded = notebooks.read(path)
    by_name = {cell.grade_id: cell for cell in CELLS}
    doubled = {"cell_type": "code", "metadata": _meta(by_name["t-mixed"]), "outputs": [],
               "execution_count": None, "source": by_name["t-mixed"].source}
    own = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
           "source": "kept_line = 1\n" + by_name["t-hidden"].source}
    prose = {"cell_type": "markdown", "metadata": {},
             "source": "A kept sentence.\n\n" + by_name["essay"].source}
    graded["cells"] += [doubled, own, prose]
    notebooks.write(graded, path)
    html = page(course, release, row)
    assert "canary" not in html.lower()
    assert "kept_line" in html
    assert "A kept sentence." in html
    assert hidden.PLACEHOLDER in html


def test_several_notebooks_get_an_index(course: Course, release: Release, row: GradeRow) -> None:
    two = replace(release, notebooks=(*release.notebooks,
                                      replace(release.notebooks[0], name="p2")))
    made = list(write_feedback(course, course.assignments[0], two, [row], now=NOW,
                               autograded=course.root / "autograded"))
    folder = course.root / "feedback/learner-0001/ps1"
    assert made[0].path == folder / "index.html"
    assert {p.name for p in folder.iterdir()} == {"index.html", "p1.html", "p2.html"}
    assert 'href="p1.html#q-t-plain"' in made[0].path.read_text("utf-8")


def test_a_team_mate_sees_the_teams_work(course: Course, release: Release, row: GradeRow) -> None:
    team = ("learner-0001", "learner-0002")
    roster = Roster(teams={"ps1": dict.fromkeys(team, team)})
    made = list(write_feedback(
        course, course.assignments[0], release, [replace(row, learner="learner-0002")], now=NOW,
        autograded=course.root / "autograded", roster=roster))
    assert "honest output: 42" in made[0].path.read_text("utf-8")


def test_who_handed_in_nothing_gets_no_page(course: Course, release: Release) -> None:
    nothing = GradeRow(assignment="ps1", learner="learner-0009", score=None, max_score=10)
    assert list(write_feedback(course, course.assignments[0], release, [nothing], now=NOW,
                               autograded=course.root / "autograded")) == []


def test_a_hundred_pages_take_seconds(course: Course, release: Release, row: GradeRow) -> None:
    import time

    rows = []
    for number in range(100):
        learner = f"learner-{number:04d}"
        if number != 1:
            shutil.copytree(course.root / "autograded/learner-0001",
                            course.root / "autograded" / learner)
        rows.append(replace(row, learner=learner))
    started = time.perf_counter()
    assert len(list(write_feedback(course, course.assignments[0], release, rows, now=NOW,
                                   autograded=course.root / "autograded"))) == 100
    assert time.perf_counter() - started < 15


@given(st.sampled_from(CELLS), st.text(alphabet=" \n\\'\"", max_size=3))
def test_redaction_finds_a_line_however_it_is_quoted(cell, noise) -> None:
    release = Release(assignment="ps1", notebooks=())
    from kit.model import ReleasedNotebook

    release = replace(release, notebooks=(ReleasedNotebook(name="p1", cells=CELLS),))
    secrets = hidden.secrets_of(release, Markers())
    for number in hidden.hidden_lines(cell, Markers()):
        line = cell.source.split("\n")[number - 1].strip()
        if "canary" in line:
            assert "canary" not in secrets.redact(noise.join(("before", repr(line), "after")))


def test_nothing_is_secret_in_a_release_without_hidden_parts() -> None:
    assert hidden.secrets_of(Release(assignment="a", notebooks=()), Markers()).pieces == ()
    assert Assignment(name="a", title="A").feedback.hidden_tests == "tag"


def test_a_release_that_the_markers_do_not_explain_hides_the_whole_cell() -> None:
    text = "assert a\n### BEGIN HIDDEN TESTS\nassert b\n### END HIDDEN TESTS\n# SECRET\nassert c"
    cell = replace(next(one for one in CELLS if one.grade_id == "t-plain"), source=text)
    # A step of the author's own took more away than the markers enclose.
    assert hidden.hidden_lines(replace(cell, released="assert a"), Markers()) == set(range(1, 7))
    told = replace(cell, released="assert a\n# SECRET \nassert c")
    assert hidden.hidden_lines(told, Markers()) == {2, 3, 4}
    # Nothing was taken away, so the markers tell.
    assert hidden.hidden_lines(replace(cell, released=text), Markers()) == {2, 3, 4}
    unbalanced = replace(cell, source="### BEGIN HIDDEN TESTS\nassert b")
    assert hidden.hidden_lines(unbalanced, Markers()) == {1, 2}


@pytest.mark.parametrize(("count", "folded"), [(1, False), (4, False), (5, True), (20, True)])
def test_what_was_mended_is_told_and_much_of_it_is_folded(
        course: Course, release: Release, row: GradeRow, count: int, folded: bool) -> None:
    mended = tuple(Repair(code="metadata", message=f"<b>cell {number}</b> got it back")
                   for number in range(count))
    made = list(write_feedback(
        course, course.assignments[0], release, [row], now=NOW,
        autograded=course.root / "autograded", repairs={"learner-0001": mended}))
    text = made[0].path.read_text("utf-8")
    assert all(f"<li>&lt;b&gt;cell {number}&lt;/b&gt; got it back</li>" in text
               for number in range(count))
    assert (f"<details><summary>Show the {count} things that were mended" in text) is folded
    assert ("<p>Mended before grading; the score stands:</p>" in text) is not folded
