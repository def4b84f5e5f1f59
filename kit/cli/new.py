"""`kit new`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from kit.cli.options import Day, Zone


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--template", default=None, help="accounting, statistics or blank.")
@click.option("--title", default=None, help="Title; the template's own otherwise.")
@click.option("--author", default=None, help="Your name.")
@click.option("--email", default=None, help="Your e-mail address.")
@click.option("--institution", default=None, help="Who gives the course.")
@click.option("--start", type=Day(), default=None, metavar="DATE",
              help="First day of the course, as 2027-01-11; dates follow from it.")
@click.option("--timezone", type=Zone(), default=None, metavar="ZONE",
              help="Where dates are local, as Europe/Berlin.")
def command(
    folder: Path | None, template: str | None, start: date | None, **answers: str | None
) -> None:
    """Scaffold a course from a template in FOLDER; asks for what is not stated.

    \b
    Example
      kit new accounting-101 --template accounting --start 2027-01-11
    """
    from kit.cli import terminal
    from kit.course.scaffold import scaffold, template_names
    from kit.errors import TemplateError, typed
    from kit.site import derive_book_config

    asked = folder is None or template is None
    if asked and not _can_ask():
        raise TemplateError("a folder and a template are needed",
                            hint="kit new accounting-101 --template "
                                 f"{'|'.join(template_names())}")
    if template is None:
        template = click.prompt("Template", type=click.Choice(template_names()))
    if folder is None:
        folder = Path(click.prompt("Folder", default=f"{template}-101"))
    given: dict[str, Any] = {key: value for key, value in answers.items() if value is not None}
    if start is not None:
        given["start"] = start
    if asked:
        _ask(given, folder, template)
    with terminal.working(f"making {folder}"):
        course = scaffold(template, folder, given, finish=derive_book_config)
    notes = [] if course.id == folder.resolve().name else [
        ("id", f"{course.id}, as the folder's name cannot be one; change it in course.yml")]
    lessons, homework = len(course.lessons), len(course.assignments)
    terminal.result(course.id, f"{course.title}: {terminal.count(lessons, 'lesson')}, "
                               f"{terminal.count(homework, 'assignment')} in {folder}/", notes)
    first = course.assignments[0].name if course.assignments else "ps1"
    terminal.next_steps([
        (typed("cd", folder), "go there; course.yml describes the course"),
        (terminal.command("check"), "find what is wrong before learners do"),
        (terminal.command("build"), "make the site"),
        (terminal.command("release", first), "make the learners' version of the homework"),
    ])


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _ask(given: dict[str, Any], folder: Path, template: str) -> None:
    from kit.course.scaffold import default_answers

    defaults = default_answers(folder.name, template)
    for key, question, kind in (
        ("title", "Title", str), ("author", "Your name (may stay empty)", str),
        ("institution", "Institution (may stay empty)", str),
        ("start", "First day, as 2027-01-11", Day()),
        ("timezone", "Timezone, as Europe/Berlin", Zone()),
    ):
        if key not in given:
            default = str(defaults[key])
            given[key] = click.prompt(question, default=default, type=kind,
                                      show_default=bool(default))
