"""A headless Firefox, spoken to by WebDriver BiDi: the second engine that pages must work in."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import websocket

INSTALL = "a Firefox is needed: apt install firefox-esr"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Space": " ", "Right": "\ue014", "Down": "\ue015"}
_PREFERENCES = {  # what a fresh profile would ask the network for
    "app.normandy.enabled": False, "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False, "extensions.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,", "toolkit.telemetry.enabled": False,
}


def find_firefox() -> str:
    """The machine's Firefox; an empty string where there is none."""
    return shutil.which("firefox-esr") or shutil.which("firefox") or ""


class Fox:
    """One tab. `errors` and `foreign` hold what the page on show logged and asked of others."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket, self._count, self._base = socket, 0, ""
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self._tab = self.call("browsingContext.create", type="tab")["context"]

    def call(self, method: str, **params: Any) -> Any:
        """The result of a command; what happens meanwhile is noted."""
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._count:
                assert said["type"] == "success", said
                return said["result"]
            self._note(said["method"], said["params"])

    def _note(self, method: str, said: dict[str, Any]) -> None:
        if method == "log.entryAdded" and said["level"] in ("error", "warn"):
            self.errors.append(str(said["text"]))
        if method == "network.beforeRequestSent":
            address = said["request"]["url"]
            if not address.startswith((self._base, "data:", "blob:")):
                self.foreign.append(address)

    def goto(self, base: str, name: str) -> None:
        """Open a page and wait until its components are drawn."""
        self.errors, self.foreign, self._base = [], [], base
        self.call("browsingContext.navigate", context=self._tab, url=base + name, wait="complete")
        self.until("!document.querySelector('.course-part') "
                   "|| document.documentElement.dataset.parts === 'drawn'")

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript, which may be a promise, by way of JSON."""
        said = self.call(
            "script.evaluate", target={"context": self._tab}, awaitPromise=True,
            expression=f"(async () => JSON.stringify(await ({expression})))()")
        assert said["type"] == "success", said
        value = said["result"].get("value")
        return None if value is None else json.loads(value)

    def until(self, expression: str, seconds: int = 30) -> None:
        """Wait, by the page's own clock, until an expression is true."""
        assert self.ask(
            "new Promise((go) => { const began = Date.now(); const look = () => { "
            f"if ({expression}) go(true); else if (Date.now() - began > {seconds * 1000}) "
            "go(false); else setTimeout(look, 50); }; look(); })"), expression

    def press(self, *names: str) -> None:
        """Press keys one after another."""
        keys = [KEYS.get(name, name) for name in names]
        self.call("input.performActions", context=self._tab, actions=[{
            "type": "key", "id": "keyboard", "actions": [
                {"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]}])


@contextmanager
def firefox(profile: Path) -> Iterator[Fox]:
    """A Firefox with a fresh profile in this empty folder; it listens on this machine alone."""
    (profile / "user.js").write_text("".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in _PREFERENCES.items()), encoding="utf-8")
    running = subprocess.Popen(
        [find_firefox(), "--headless", "--no-remote", "--remote-debugging-port", "0",
         "--profile", str(profile)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert running.stderr is not None
    address = next((found[1] for line in running.stderr
                    if (found := re.search(r"(ws://127\.0\.0\.1:\d+)", line))), "")
    rest = Thread(target=running.stderr.read)  # a pipe that nobody reads would stop it
    rest.start()
    try:
        assert address, "Firefox ended before it listened"
        with closing(websocket.create_connection(
                f"{address}/session", suppress_origin=True, timeout=120)) as socket:
            yield Fox(socket)
    finally:
        running.terminate()
        running.wait(timeout=60)
        rest.join()
        running.stderr.close()
