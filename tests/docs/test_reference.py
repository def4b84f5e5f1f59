"""The reference pages are what the code says today."""

from __future__ import annotations

from pathlib import Path

import make_reference as made
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", made.PAGES)
def test_a_reference_page_is_up_to_date(name: str) -> None:
    stored = (DOCS / name).read_text(encoding="utf-8")
    assert stored == made.page(name), "run: python docs/make_reference.py"


def test_every_command_and_every_key_has_its_entry() -> None:
    from kit.cli.main import COMMANDS
    from kit.course.schema import CourseEntry

    commands = made.page("commands.md")
    assert all(f"### kit {name}\n" in commands for name in COMMANDS)
    course = made.page("course.md")
    assert all(f"| `{key}` |" in course for key in CourseEntry.model_fields)


def test_every_option_says_what_it_does() -> None:
    assert "`--course DIR` |  |" not in made.page("commands.md")
    assert "|  |\n" not in made.page("commands.md")


def test_every_public_name_says_what_it_is() -> None:
    empty = [line for line in made.page("python.md").splitlines()
             if line.startswith("- `") and not line.partition("`: ")[2].strip()]
    assert empty == []
