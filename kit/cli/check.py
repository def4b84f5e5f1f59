"""`kit check`."""

from __future__ import annotations

from pathlib import Path

import click

from kit.cli.options import course_option, json_option


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--explain", metavar="CODE", default=None, help="Tell what a code means.")
@course_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, assignments: tuple[str, ...], explain: str | None,
    course_dir: Path | None, as_json: bool,
) -> None:
    """Find what is wrong with the course before learners do.

    Reads course.yml, lessons and homework, runs each notebook (the solution twice, the
    untouched release, and the release with empty answers) and each lesson. With ASSIGNMENTS
    only those are looked at. Errors make it exit with 1; warnings do not.

    \b
    Example
      kit check
      kit check ps1
      kit check --explain E203
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
    if as_json:
        from dataclasses import asdict

        terminal.emit_json({"errors": errors, "warnings": len(found) - errors,
                            "findings": [asdict(finding) for finding in found]})
    else:
        terminal.findings(found, places=_places(root, names))
    ctx.exit(1 if errors else 0)


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
