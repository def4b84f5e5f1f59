"""`kit simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.simulate import Simulated


@click.command()
@assignment_argument
@click.option("--count", default=60, show_default=True, type=click.IntRange(1, 1_000_000),
              help="How many learners.")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same bytes.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), default=None,
              metavar="DIR", help="Where to; .kit/simulated/ASSIGNMENT otherwise.")
@click.option("--layout", type=click.Choice(["exchange", "moodle", "canvas"]), default="exchange",
              show_default=True, help="As whose download it is written.")
@click.option("--endless", is_flag=True, help="Plant a loop that never ends.")
@click.option("--roster", "write_roster", is_flag=True,
              help="Add the learners to roster.csv even if there is one.")
@course_option
@json_option
def command(
    assignment: str, course_dir: Path | None, as_json: bool, write_roster: bool, **how: Any
) -> None:
    """Make a class of varied submissions from the solution: right, wrong, missing, broken.

    \b
    Example
      kit simulate ps1 --count 60 --seed 7
    """
    from dataclasses import asdict

    from kit import workflow
    from kit.cli import terminal
    from kit.course import assignment_of

    course = workflow.load(course_dir)
    wanted = assignment_of(course, assignment)
    with terminal.live(assignment) as on_progress:
        made, enrolled = workflow.simulate(course, wanted, write_roster=write_roster,
                                           on_progress=on_progress, **how)
    if as_json:
        terminal.emit_json({**asdict(made), "enrolled": enrolled})
        return
    _show(made, enrolled, course.root)


def _show(made: Simulated, enrolled: bool, root: Path) -> None:
    from kit.cli import terminal

    here = Path.cwd()
    shown = next((made.folder.relative_to(base) for base in (here, root)
                  if made.folder.is_relative_to(base)), made.folder)
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(
        made.kinds.items(), key=lambda item: (-item[1], item[0])))
    details = [(one.learner, one.kind) for one in made.planted[:20]]
    if len(made.planted) > 20:
        details.append((f"and {len(made.planted) - 20:,} more", ""))
    terminal.result(made.assignment, f"{terminal.count(made.count, 'submission')} in {shown}/   "
                                     f"{kinds}   {made.late:,} late", details)
    if not enrolled:
        terminal.line("The learners are not in roster.csv; --roster adds them.")
    terminal.next_steps([
        (terminal.command("collect", made.assignment, terminal.here(made.folder)), "take them in")])
