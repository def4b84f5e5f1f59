"""A headless Chromium for tests, and what a visit to a page shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from kit.site import server
from kit.site.pdf.chromium import find_chromium as system

INSTALL = ("a Chromium is needed: apt install chromium-headless-shell, or set KIT_CHROMIUM, or run "
           "npm install --prefix ~/.cache/kit-chromium @sparticuz/chromium@153")


def _sparticuz() -> str:
    """The Chromium of npm's @sparticuz/chromium, unpacked into a cache of our own."""
    home = Path.home() / ".cache" / "kit-chromium"
    node = shutil.which("node")
    if not node or not (home / "node_modules" / "@sparticuz" / "chromium").is_dir():
        return ""
    script = ("import c from '@sparticuz/chromium';"
              "c.setGraphicsMode = false; console.log(await c.executablePath());")
    done = subprocess.run([node, "--input-type=module", "-e", script], cwd=home, check=False,
                          capture_output=True, text=True, env={**os.environ, "TMPDIR": str(home)})
    return done.stdout.strip()


def find_chromium() -> str:
    """$KIT_CHROMIUM, the system's, npm's; an empty string where there is none."""
    return system() or (_sparticuz() if sys.platform == "linux" else "")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder served on this machine."""
    ready = server(folder)
    thread = Thread(target=ready.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{ready.server_port}/"
    finally:
        ready.shutdown()
        ready.server_close()
        thread.join()


class Visit:
    """A page looked at: what it requested beyond its origin, and what it logged."""

    def __init__(self, page: Any, base: str) -> None:
        self.page = page
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._asked(request.url, base))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _asked(self, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:")):
            self.foreign.append(url)

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.errors.append(f"{status} {url}")
