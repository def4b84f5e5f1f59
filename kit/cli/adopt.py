"""`kit adopt`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
def command(folder: Path) -> None:
    """Write a course.yml for the nbgrader course in FOLDER, and change nothing else.

    Names, due dates, the timezone and limits come from source/, nbgrader_config.py and
    gradebook.db as they stand. nbgrader itself goes on working in the folder.

    \b
    Example
      kit adopt ~/teaching/stats-101
    """
    from kit import workflow
    from kit.cli import terminal

    course, notes = workflow.adopt(folder.resolve())
    homework = terminal.count(len(course.assignments), "assignment")
    notebooks = sum(len(assignment.notebooks) for assignment in course.assignments)
    terminal.result(course.id, f"course.yml describes {homework}, "
                               f"{terminal.count(notebooks, 'notebook')}; nothing else changed",
                    [("note", note) for note in notes])
    first = course.assignments[0].name if course.assignments else "ps1"
    terminal.next_steps([
        (terminal.command("check"), "what nbgrader would stumble over"),
        (terminal.command("status"), "where each assignment stands"),
        (terminal.command("grade", first, "--diff"),
         "compare with the marks you have; nothing is written"),
    ])
