"""A headless Chromium that prints pages held in memory.

It is driven over a pipe, so no port is opened, and every request it makes is answered here or
refused: a page reaches neither the network nor the files of this machine.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import BuildError

GET_ONE = ("install Chromium, Chrome or Edge (on Debian: apt install chromium-headless-shell), "
           "or name its program in the environment variable KIT_CHROMIUM")
ORIGIN = "http://book.invalid/"
"""Where pages stand for the browser. No such host exists."""

SECONDS = 600
"""What one book may take."""

_NAMES = ("chromium-headless-shell", "chrome-headless-shell", "chromium", "chromium-browser",
          "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
          "microsoft-edge-stable", "msedge")
"""Those without windows first: they start faster."""

_OF_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
    "--disable-extensions", "--disable-sync", "--disable-gpu", "--disable-dev-shm-usage",
    "--font-render-hinting=none", "--force-color-profile=srgb", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
_PIECE = 1 << 20
# Chromium reads descriptor 3 and writes 4: a process of our own moves the pipes there, becomes it.
_BECOME = """\
import fcntl, os, sys
ends = [fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) for one in sys.argv[1:3]]
os.dup2(ends[0], 3)
os.dup2(ends[1], 4)
try:
    os.execvp(sys.argv[3], sys.argv[3:])
except OSError as error:
    sys.exit(f"{error.strerror}: {sys.argv[3]}")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a request gets: bytes, and what they are."""

    body: bytes
    kind: str


def find_chromium() -> str:
    """$KIT_CHROMIUM, else the Chromium, Chrome or Edge of this machine; empty without one."""
    if named := os.environ.get("KIT_CHROMIUM"):
        return named
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    if sys.platform == "darwin":
        for name in _OF_MACOS:
            program = Path(f"/Applications/{name}.app/Contents/MacOS/{name}")
            if program.is_file():
                return str(program)
    return ""


class Browser:
    """One page of a running Chromium. `refused` lists the requests that got no answer."""

    def __init__(self, running: subprocess.Popen[bytes], *, to: int, back: int,
                 answer: Callable[[str], Answer | None]) -> None:
        self.refused: list[str] = []
        self._running, self._to, self._back, self._answer = running, to, back, answer
        self._session, self._last, self._kept = "", 0, b""
        self._end = time.monotonic() + SECONDS
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask for something and wait for it. Raises BuildError when Chromium refuses or stops."""
        mine = self._send(method, params)
        while True:
            message = self._next()
            if message.get("id") == mine:
                if "error" in message:
                    raise BuildError(f"the browser refused {method}: "
                                     f"{message['error'].get('message')}")
                return dict(message["result"])
            self._heard(message)

    def open(self, name: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.call("Page.navigate", url=ORIGIN + name)
        while True:
            message = self._next()
            if message.get("method") == "Page.loadEventFired":
                return
            self._heard(message)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited. Raises BuildError where it throws."""
        found = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                          returnByValue=True)
        if "exceptionDetails" in found:
            told = found["exceptionDetails"]
            what = told.get("exception", {}).get("description") or told.get("text")
            raise BuildError(f"a script of the book failed: {what}")
        return found["result"].get("value")

    def print(self, **settings: Any) -> bytes:
        """The page as a PDF."""
        made = self.call("Page.printToPDF", transferMode="ReturnAsStream", **settings)
        pieces = []
        while True:
            piece = self.call("IO.read", handle=made["stream"], size=_PIECE)
            data = piece["data"]
            pieces.append(b64decode(data) if piece.get("base64Encoded") else data.encode())
            if piece["eof"]:
                return b"".join(pieces)

    def _heard(self, message: Mapping[str, Any]) -> None:
        if message.get("method") == "Inspector.targetCrashed":
            raise BuildError("the browser gave up on the book: is there enough memory?")
        if message.get("method") != "Fetch.requestPaused":
            return
        paused = message["params"]
        url = paused["request"]["url"]
        found = self._answer(url.removeprefix(ORIGIN)) if url.startswith(ORIGIN) else None
        if found is None:
            self.refused.append(url)
            self._send("Fetch.failRequest", {"requestId": paused["requestId"],
                                             "errorReason": "AccessDenied"})
            return
        self._send("Fetch.fulfillRequest", {
            "requestId": paused["requestId"], "responseCode": 200,
            "responseHeaders": [{"name": "Content-Type", "value": found.kind}],
            "body": b64encode(found.body).decode()})

    def _send(self, method: str, params: Mapping[str, Any]) -> int:
        self._last += 1
        said: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        data = json.dumps(said).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._to, data):]
        except BrokenPipeError as error:
            raise self._stopped() from error
        return self._last

    def _next(self) -> dict[str, Any]:
        pieces = [self._kept]
        while b"\0" not in pieces[-1]:
            left = self._end - time.monotonic()
            if left <= 0 or not select.select([self._back], [], [], left)[0]:
                raise BuildError(f"the browser did not print the book in {SECONDS // 60} minutes")
            piece = os.read(self._back, _PIECE)
            if not piece:
                raise self._stopped()
            pieces.append(piece)
        text, _, self._kept = b"".join(pieces).partition(b"\0")
        return dict(json.loads(text))

    def _stopped(self) -> BuildError:
        said = []
        if self._running.stderr is not None:
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(timeout=10)
            self._running.stderr.seek(0)
            said = self._running.stderr.read().decode(errors="replace").strip().splitlines()
        return BuildError(f"the browser stopped: {said[-1] if said else 'it did not say why'}",
                          hint=GET_ONE)


@contextmanager
def open_browser(program: str, answer: Callable[[str], Answer | None]) -> Iterator[Browser]:
    """Start `program` for one page. `answer` gets the path of each request.

    Raises BuildError where it cannot be started, and on a system without pipes to inherit.
    """
    if os.name != "posix":
        raise BuildError("the browser is driven over pipes, as Linux and macOS have them",
                         hint="run this under WSL2, or print pages from the browser")
    with tempfile.TemporaryDirectory(prefix="kit-pdf-", ignore_cleanup_errors=True) as home:
        running, to, back = _start(program, Path(home))
        try:
            yield Browser(running, to=to, back=back, answer=answer)
        finally:
            os.close(to)  # Chromium ends when its pipe does
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=5)
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            os.close(back)
            if running.stderr is not None:
                running.stderr.close()


def _start(program: str, home: Path) -> tuple[subprocess.Popen[bytes], int, int]:
    """Chromium with the far ends of two pipes as its descriptors 3 and 4."""
    theirs_in, to = os.pipe()
    back, theirs_out = os.pipe()
    flags = [*_FLAGS, f"--user-data-dir={home / 'profile'}"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    said = (home / "stderr").open("w+b")
    try:
        running = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BECOME, str(theirs_in), str(theirs_out), program,
             *flags], pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)
    except BaseException:
        os.close(to)
        os.close(back)
        said.close()
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    running.stderr = said
    return running, to, back
