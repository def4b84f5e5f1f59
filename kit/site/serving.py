"""Serve a built site on this machine: files below one folder, nothing else, no log."""

from __future__ import annotations

import http.server
import io
import os
import re
import urllib.parse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kit.errors import BuildError

HOST = "127.0.0.1"

_RANGE = re.compile(r"bytes=(\d+)-(\d*)|bytes=-(\d+)")
_MOST_BYTES = 4 * 1024**2


class Handler(http.server.SimpleHTTPRequestHandler):
    """Plain files; links and paths that lead out of the folder are not found."""

    extensions_map = {  # noqa: RUF012 (the base declares it so)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".ipynb": "application/x-ipynb+json", ".js": "text/javascript", ".woff2": "font/woff2",
        ".svg": "image/svg+xml", ".md": "text/markdown; charset=utf-8",
    }

    def translate_path(self, path: str) -> str:
        """The file behind an address, or one that does not exist."""
        root = Path(self.directory).resolve()
        clean = urllib.parse.unquote(urllib.parse.urlsplit(path).path)
        parts = [part for part in clean.split("/") if part not in ("", ".")]
        hidden = any(part == ".." or part.startswith(".") or "\\" in part or "\0" in part
                     for part in parts)
        target = root.joinpath(*parts) if not hidden else root / ".none"
        if not target.resolve().is_relative_to(root):
            target = root / ".none"
        return str(target) + (os.sep if clean.endswith("/") and target.is_dir() else "")

    def send_head(self) -> Any:
        """As the base does; and a part of a file, where a video is sought in."""
        asked = _RANGE.fullmatch(self.headers.get("Range") or "")
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            return super().send_head()
        size = path.stat().st_size
        first = int(asked[1]) if asked[1] else max(size - int(asked[3]), 0)
        last = min(int(asked[2]) if asked[2] else size - 1, size - 1, first + _MOST_BYTES - 1)
        if first > last:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        with path.open("rb") as file:
            file.seek(first)
            part = file.read(last - first + 1)
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        return io.BytesIO(part)

    def list_directory(self, path: Any) -> None:
        """Folders without a page are not listed."""
        del path
        self.send_error(404)

    def end_headers(self) -> None:
        """A preview always shows the latest build."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def parse_request(self) -> bool:
        """Only this machine's names as Host: another site's page cannot reach the preview."""
        if not super().parse_request():
            return False
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host not in (HOST, "localhost"):
            self.send_error(403)
            return False
        return True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base's name)
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A browser that goes away in mid-answer is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


def server(folder: Path, port: int = 0) -> Server:
    """A server for `folder` on 127.0.0.1, not yet serving; port 0 takes a free one.

    Its address is `http://127.0.0.1:{server.server_port}/`. Raises BuildError where there is
    no site, or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise BuildError("there is no site yet", where=str(folder), hint="kit build")
    return bound(HOST, port, partial(Handler, directory=str(folder)))


def bound(host: str, port: int, handler: Callable[..., Handler]) -> Server:
    """A server that holds the port. Raises BuildError where it cannot."""
    try:
        return Server((host, port), handler)
    except OSError as error:
        raise BuildError(f"port {port} cannot be used: {error.strerror}",
                         hint="leave --port out, and a free one is found") from error


def serve(ready: Server) -> None:
    """Answer until Ctrl-C, then close the port."""
    try:
        ready.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        ready.server_close()
