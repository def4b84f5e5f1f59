"""`kit vendor`: what the author brings for pages, so that no reader's browser asks elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

from kit.cli.options import course_option, json_option


@click.group()
def command() -> None:
    """Bring packages for Python in pages.

    \b
    Example
      kit vendor pyodide --from ~/Downloads/pyodide
    """


@command.command()
@click.option("--from", "source", required=True, metavar="FOLDER_OR_URL",
              help="Pyodide's full release: a folder, its tar.bz2, or an https address of either.")
@course_option
@json_option
def pyodide(source: str, course_dir: Path | None, as_json: bool) -> None:
    """Take from Pyodide's full release what this course's pages need.

    These are the packages of `environment` and what cells tagged `run` import, with what they
    depend on. Each is verified against the release's lock, and kept in .kit/vendor/pyodide. What
    is there already is not taken again.

    \b
    Example
      kit vendor pyodide --from ~/Downloads/pyodide
      kit vendor pyodide --from ~/Downloads/pyodide-314.0.7.tar.bz2 --json
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.site.python.wheels import vendor_wheels

    course = workflow.load(course_dir)
    with terminal.live(course.id, failures="refused") as on_progress:
        done = vendor_wheels(course, source, on_progress=on_progress)
    if as_json:
        terminal.emit_json({
            "course": course.id, "pyodide": done.version, "folder": done.folder,
            "bytes": done.size, "copied": done.copied, "kept": done.kept, "absent": done.absent,
            "packages": [{"name": one.name, "version": one.version, "file": one.file}
                         for one in done.wheels],
        })
        return
    there = f", {len(done.kept):,} as before" if done.kept else ""
    terminal.result(
        course.id, f"{terminal.count(len(done.copied), 'package')} copied{there}   "
                   f"{done.size / 1e6:,.1f} MB in {terminal.here(done.folder)}",
        [*((one.name, one.version) for one in done.wheels if one.name in done.copied),
         *((name, "not in the release: pages have none of it") for name in done.absent)])
    terminal.next_steps([(terminal.command("build"), "put them on the site")])
