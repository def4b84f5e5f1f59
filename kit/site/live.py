"""A preview that follows the author: pages reload where they changed, errors stand on top.

Only what is served is different; the files of the site are as they are published.
"""

from __future__ import annotations

import html
import io
import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from kit.errors import KitError
from kit.language import carried, language
from kit.site.serving import HOST, Handler, Server, bound

EVENTS, SCRIPT = "/.events", "/.preview.js"
_LANG = re.compile(r'<html lang="([\w-]+)"')
_SCRIPT_FILE = Path(__file__).with_name("theme") / "preview.js"
_BREATH = 15.0
_NOTHING_YET = ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Preview"
                "</title></head><body><p>There is no site yet.</p></body></html>")


class Live:
    """What browsers that look at a preview are told, from any thread.

    Versions are milliseconds since 1970, so that a page of an earlier preview is older.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._all = version()
        self._pages: dict[str, int] = {}
        self._failed: dict[str, str] | None = None
        self._turn = 0

    def built(self, names: Iterable[str]) -> None:
        """Files of the site are new; what was wrong is mended."""
        with self._changed:
            now = version()
            for name in names:
                if name.endswith(".html"):
                    self._pages[name] = now
                elif not name.startswith("files/") and name != "searchindex.js":
                    self._all = now
            self._failed = None
            self._tell()

    def failed(self, error: KitError) -> None:
        """The site stays as it was, and this is why."""
        with self._changed:
            self._failed = {"where": error.where, "message": error.message, "hint": error.hint}
            self._tell()

    def _tell(self) -> None:
        self._turn += 1
        self._changed.notify_all()

    def events(self) -> Iterator[str]:
        """The state now, and again after each turn; an empty text while nothing happens."""
        seen = -1
        while True:
            with self._changed:
                if self._turn == seen and not self._changed.wait(_BREATH):
                    said = ""
                else:
                    seen = self._turn
                    said = json.dumps({"all": self._all, "pages": self._pages,
                                       "failed": self._failed, "turn": self._turn})
            yield said


def version() -> int:
    """Now, as pages and the preview compare it."""
    return time.time_ns() // 1_000_000


class _LiveHandler(Handler):
    """Adds a script to each page that it serves, and tells it what is new."""

    def __init__(self, *args: Any, live: Live, **how: Any) -> None:
        self.live = live
        super().__init__(*args, **how)

    def send_head(self) -> Any:
        """As the base does, but for the two addresses of the preview, and pages."""
        address = self.path.partition("?")[0]
        if address == EVENTS:
            return self._events() if self.command == "GET" else self._text("", "text/plain")
        if address == SCRIPT:
            return self._text(_SCRIPT_FILE.read_text(encoding="utf-8"), "text/javascript")
        path = Path(self.translate_path(self.path))
        if address.endswith("/"):
            path /= "index.html"
        if path.suffix == ".html" and (path.is_file() or not self._site()):
            return self._page(path)
        return super().send_head()

    def _site(self) -> bool:
        return (Path(self.directory) / "index.html").is_file()

    def _page(self, path: Path) -> Any:
        now = version()  # before the file is read: what is newer than that is shown again
        there = path.is_file()
        text = path.read_text(encoding="utf-8", errors="replace") if there else _NOTHING_YET
        name = path.resolve().relative_to(Path(self.directory).resolve()).as_posix()
        lang = _LANG.search(text)
        words = html.escape(carried(language(lang[1] if lang else "en"), _SCRIPT_FILE))
        tag = (f'<script src="{SCRIPT}" data-version="{now}" data-page="{html.escape(name)}" '
               f'data-words="{words}"></script>')
        before, end, after = text.rpartition("</body>")
        return self._text(f"{before}{tag}{end}{after}", "text/html; charset=utf-8")

    def _text(self, text: str, kind: str) -> Any:
        data = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def _events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            self.wfile.write(b"retry: 300\n\n")
            for said in self.live.events():
                self.wfile.write(f"data: {said}\n\n".encode() if said else b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass  # the browser went away


def live_server(folder: Path, live: Live, port: int = 0) -> Server:
    """A server on 127.0.0.1 for a site that changes, or is not there yet; not yet serving.

    Raises BuildError where the port is taken.
    """
    return bound(HOST, port, partial(_LiveHandler, directory=str(folder), live=live))
