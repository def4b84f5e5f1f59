from __future__ import annotations

import re
from pathlib import Path

from gradebookfile import opened
from hypothesis import given
from hypothesis import strategies as st

from kit.gradebook import database, schema

from .conftest import make_course


def statements(path: Path) -> dict[str, str]:
    with opened(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: re.sub(r"\s+", " ", sql).strip(" ;") for name, sql in rows}


def test_a_new_gradebook_is_nbgraders_statement_by_statement(tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{tmp_path / 'theirs.db'}", "demo-101"):
        pass
    course = make_course(tmp_path)
    with database.writing(course):
        pass
    theirs, ours = statements(tmp_path / "theirs.db"), statements(tmp_path / "gradebook.db")
    assert {name: ours[name] for name in theirs} == theirs
    assert all(name.startswith("kit_") for name in ours.keys() - theirs.keys())
    with opened(tmp_path / "theirs.db") as a, opened(
            tmp_path / "gradebook.db") as b:
        for query in ("SELECT * FROM alembic_version", "SELECT * FROM course"):
            assert a.execute(query).fetchall() == b.execute(query).fetchall()


@given(st.integers(min_value=2, max_value=200))
def test_ids_are_distinct_and_nbgraders_length(count: int) -> None:
    ids = [schema.new_id() for _ in range(count)]
    assert len(set(ids)) == count
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in ids)


def test_ids_sort_by_time(monkeypatch) -> None:
    moments = iter(range(1_000_000_000_000, 1_000_000_000_000 + 50_000_000, 1_000_000))
    monkeypatch.setattr(schema.time, "time_ns", lambda: next(moments))
    ids = [schema.new_id() for _ in range(50)]
    assert ids == sorted(ids)
