"""`kit reschedule`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from kit.cli.options import Day, course_option, json_option


@click.command()
@click.option("--start", required=True, type=Day(), metavar="DATE",
              help="First day of the new term, as 2027-09-06.")
@click.option("--extensions/--no-extensions", default=None,
              help="Shift extensions.csv too; asked otherwise.")
@click.option("--dry-run", is_flag=True, help="Show the dates and write nothing.")
@course_option
@json_option
def command(
    start: date, extensions: bool | None, dry_run: bool, course_dir: Path | None,
    as_json: bool,
) -> None:
    """Shift all dates of the course so that it starts on another day.

    Times of day, comments and layout of course.yml stay as they are.

    \b
    Example
      kit reschedule --start 2027-09-06 --dry-run
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course.reschedule import reschedule

    course = workflow.load(course_dir)
    there = (course.root / "extensions.csv").is_file()
    if extensions is None and there and not as_json and sys.stdin.isatty():
        extensions = click.confirm("Shift the dates in extensions.csv too?", default=False)
    done = reschedule(course, start, extensions=bool(extensions), dry_run=dry_run)
    if as_json:
        terminal.emit_json({
            "days": done.days, "written": not dry_run and done.days != 0,
            "dates": [{"file": one.file, "line": one.line, "what": one.what,
                       "before": one.before, "after": one.after} for one in done.shifts]})
        return
    terminal.table(["date", "before", "after"],
                   [[one.what, one.before, one.after] for one in done.shifts])
    moved = (f"{terminal.count(len(done.shifts), 'date')} shifted by "
             f"{done.days:+,} {'day' if abs(done.days) == 1 else 'days'}")
    notes = []
    if not done.same_weekdays:
        notes.append(("note", "weekdays change: the shift is no whole number of weeks"))
    if there and not extensions:
        notes.append(("note", "extensions.csv stays as it is; --extensions shifts it too"))
    terminal.result(course.id, moved + (", nothing written" if dry_run else ""), notes)
    terminal.next_steps([
        (terminal.again(without="dry_run"), "write it") if dry_run
        else (terminal.command("check"), "see whether all dates still agree")])
