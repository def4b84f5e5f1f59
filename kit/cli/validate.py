"""`kit validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import json_option

if TYPE_CHECKING:
    from kit.check.handin import Checked, HandIn


@click.command()
@click.argument("path", required=False, default=".", type=click.Path(path_type=Path))
@click.option("--against", type=click.Path(path_type=Path, exists=True), default=None,
              metavar="FILE",
              help="The notebook as it was handed out, where it does not say itself what it held.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(min=0.1),
              help="How long one cell may take.")
@json_option
def command(path: Path, against: Path | None, seconds: float, as_json: bool) -> None:
    """Check a notebook before handing it in: clean run, visible score, what is left to do.

    PATH is a notebook or a folder; the current folder otherwise. Exit code 1: not ready.

    \b
    Example
      kit validate ps1.ipynb
    """
    from kit.check.handin import validate
    from kit.cli import terminal
    from kit.model import Limits

    with terminal.live("validate") as on_progress:
        found = validate(path, against=against, limits=Limits(cell_seconds=seconds),
                         on_progress=on_progress)
    if as_json:
        terminal.emit_json(_as_json(found))
    else:
        for checked in found.notebooks:
            _show(checked)
        _verdict(found)
    if not found.ready:
        click.get_current_context().exit(1)


def _show(checked: Checked) -> None:
    from kit.cli import terminal

    text = "not run"
    if checked.seconds or checked.ran:
        how = "ran from top to bottom" if checked.ran else "did not run to its end,"
        text = f"{how} in {terminal.duration(checked.seconds)}"
    if checked.max_points:
        text += f"   visible score {checked.points:g} of {checked.max_points:g}"
    rows = [
        (one.grade_id, f"{'–' if one.points is None else f'{one.points:g}'} of "
                       f"{one.max_points:g}   {one.message}".rstrip())
        for one in checked.questions
    ]
    terminal.result(checked.path.name, text, rows)
    for problem in checked.problems:
        mark, colour = ("to do", "red") if problem.blocking else ("note", "yellow")
        cell = f"cell {problem.cell} " if problem.cell else ""
        terminal.line(f"  {mark:<6} {cell}{problem.message}", style=colour)
        if problem.hint:
            for line in problem.hint.splitlines():
                terminal.line(f"         {line}")


def _verdict(found: HandIn) -> None:
    from kit.cli import terminal

    left = sum(problem.blocking for one in found.notebooks for problem in one.problems)
    if found.ready:
        terminal.line("Ready to hand in.", style="green")
    elif not left:
        terminal.line("Not ready: nothing here carries points. Is it the homework?", style="red")
    else:
        terminal.line(f"Not ready: {terminal.count(left, 'thing')} to do.", style="red")


def _as_json(found: HandIn) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "ready": found.ready,
        "notebooks": [{**asdict(one), "ready": one.ready, "points": one.points,
                       "max_points": one.max_points} for one in found.notebooks],
    }
