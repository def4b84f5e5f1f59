"""`kit build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.model import Course
    from kit.site import Printed, Site, Warm


@click.command()
@course_option
@json_option
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True,
              help="Lessons that run at once.")
@click.option("--force", is_flag=True, help="Render every page again.")
@click.option("--pdf", is_flag=True, help="Print the book too: _build/COURSE.pdf.")
def command(
    course_dir: Path | None, as_json: bool, workers: int, force: bool, pdf: bool
) -> None:
    """Build the course's site in _build/html.

    Lessons are executed, then pages are rendered. A lesson whose code, data and environment
    are as they were is not executed again. Homework appears as it was released. The PDF is printed
    by the Chromium, Chrome or Edge of this machine.

    \b
    Example
      kit build
      kit build --pdf
      kit build --course docs --json
    """
    from kit import workflow
    from kit.cli import terminal

    site = None if force else workflow.built_before(course_dir)
    if site is None:
        site = run(workflow.load(course_dir), workers=workers, force=force)
    book = printed(workflow.load(course_dir), site, force=force) if pdf else None
    if as_json:
        terminal.emit_json({
            "course": site.course, "site": str(site.folder), "state": site.state,
            "pages": site.pages, "executed": site.executed, "cached": site.cached,
            "homework": site.homework, "warnings": site.warnings,
            "derived": dict(site.derived), "seconds": round(site.seconds, 1),
            "pdf": {"path": str(book.path), "state": book.state, "pages": book.pages,
                    "warnings": book.warnings, "seconds": round(book.seconds, 1)}
            if book else None,
        })
        return
    report(site)
    if book:
        report_book(book)
    steps = [(terminal.command("preview", "--open"), "look at it")]
    if site.waiting:
        steps.append((terminal.command("release", site.waiting[0]),
                      "its homework is not on the site yet"))
    terminal.next_steps(steps)


def run(
    course: Course, *, workers: int = 2, force: bool = False, heat: Warm | None = None
) -> Site:
    """Build with a live line."""
    from kit import workflow
    from kit.cli import terminal

    with terminal.live(course.id, failures="raise") as on_progress:
        return workflow.build(course, workers=workers, force=force, heat=heat,
                              on_progress=on_progress)


def printed(course: Course, site: Site, *, force: bool = False) -> Printed:
    """Print the book, with a line that says so."""
    from kit import workflow
    from kit.cli import terminal

    with terminal.working("printing the book"):
        return workflow.print_book(course, site, force=force)


def report_book(book: Printed) -> None:
    """The PDF, in one line, and what is not in it below."""
    from kit.cli import terminal

    shown, pages = _relative(book.path), terminal.count(book.pages, "page")
    text = (f"nothing has changed   {pages} in {shown}" if book.state == "unchanged" else
            f"{pages} in {terminal.duration(book.seconds)}   {shown}")
    terminal.result("pdf", text, [("warning", line) for line in book.warnings])


def report(site: Site) -> None:
    """What was built, in one line, and what to look at below it."""
    from kit.cli import terminal

    shown = _relative(site.folder)
    if site.state == "unchanged":
        text = f"nothing has changed   {terminal.count(site.pages, 'page')} in {shown}"
    else:
        lessons = terminal.count(site.executed, "lesson") + " executed"
        kept = f", {site.cached:,} as before" if site.cached else ""
        text = (f"{terminal.count(site.pages, 'page')} in {terminal.duration(site.seconds)}   "
                f"{lessons}{kept}   {shown}")
    details = [(name, "your own: left as it is") for name, state in site.derived.items()
               if state == "author"]
    details += [("warning", line) for line in site.warnings[:20]]
    if len(site.warnings) > 20:
        details.append(("warning", f"and {len(site.warnings) - 20} more; --json shows all"))
    terminal.result(site.course, text, details)


def _relative(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
