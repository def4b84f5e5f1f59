"""`kit check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.check import Mutated


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--explain", metavar="CODE", default=None, help="Tell what a code means.")
@click.option("--mutate", is_flag=True,
              help="Also change each solution in small ways, and count what the tests notice.")
@course_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, assignments: tuple[str, ...], explain: str | None, mutate: bool,
    course_dir: Path | None, as_json: bool,
) -> None:
    """Find what is wrong with the course before learners do.

    Reads course.yml, lessons and homework, runs each notebook (the solution twice, the
    untouched release, the release with empty answers, and the wrong and other answers that you
    wrote beside it) and each lesson. With ASSIGNMENTS only those are looked at. Errors make it
    exit with 1; warnings do not.

    \b
    Example
      kit check
      kit check ps1
      kit check --explain E203
      kit check ps1 --mutate
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course import find_course

    if explain is not None:
        _explain(explain, as_json)
        return
    root = find_course(course_dir)
    names = assignments or None
    with terminal.live("check", failures="failed") as tell:
        found = workflow.check(root, assignments=names, on_progress=tell)
    errors = sum(finding.code.startswith("E") for finding in found)
    mutated = _mutated(root, names) if mutate else ()
    if as_json:
        from dataclasses import asdict

        terminal.emit_json({"errors": errors, "warnings": len(found) - errors,
                            "findings": [asdict(finding) for finding in found],
                            **(_mutation_json(mutated) if mutate else {})})
    else:
        terminal.findings(found, places=_places(root, names))
        if mutate:
            _show_mutated(mutated)
    ctx.exit(1 if errors else 0)


def _mutated(root: Path, names: tuple[str, ...] | None) -> tuple[Mutated, ...]:
    from kit import workflow
    from kit.cli import terminal

    with terminal.live("mutate", failures="failed") as tell:
        return workflow.mutate(root, assignments=names, on_progress=tell)


def _mutation_json(mutated: tuple[Mutated, ...]) -> dict[str, Any]:
    from kit.check import total_score

    return {
        "mutation_score": total_score(mutated),
        "mutants": [
            {"path": one.path, "question": one.question, "score": one.score,
             "noticed": one.noticed, "survived": [
                 {"cell": trial.cell, "line": trial.line, "what": trial.what}
                 for trial in one.survived]}
            for one in mutated],
    }


def _show_mutated(mutated: tuple[Mutated, ...]) -> None:
    """One line a question, and below it each change that its tests let pass."""
    from kit.check import total_score
    from kit.cli import terminal

    terminal.line()
    total = total_score(mutated)
    if total is None:
        terminal.result("mutate", "no solution has anything to change")
        return
    rows = [(one.path, one.question, str(one.noticed + len(one.survived)), str(one.noticed),
             "" if one.score is None else f"{one.score:.2f}") for one in mutated]
    terminal.table(("Notebook", "Question", "Mutants", "Noticed", "Score"), rows, right=(2, 3, 4))
    terminal.line()
    for one in mutated:
        for trial in one.survived:
            terminal.line(f"      {one.question}, line {trial.line}: {trial.what}, and it still "
                          "scores full")
    made = sum(one.noticed + len(one.survived) for one in mutated)
    noticed = sum(one.noticed for one in mutated)
    terminal.result("mutate", f"the tests noticed {noticed} of "
                              f"{terminal.count(made, 'small fault')}: {total:.2f}")


def _places(root: Path, names: tuple[str, ...] | None) -> str:
    from kit.check import read_count
    from kit.cli import terminal
    from kit.course import load_course
    from kit.errors import KitError

    try:
        return terminal.count(read_count(load_course(root), names), "notebook")
    except KitError:
        return "course.yml; the notebooks were not read"


def _explain(code: str, as_json: bool) -> None:
    from kit.check import explain
    from kit.cli import terminal

    one = explain(code)
    if as_json:
        terminal.emit_json({"code": one.code, "severity": one.severity.value, "title": one.title,
                            "explanation": one.explanation})
        return
    terminal.result(one.code, f"{one.severity.value}: {one.title}")
    terminal.line()
    terminal.line(one.explanation)
