"""`kit build` and `kit preview` as a user types them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.model import Course

Kit = Callable[..., tuple[int, str, str]]


def test_build_says_what_it_did(copied: Course, kit: Kit) -> None:
    code, out, _ = kit("build", "--course", copied.root)
    assert code == 0
    assert "9 pages" in out
    assert "kit preview --open" in out
    code, out, _ = kit("build", "--course", copied.root, "--json")
    said = json.loads(out)
    assert (code, said["state"], said["homework"]) == (0, "unchanged", ["ps1"])


def test_build_of_a_lesson_that_raises_exits_with_one(copied: Course, kit: Kit) -> None:
    path = copied.root / "lessons/numbers.md"
    path.write_text(path.read_text().replace(
        ":tags: [raises-exception]\n", ""))
    code, _, err = kit("build", "--course", copied.root)
    assert code == 1
    assert "ZeroDivisionError: division by zero" in err
    assert "lessons/numbers.md, line" in err
    assert "1 / 0" in err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way there")
def test_preview_serves_until_ctrl_c(copied: Course) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "kit", "preview", "--course", str(copied.root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    try:
        assert running.stdout is not None
        address = ""
        for line in running.stdout:
            if "http://" in line:
                address = "http://" + line.split("http://")[1].split()[0]
                break
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert b"A tiny course" in answer.read()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode == 0
    # On a slow machine the build tells how far it is.
    assert [line for line in err.splitlines() if not line.startswith("tiny   ")] == []


def test_the_site_is_where_the_command_says(copied: Course, kit: Kit) -> None:
    _, out, _ = kit("build", "--course", copied.root, "--json")
    assert (Path(json.loads(out)["site"]) / "index.html").is_file()
