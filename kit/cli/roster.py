"""`kit roster`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.course.roster_import import RosterChange
    from kit.model import Learner

_SHOWN = 20


@click.group(invoke_without_command=True)
@course_option
@json_option
@click.pass_context
def command(ctx: click.Context, course_dir: Path | None, as_json: bool) -> None:
    """Show the roster, or import one from an LMS.

    \b
    Example
      kit roster
      kit roster import ~/Downloads/participants.csv
    """
    ctx.obj = course_dir
    if ctx.invoked_subcommand is not None:
        return
    from kit import workflow
    from kit.cli import terminal
    from kit.course import load_roster

    course = workflow.load(course_dir)
    learners = load_roster(course).learners
    if as_json:
        terminal.emit_json({"learners": [_as_json(learner) for learner in learners]})
        return
    if learners:
        terminal.table(
            ["id", "name", "e-mail", "LMS id", "section"],
            [[one.id, f"{one.first_name} {one.last_name}".strip(), one.email, one.lms_id,
              one.section] for one in learners])
    terminal.result(course.id, f"{terminal.count(len(learners), 'learner')} in roster.csv")
    if not learners:
        terminal.next_steps([(terminal.command("roster", "import", "FILE.csv"),
                              "bring them in from your LMS")])


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--id-column", default="", metavar="NAME",
              help="The column that holds the id; guessed otherwise.")
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@course_option
@json_option
@click.pass_obj
def import_command(
    outer: Path | None, file: Path, id_column: str, dry_run: bool, course_dir: Path | None,
    as_json: bool,
) -> None:
    """Merge an LMS's export (Canvas, Moodle, any CSV) into roster.csv; nobody is removed.

    \b
    Example
      kit roster import ~/Downloads/participants.csv
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course.roster_import import import_roster

    course = workflow.load(course_dir or outer)
    change = import_roster(course, file, id_column=id_column, dry_run=dry_run)
    if as_json:
        terminal.emit_json({
            "added": [_as_json(one) for one in change.added],
            "changed": [{"before": _as_json(old), "after": _as_json(new)}
                        for old, new in change.changed],
            "gone": [one.id for one in change.gone],
            "passed_over": [list(pair) for pair in change.passed_over],
            "written": not dry_run and bool(change.added or change.changed),
        })
        return
    _show(course.id, change, dry_run=dry_run)


def _show(label: str, change: RosterChange, *, dry_run: bool) -> None:
    from kit.cli import terminal

    parts = [f"{len(change.added):,} added", f"{len(change.changed):,} changed",
             f"{change.unchanged:,} as before"]
    if change.gone:
        parts.append(f"{len(change.gone):,} not in the file (kept)")
    if dry_run:
        parts.append("nothing written")
    details = [(one.id, f"new   {one.name}" if one.name != one.id else "new")
               for one in change.added]
    details += [(old.id, _difference(old, new)) for old, new in change.changed]
    details += [(one.id, "not in the file; kept in roster.csv") for one in change.gone]
    details += list(change.passed_over)
    if len(details) > _SHOWN:
        details = [*details[:_SHOWN],
                   (f"and {len(details) - _SHOWN:,} more", "see them with --json")]
    terminal.result(label, "   ".join(parts), details)
    terminal.next_steps([(terminal.again(without="dry_run"), "write it") if dry_run
                         else (terminal.command("roster"), "look at it")])


def _difference(old: Learner, new: Learner) -> str:
    columns = ("first_name", "last_name", "email", "lms_id", "section")
    return "; ".join(
        f"{column.replace('_', ' ')}: {getattr(old, column) or 'none'} → {getattr(new, column)}"
        for column in columns if getattr(old, column) != getattr(new, column))


def _as_json(learner: Learner) -> dict[str, str]:
    from dataclasses import asdict

    return asdict(learner)
