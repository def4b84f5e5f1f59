"""A run's own temporary folder: it goes with the run, and what killed runs left goes as well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kit.grading import run_folder, temporary_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")

HOLD = """
import os, sys
from kit.grading import run_folder
with run_folder() as folder:
    (folder / "one").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def held() -> tuple[subprocess.Popen[str], Path]:
    run = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    return run, Path(run.stdout.readline().strip())


def test_the_folder_of_a_killed_run_goes_and_that_of_a_living_one_stays(temporary: Path) -> None:
    dead, left = held()
    living, at_work = held()
    try:
        os.kill(dead.pid, signal.SIGKILL)
        dead.communicate()
        assert (left / "one").is_dir()
        with run_folder() as mine:
            assert set(temporary.iterdir()) == {mine, at_work}
        assert (at_work / "one").is_dir()
    finally:
        living.communicate("")
    assert list(temporary.iterdir()) == []


def test_a_link_is_not_followed(temporary: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "file").touch()
    (temporary / "kit-grade-link").symlink_to(elsewhere)
    os.mkfifo(temporary / "kit-grade-pipe")
    with run_folder():
        assert (elsewhere / "file").exists()


def test_what_is_temporary_lies_in_the_folder_meanwhile(temporary: Path) -> None:
    with run_folder() as mine, temporary_in(mine):
        assert Path(tempfile.mkdtemp()).parent == mine
    assert tempfile.gettempdir() == str(temporary)
    assert list(temporary.iterdir()) == []
