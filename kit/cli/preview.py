"""`kit preview`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.cli.options import course_option

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from kit.site import Live, Site, Warm


@click.command()
@course_option
@click.option("--open", "open_browser", is_flag=True, help="Open it in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=0,
              help="The port; a free one otherwise.")
@click.option("--watch/--no-watch", default=True, show_default=True,
              help="Follow what you save, and reload pages in the browser.")
def command(course_dir: Path | None, open_browser: bool, port: int, watch: bool) -> None:
    """Look at the site on this machine while you write. Ctrl-C ends it.

    What you save shows in the browser: a changed text at once, changed code after its lesson
    has run. An error stands on the page and here until it is mended.

    \b
    Example
      kit preview --open
    """
    from kit import site, workflow
    from kit.cli import build, terminal

    course = workflow.load(course_dir)
    if watch:
        _follow(course.root, port, open_browser)
        return
    built = build.run(course)
    if built.state == "built":
        build.report(built)
    ready = site.server(built.folder, port)
    address = f"http://127.0.0.1:{ready.server_port}/"
    terminal.result(course.id, f"{address}   Ctrl-C ends it")
    _open(address, open_browser)
    site.serve(ready)


def _follow(root: Path, port: int, open_browser: bool) -> None:
    from kit import site, workflow
    from kit.cli import terminal

    live = site.Live()
    try:
        reserve = [name for name in workflow.load(root).packages if name.isidentifier()]
        with site.warm(reserve) as heat:
            turns = site.changes(root)
            first = _turn(root, heat, live)
            with _serving(site.live_server(root / "_build" / "html", live, port)) as address:
                terminal.result(first.course if first else root.name,
                                f"{address}   follows what you save; Ctrl-C ends it")
                _open(address, open_browser)
                for saved in turns:
                    _turn(root, heat, live, saved)
    except KeyboardInterrupt:
        return


def _turn(root: Path, heat: Warm, live: Live, saved: Sequence[str] = ()) -> Site | None:
    """Build once, and tell the browsers and the terminal; None where it failed."""
    from kit import workflow
    from kit.cli import build, terminal
    from kit.errors import Interrupted, KitError

    try:
        site = build.run(workflow.load(root), heat=heat)
    except Interrupted as stopped:
        raise KeyboardInterrupt from stopped
    except KitError as error:
        live.failed(error)
        terminal.error(error)
        return None
    live.built(site.changed)
    if saved and site.state == "built":
        _report(site, saved)
    elif site.state == "built":
        build.report(site)
    return site


def _report(site: Site, saved: Sequence[str]) -> None:
    from kit.cli import terminal

    pages = sum(name.endswith(".html") for name in site.changed)
    ran = f"   {terminal.count(site.executed, 'lesson')} executed" if site.executed else ""
    more = f" and {len(saved) - 1} more" if len(saved) > 1 else ""
    terminal.result(saved[0] + more,
                    f"{terminal.count(pages, 'page')} new in {site.seconds:.1f} s{ran}",
                    [("warning", line) for line in site.warnings[:5]])


@contextmanager
def _serving(ready: ThreadingHTTPServer) -> Iterator[str]:
    """Answer in a thread beside as long as the block runs; yields the address."""
    beside = threading.Thread(target=ready.serve_forever, args=(0.1,), daemon=True)
    beside.start()
    try:
        yield f"http://127.0.0.1:{ready.server_port}/"
    finally:
        ready.shutdown()
        ready.server_close()


def _open(address: str, wanted: bool) -> None:
    if wanted:
        import webbrowser

        webbrowser.open(address)
