"""`kit new` asks on a real terminal: defaults, a bad answer and a good one, Ctrl-C."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kit.course import load_course

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")

SECONDS = 60


@dataclass(kw_only=True)
class Terminal:
    """A process on a terminal of its own, and what that showed so far."""

    process: subprocess.Popen[bytes]
    screen: int
    shown: str = field(default="")

    def read_until(self, done: Callable[[str], bool]) -> str:
        """Read what is shown until it is `done` or the process ends; returns what came."""
        came = ""
        while not done(came):
            more = self._more(SECONDS)
            assert more is not None, f"nothing came after: {self.shown + came}"
            if not more:
                break
            came += more
        self.shown += came
        return came

    def _more(self, seconds: float) -> str | None:
        """What comes next; empty at the end, None when nothing comes in time."""
        if not select.select([self.screen], [], [], seconds)[0]:
            return None
        try:
            return os.read(self.screen, 4096).decode().replace("\r\n", "\n")
        except OSError:  # Linux tells the end of the other side so
            return ""

    def answer(self, prompt: str, text: str) -> str:
        """Wait for a prompt, type an answer and Enter; returns what stood before."""
        came = self.read_until(lambda text: prompt in text and text.endswith(": "))
        assert prompt in came, self.shown
        os.write(self.screen, text.encode() + b"\n")
        return came

    def interrupt(self, prompt: str) -> None:
        """Press Ctrl-C at a prompt until it is noticed.

        Between its prompt and its reading Python misses one; whoever sits there presses again.
        """
        self.read_until(lambda text: prompt in text and text.endswith(": "))
        came = ""
        for _ in range(10):
            os.write(self.screen, b"\x03")
            while (more := self._more(3)) and "stopped" not in came:
                came += more
            if more is not None:
                break
        self.shown += came + (more or "")

    def end(self) -> tuple[int, str]:
        """Wait for its end: exit code, and everything that was shown."""
        self.read_until(lambda _: False)
        return self.process.wait(SECONDS), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shown)


@contextmanager
def kit_new(folder: Path, *arguments: str) -> Iterator[Terminal]:
    """`kit new ARGUMENTS` in `folder`, on a terminal that is its controlling one."""
    import pty

    screen, inner = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", CONTROLLED, "new", *arguments], cwd=folder, start_new_session=True,
        stdin=inner, stdout=inner, stderr=inner, env={**os.environ, "TERM": "xterm"})
    os.close(inner)
    try:
        yield Terminal(process=process, screen=screen)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        os.close(screen)


CONTROLLED = """\
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches this process
from kit.cli.main import main
main()
"""


def test_answers_and_defaults_make_a_course(tmp_path: Path) -> None:
    with kit_new(tmp_path) as terminal:
        assert "accounting, blank, statistics" in terminal.answer("Template", "blnk")
        assert "'blnk' is not one of" in terminal.answer("Template", "blank")
        assert "[blank-101]" in terminal.answer("Folder", "")
        terminal.answer("Title", "Größen und Maße")
        assert "[" not in terminal.answer("Your name", "").rsplit("Your name", 1)[1]
        terminal.answer("Institution", "")
        assert re.search(r"\[\d{4}-\d\d-\d\d\]", terminal.answer("First day", "11.1.2027"))
        assert "'11.1.2027' is not a date" in terminal.answer("First day", "2027-01-11")
        assert "[UTC]" in terminal.answer("Timezone", "Europe/Belin")
        assert "nearest: Europe/Berlin" in terminal.answer("Timezone", "Europe/Berlin")
        code, shown = terminal.end()
    assert code == 0, shown
    assert "Größen und Maße: 1 lesson, 1 assignment in blank-101/" in shown
    assert "Next  cd blank-101" in shown
    course = load_course(tmp_path / "blank-101")
    assert (course.title, course.timezone.key) == ("Größen und Maße", "Europe/Berlin")
    assert str(course.start) == "2027-01-11"
    assert [path.name for path in tmp_path.iterdir()] == ["blank-101"]


def test_what_is_stated_is_not_asked(tmp_path: Path) -> None:
    with kit_new(tmp_path, "mine", "--title", "T", "--author", "", "--institution", "",
                 "--start", "2027-01-11", "--timezone", "UTC") as terminal:
        terminal.answer("Template", "blank")
        code, shown = terminal.end()
    assert code == 0, shown
    assert load_course(tmp_path / "mine").title == "T"
    assert shown.count("[") == 0


@pytest.mark.parametrize("answers", [(), ("blank", "x-101", "A title")],
                         ids=["the first", "a later one"])
def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path, answers: tuple[str, ...]) -> None:
    prompts = ("Template", "Folder", "Title", "Your name")
    with kit_new(tmp_path) as terminal:
        for prompt, text in zip(prompts, answers, strict=False):
            terminal.answer(prompt, text)
        terminal.interrupt(prompts[len(answers)])
        code, shown = terminal.end()
    assert code == 130, shown
    assert "Traceback" not in shown
    assert "stopped" in shown
    assert list(tmp_path.iterdir()) == []
