"""`kit preview` in a browser: what is saved shows, what is wrong stands on top until mended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Visit

from kit.model import Course
from kit.site import Live, live_server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of POSIX")

PATIENCE = 60_000
_START = ("import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
          "from kit.cli.main import main; sys.argv[0] = 'kit'; main()")


@contextmanager
def previewed(root: Path) -> Iterator[str]:
    """The address of a preview at work; ends it as Ctrl-C does, and asks how it ended."""
    running = subprocess.Popen(
        [sys.executable, "-c", _START, "preview", "--course", str(root)], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "NO_COLOR": "1"})
    assert running.stdout is not None
    said = []
    try:
        for line in running.stdout:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                yield found[0]
                break
        else:
            pytest.fail("".join(said))
    finally:
        running.send_signal(signal.SIGINT)
        rest, _ = running.communicate(timeout=60)
    assert running.returncode == 0, rest
    assert not re.search(r"^Traceback", rest, re.MULTILINE), rest  # a lesson's own is indented


def rewrite(root: Path, old: str, new: str, name: str = "lessons/words.md") -> None:
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_saved_shows_and_an_error_stands_until_it_is_mended(
    copied: Course, visit: Callable[..., Visit]
) -> None:
    root = copied.root
    with previewed(root) as base:
        words, numbers = (visit_live(visit, base, f"lessons/{name}.html")
                          for name in ("words", "numbers"))
        numbers.page.evaluate("window.untouched = true")
        rewrite(root, "Nothing to run", "Nothing at all to run")
        shows(words, "Nothing at all to run")
        assert numbers.page.evaluate("window.untouched"), "a page that did not change reloaded"

        rewrite(root, 'print("total"', 'print("the sum"', "lessons/numbers.md")
        shows(numbers, "the sum 7")

        rewrite(root, 'print("the sum"', 'print(1 / 0, "<b id=bold>"', "lessons/numbers.md")
        alert = words.page.get_by_role("alert")
        alert.wait_for(timeout=PATIENCE)
        assert "ZeroDivisionError" in alert.inner_text()
        assert "lessons/numbers.md, line" in alert.inner_text()
        assert words.page.locator("#bold").count() == 0, "an author's text became markup"
        shows(words, "Nothing at all to run")

        rewrite(root, 'print(1 / 0, "<b id=bold>"', 'print("the sum"', "lessons/numbers.md")
        alert.wait_for(state="detached", timeout=PATIENCE)
        assert numbers.page.get_by_role("alert").count() == 0
        for seen in (words, numbers):
            assert (seen.foreign, seen.errors) == ([], [])
    assert ".preview.js" not in (root / "_build" / "html" / "index.html").read_text()


@pytest.mark.slow
def test_a_course_that_cannot_be_built_yet_is_followed(
    copied: Course, visit: Callable[..., Visit]
) -> None:
    root = copied.root
    rewrite(root, "lessons/words]", "lessons/word]", "course.yml")
    (root / "_build").rename(root / "before")
    with previewed(root) as base:
        seen = visit_live(visit, base, "")
        alert = seen.page.get_by_role("alert")
        alert.wait_for(timeout=PATIENCE)
        assert "the lesson is not there" in alert.inner_text()
        rewrite(root, "lessons/word]", "lessons/words]", "course.yml")
        seen.page.get_by_role("heading", name="A tiny course").wait_for(timeout=PATIENCE)


def visit_live(visit: Callable[..., Visit], base: str, name: str) -> Visit:
    """A page of a preview: its line stays open, so the network never rests."""
    return visit(base, name, until="load")


def shows(seen: Visit, text: str) -> None:
    seen.page.get_by_text(text).first.wait_for(timeout=PATIENCE)


def test_a_page_is_told_what_is_new_and_what_failed(tmp_path: Path) -> None:
    live = Live()
    events = live.events()
    first = next(events)
    live.built(["lessons/one.html", "searchindex.js"])
    second = next(events)
    assert '"lessons/one.html"' not in first
    assert '"lessons/one.html"' in second
    assert re.search(r'"all": (\d+)', first)[1] == re.search(r'"all": (\d+)', second)[1]
    live.built(["_static/site.css"])
    assert int(re.search(r'"all": (\d+)', next(events))[1]) >= int(
        re.search(r'"all": (\d+)', second)[1])


def test_only_this_machine_hears_the_preview(tmp_path: Path) -> None:
    import http.client
    from threading import Thread

    ready = live_server(tmp_path, Live())
    thread = Thread(target=ready.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        for path in ("/.events", "/.preview.js", "/index.html"):
            connection = http.client.HTTPConnection("127.0.0.1", ready.server_port, timeout=10)
            connection.putrequest("GET", path, skip_host=True)
            connection.putheader("Host", "example.org")
            connection.endheaders()
            assert connection.getresponse().status == 403
            connection.close()
    finally:
        ready.shutdown()
        ready.server_close()
        thread.join()
