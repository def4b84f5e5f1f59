"""`kit release`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.model import Course
    from kit.release import Made


@click.command()
@assignment_argument
@click.option("--force", is_flag=True,
              help="Release although kit check finds errors, or cells came or went.")
@course_option
@json_option
def command(assignment: str, force: bool, course_dir: Path | None, as_json: bool) -> None:
    """Make the learners' version of an assignment, and a zip to hand out.

    Solutions, hidden tests and mark schemes are taken out as nbgrader does it; nbgrader's
    gradebook gets its rows. Text, tests and points may change after learners handed in, and
    each change is told; cells may not come or go then.

    \b
    Example
      kit release ps1
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course import assignment_of

    course = workflow.load(course_dir)
    chosen = assignment_of(course, assignment)
    with terminal.live(assignment, failures="failed") as tell:
        made = workflow.release(course, chosen, force=force, on_progress=tell)
    if as_json:
        terminal.emit_json(_plain(course, made))
        return
    release = made.release
    notebooks = terminal.count(len(release.notebooks), "notebook")
    terminal.result(assignment, f"released: {notebooks}, {release.max_points:g} points",
                    [("folder", _shown(course, made.folder)),
                     ("zip", _shown(course, made.archive)),
                     *((change.where, change.message) for change in made.changes)])
    if made.after_submissions and made.changes:
        terminal.next_steps([
            (terminal.command("grade", assignment, "--diff"), "what the changes do to the marks"),
            (terminal.command("grade", assignment), "grade again with them"),
        ])
    else:
        terminal.next_steps([
            (terminal.command("collect", assignment, "DOWNLOADS"), "when learners have handed in"),
        ])


def _shown(course: Course, path: Path) -> str:
    try:
        return path.relative_to(course.root.resolve()).as_posix()
    except ValueError:
        return str(path)


def _plain(course: Course, made: Made) -> dict[str, object]:
    release = made.release
    return {
        "assignment": release.assignment,
        "digest": release.digest,
        "max_points": release.max_points,
        "notebooks": [notebook.name for notebook in release.notebooks],
        "files": [file.path for file in release.files],
        "folder": _shown(course, made.folder),
        "archive": _shown(course, made.archive),
        "after_submissions": made.after_submissions,
        "changes": [{"where": change.where, "message": change.message}
                    for change in made.changes],
    }
