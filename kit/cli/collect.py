"""`kit collect`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.collect import Collected, UnknownTimes, Ways
    from kit.model import Course

_SHOWN = 20


@click.command()
@assignment_argument
@click.argument("origin", required=False, type=click.Path(path_type=Path))
@click.option("--times", "times_table", metavar="FILE",
              type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Moodle's grading worksheet, or a CSV with a time a learner.")
@click.option("--received-at", metavar="TIME", help="One time for everything in this download.")
@click.option("--unknown-times-as", metavar="on-time|TIME",
              help="What to take where nothing tells the time.")
@click.option("--match", "matches", multiple=True, metavar="LABEL=LEARNER",
              help="Whose an unmatched submission is; may be repeated.")
@click.option("--prefer", type=click.Choice(["latest", "in-time"]), default="latest",
              show_default=True, help="Which version is graded: the latest, or the latest in time.")
@course_option
@json_option
def command(
    assignment: str, origin: Path | None, course_dir: Path | None, as_json: bool,
    **given: str | Path | tuple[str, ...] | None,
) -> None:
    """Take in what learners handed in, from an exchange, an LMS's download or a folder.

    ORIGIN is a folder or a zip; without it the nbgrader exchange is used. Every version is
    kept, and the one to grade goes to submitted/. Times are the LMS's, never today's.

    \b
    Example
      kit collect ps1 ~/Downloads/ps1-submissions.zip
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course import assignment_of

    course = workflow.load(course_dir)
    wanted = assignment_of(course, assignment)
    ways = _ways(course, given)
    with terminal.live(assignment, failures="refused") as on_progress:
        found = workflow.collect(course, wanted, origin, ways=ways, on_progress=on_progress)
    if as_json:
        terminal.emit_json(_as_json(found))
        return
    _show(found)


def _ways(course: Course, given: dict[str, str | Path | tuple[str, ...] | None]) -> Ways:
    from kit.collect import Ways

    received, unknown = given["received_at"], given["unknown_times_as"]
    table, prefer, matches = given["times_table"], given["prefer"], given["matches"]
    answer: UnknownTimes
    if unknown is not None:
        answer = _answer(str(unknown), course)
    else:
        answer = _asking(course) if sys.stdin.isatty() else None
    return Ways(
        received_at=_moment(str(received), course) if received is not None else None,
        unknown_times=answer,
        times_table=table if isinstance(table, Path) else None,
        by_hand=dict(_pair(text) for text in matches) if isinstance(matches, tuple) else {},
        prefer="in-time" if prefer == "in-time" else "latest",
    )


def _pair(text: str) -> tuple[str, str]:
    label, sign, learner = text.rpartition("=")
    if not sign or not label or not learner:
        raise click.BadParameter(f"{text!r} is not LABEL=LEARNER", param_hint="--match")
    return label, learner


def _answer(text: str, course: Course) -> datetime | Literal["on-time"]:
    return "on-time" if text.strip().casefold() in ("on-time", "on time") else _moment(text, course)


def _moment(text: str, course: Course) -> datetime:
    from kit.collect.times import parse_moment

    moment = parse_moment(text, course.timezone)
    if moment is None:
        raise click.BadParameter(f"{text!r} is not a time; write it as 2027-09-20 18:00")
    return moment


def _asking(course: Course) -> Callable[[Sequence[str]], datetime | Literal["on-time"] | None]:
    def ask(labels: Sequence[str]) -> datetime | Literal["on-time"] | None:
        shown = ", ".join(labels[:5]) + (", ..." if len(labels) > 5 else "")
        click.echo(f"Nothing tells when {len(labels)} of them arrived: {shown}", err=True)
        text = click.prompt("When did they? (on-time, or a time as 2027-09-20 18:00)", err=True)
        return _answer(text, course)

    return ask


def _show(found: Collected) -> None:
    from kit.cli import terminal

    parts = [f"{terminal.count(found.submitted, 'learner')} handed in",
             terminal.count(len(found.taken), "new version")]
    for number, text in ((len(found.late), "late"), (len(found.missing), "with nothing yet"),
                         (len(found.unmatched), "not matched"),
                         (len(found.refused), "refused")):
        if number:
            parts.append(f"{number:,} {text}")
    details = [(note.learner, note.message) for note in found.notes]
    details += [
        (one.name, one.reason + (f"; nearest: {', '.join(one.nearest)}" if one.nearest else ""))
        for one in found.unmatched
    ]
    details += [(one.name, one.reason) for one in found.refused]
    more = len(details) - _SHOWN
    if more > 0:
        details = [*details[:_SHOWN], (f"and {more:,} more", "see them with --json")]
    terminal.result(found.assignment, "   ".join(parts), details)
    steps = []
    if found.unmatched:
        label = found.unmatched[0].name
        steps.append((terminal.again("--match", f"{label}=LEARNER"), "say whose it is"))
    if found.submitted:
        steps.append((terminal.command("grade", found.assignment), "grade what was handed in"))
    terminal.next_steps(steps)


def _as_json(found: Collected) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(found)
