"""Serve a built site on this machine: files below one folder, nothing else, no log."""

from __future__ import annotations

import http.server
import os
import urllib.parse
from functools import partial
from pathlib import Path
from typing import Any

from kit.errors import BuildError

HOST = "127.0.0.1"


class _Handler(http.server.SimpleHTTPRequestHandler):
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

    def list_directory(self, path: Any) -> None:
        """Folders without a page are not listed."""
        del path
        self.send_error(404)

    def end_headers(self) -> None:
        """A preview always shows the latest build."""
        self.send_header("Cache-Control", "no-cache")
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


class _Server(http.server.ThreadingHTTPServer):
    """A browser that goes away in mid-answer is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


def server(folder: Path, port: int = 0) -> http.server.ThreadingHTTPServer:
    """A server for `folder` on 127.0.0.1, not yet serving; port 0 takes a free one.

    Its address is `http://127.0.0.1:{server.server_port}/`. Raises BuildError where there is
    no site, or the port is taken.
    """
    if not (folder / "index.html").is_file():
        raise BuildError("there is no site yet", where=str(folder), hint="kit build")
    try:
        return _Server((HOST, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise BuildError(f"port {port} cannot be used: {error.strerror}",
                         hint="leave --port out, and a free one is found") from error


def serve(ready: http.server.ThreadingHTTPServer) -> None:
    """Answer until Ctrl-C, then close the port."""
    try:
        ready.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        ready.server_close()
