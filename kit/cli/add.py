"""`kit add`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import course_option

if TYPE_CHECKING:
    from kit.course.add import Added
    from kit.model import Course


@click.group()
def command() -> None:
    """Add a lesson, an assignment or a question that works, and change it from there.

    Each passes kit check as it is; course.yml keeps its comments.

    \b
    Example
      kit add lesson "Cash is not profit" --part "The books"
      kit add assignment ps2 "Problem set 2"
      kit add question ps2 "Mean wait" --kind number
    """


@command.command()
@click.argument("title")
@click.option("--part", default=None, help="The part of the book; the last one otherwise.")
@course_option
def lesson(title: str, part: str | None, course_dir: Path | None) -> None:
    """Add a lesson and list it in course.yml.

    \b
    Example
      kit add lesson "Cash is not profit" --part "The books"
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course.add import add_lesson

    course = workflow.load(course_dir)
    _tell(course, add_lesson(course, title, part=part), "lesson",
          [(terminal.command("preview"), "look at it in the book")])


@command.command()
@click.argument("name")
@click.argument("title", required=False)
@course_option
def assignment(name: str, title: str | None, course_dir: Path | None) -> None:
    """Add an assignment with one question, due a week after the last.

    \b
    Example
      kit add assignment ps2 "Problem set 2"
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course.add import add_assignment

    course = workflow.load(course_dir)
    _tell(course, add_assignment(course, name, title or name), "assignment",
          [(terminal.command("add", "question", name, "A title"), "add another question"),
           (terminal.command("check", name), "see that it works")])


@command.command()
@click.argument("assignment")
@click.argument("title")
@click.option("--kind", default="number", show_default=True,
              help="number, function, table, written or task.")
@click.option("--notebook", default=None, help="Which notebook; the last one otherwise.")
@course_option
def question(
    assignment: str, title: str, kind: str, notebook: str | None, course_dir: Path | None
) -> None:
    """Append a question with a solution, visible tests and hidden tests.

    \b
    Example
      kit add question ps1 "Mean wait" --kind number
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course.add import add_question

    course = workflow.load(course_dir)
    added = add_question(course, assignment, title, kind=kind, notebook=notebook)
    _tell(course, added, "question",
          [(terminal.command("check", assignment), "see that it works")])


def _tell(course: Course, added: Added, what: str, steps: list[tuple[str, str]]) -> None:
    from kit.cli import terminal
    from kit.errors import typed

    path = added.path.relative_to(course.root).as_posix()
    terminal.result("added", f"{what} in {path}", [("", note) for note in added.notes])
    look = typed("jupyter", "lab", terminal.here(added.path))
    terminal.next_steps([(look, "make it yours"), *steps])
