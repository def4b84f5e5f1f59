"""`kit preview`."""

from __future__ import annotations

from pathlib import Path

import click

from kit.cli.options import course_option


@click.command()
@course_option
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0,
              help="The port; a free one otherwise.")
def command(course_dir: Path | None, open_browser: bool, port: int) -> None:
    """Look at the site on this machine, rebuilt first where it is stale. Ctrl-C ends it.

    \b
    Example
      kit preview --open
    """
    from kit import site, workflow
    from kit.cli import build, terminal

    course = workflow.load(course_dir)
    built = build.run(course)
    if built.state == "built":
        build.report(built)
    ready = site.server(built.folder, port)
    address = f"http://127.0.0.1:{ready.server_port}/"
    terminal.result(course.id, f"{address}   Ctrl-C ends it")
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    site.serve(ready)
