"""What the home page says of the course."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.model import Assignment, Author, Course
from kit.site.pages.home import home
from kit.site.pages.homework import Handed

DUE = datetime(2027, 1, 21, 22, 59, tzinfo=UTC)


def page(*authors: Author, **more: object) -> str:
    ps1 = Assignment(name="ps1", title="Problem set 1", due=DUE)
    course = Course(root=Path("/nowhere"), id="c", title="C", timezone=ZoneInfo("UTC"),
                    authors=authors, assignments=(ps1,), **more)  # type: ignore[arg-type]
    return home(course, {}, [Handed(assignment=ps1, pages=(), points=None)])


@pytest.mark.parametrize(("affiliation", "shown"), [
    ("", "<dd>Author One, Author Two</dd>"),
    ("North University", "<dd>Author One (North University), Author Two</dd>"),
    ("South College", "<dd>Author One, Author Two</dd>"),  # where the course is given anyhow
    ("<b>R&D</b>", "Author One (&lt;b&gt;R&amp;D&lt;/b&gt;)"),
])
def test_authors_are_shown_with_where_they_work(affiliation: str, shown: str) -> None:
    text = page(Author(name="Author One", affiliation=affiliation), Author(name="Author Two"),
                institution="South College")
    assert shown in text
    assert "<dt>At</dt><dd>South College</dd>" in text


def test_a_date_is_advice_where_learners_set_the_pace() -> None:
    assert "| Due |" in page()
    own = page(pace="self")
    assert "| Suggested by |" in own
    assert "Due" not in own
    assert "<dt>Pace</dt><dd>your own</dd>" in own
