"""`kit publish`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.model import Course
    from kit.publish import Published


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR",
              help="The public folder: empty, or published into before.")
@click.option("--keep", multiple=True, metavar="NAME",
              help="A file in it that stays as it is, now and later; may be repeated.")
@click.option("--overwrite", is_flag=True,
              help="Replace published files that were changed there.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Lessons that run at once.")
@course_option
@json_option
def command(
    folder: Path, keep: tuple[str, ...], overwrite: bool, workers: int, course_dir: Path | None,
    as_json: bool,
) -> None:
    """Write the public copy of the course, ready to be pushed.

    The site is built first. With it go the lessons and their notebooks, the homework as it was
    released, data, figures and requirements; no solutions, submissions, people or records. Only
    files that differ are touched, and what was withdrawn is removed.

    \b
    Example
      kit publish --to ../public
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.cli.build import report

    course = workflow.load(course_dir)
    with terminal.live(course.id, failures="raise") as on_progress:
        site, made = workflow.publish(course, folder, keep=keep, overwrite=overwrite,
                                      workers=workers, on_progress=on_progress)
    if as_json:
        terminal.emit_json({
            "course": course.id, "folder": str(made.folder), "added": made.added,
            "changed": made.changed, "removed": made.removed, "unchanged": made.unchanged,
            "kept": made.kept, "pages": site.pages, "homework": site.homework,
            "warnings": site.warnings,
        })
        return
    report(site)
    _tell(course, made, folder)


def _tell(course: Course, made: Published, folder: Path) -> None:
    from kit.cli import terminal
    from kit.errors import typed

    count, shown = terminal.count, terminal.here(made.folder)
    parts = [f"{len(names):,} {word}" for word, names in (
        ("added", made.added), ("changed", made.changed), ("removed", made.removed)) if names]
    text = ", ".join([*parts, f"{made.unchanged:,} as before"]) if parts else (
        f"{count(made.unchanged, 'file')}, nothing has changed")
    details = [("removed", name) for name in made.removed[:10]]
    details += [("kept", name) for name in made.kept[:10]]
    terminal.result("published", f"{text}   {shown}", details)
    git = ("git", "-C", str(folder))
    steps = []
    if not (made.folder / ".git").exists():
        place = course.site.repository or "ADDRESS"
        steps += [(typed(*git, "init", "-b", course.site.branch), "once"),
                  (typed(*git, "remote", "add", "origin", place), "once, your repository")]
    if parts or steps:
        steps += [(typed(*git, "add", "-A"), "all of it is public"),
                  (typed(*git, "commit", "-m", "Publish the course"), "record it"),
                  (typed(*git, "push", "-u", "origin", course.site.branch), "hand it over")]
    terminal.next_steps(steps)
