"""A build of a course that has not changed says so at a glance, and never when it has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from tinycourse import released

from kit.cli.build import command
from kit.course import load_course
from kit.model import Course
from kit.site import build, unchanged
from kit.site.inputs import good_until


def settle(root: Path) -> None:
    """As if the author had last saved a minute ago."""
    before = time.time() - 60
    for path in root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (before, before))


@pytest.fixture
def settled(copied: Course) -> Course:
    """A course built before, its files long saved."""
    handed = released(copied)
    settle(copied.root)
    build(copied, handed)
    assert unchanged(copied.root) is not None
    return copied


def test_the_site_of_the_last_build_is_told_as_the_build_would(settled: Course) -> None:
    quick = unchanged(settled.root)
    full = build(settled, released(settled))
    assert quick is not None
    assert (quick.course, quick.state, quick.pages, quick.cached, quick.homework, quick.waiting,
            quick.warnings, quick.folder) == (
        full.course, full.state, full.pages, full.cached, full.homework, full.waiting,
        full.warnings, full.folder)
    assert quick.state == "unchanged"
    assert quick.waiting == ("ps2",)


def edited(root: Path) -> None:
    path = root / "lessons" / "words.md"
    path.write_text(path.read_text().replace("Nothing", "nothing"))


def added(root: Path) -> None:
    (root / "data" / "more.csv").write_text("a\n")


def removed(root: Path) -> None:
    (root / "data" / "prices.csv").unlink()


def withdrawn(root: Path) -> None:
    (root / "_build" / "html" / "index.html").unlink()


def described(root: Path) -> None:
    path = root / "course.yml"
    path.write_text(path.read_text().replace("A tiny course", "A small course"))


def rereleased(root: Path) -> None:
    path = next((root / "release").rglob("*.ipynb"))
    path.write_text(path.read_text() + "\n")


@pytest.mark.parametrize("change", [edited, added, removed, withdrawn, described, rereleased])
def test_a_change_is_seen(settled: Course, change: Callable[[Path], None]) -> None:
    change(settled.root)
    assert unchanged(settled.root) is None


def test_an_edit_that_keeps_size_and_time_is_not_missed_while_it_is_new(copied: Course) -> None:
    path = copied.root / "lessons" / "words.md"
    settle(copied.root)
    edited(copied.root)
    build(copied, released(copied))
    stat, text = path.stat(), path.read_text()
    path.write_text(text.replace("nothing", "Nothing"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert unchanged(copied.root) is None


def test_what_learners_hand_in_does_not_matter(settled: Course) -> None:
    handed = settled.root / "submitted" / "learner-0042" / "ps1" / "ps1.ipynb"
    handed.parent.mkdir(parents=True)
    handed.write_text("{}")
    (settled.root / "gradebook.db").write_text("")
    assert unchanged(settled.root) is not None


def test_a_date_of_the_course_ends_what_is_known(settled: Course) -> None:
    due = min(one.due for one in settled.assignments if one.due)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert good_until(settled, now) == due.timestamp()
    stamp = settled.records / "site" / "built.json"
    kept = json.loads(stamp.read_text())
    stamp.write_text(json.dumps({**kept, "until": time.time() - 1}))
    assert unchanged(settled.root) is None


def test_the_command_says_the_same_either_way(settled: Course) -> None:
    def said(*more: str) -> dict[str, object]:
        done = CliRunner().invoke(command, ["--course", str(settled.root), "--json", *more])
        assert done.exit_code == 0, done.output
        return {**json.loads(done.output), "seconds": 0}

    quick = said()
    (settled.records / "site" / "built.json").write_text(json.dumps({
        **json.loads((settled.records / "site" / "built.json").read_text()), "seen": ""}))
    assert said() == quick
    assert load_course(settled.root).id == quick["course"]


def test_telling_so_imports_neither_the_building_nor_the_course(settled: Course) -> None:
    program = (
        "import sys\n"
        "from kit.cli.main import run\n"
        f"run(['build', '--course', {str(settled.root)!r}])\n"
        "heavy = {'kit.site.building', 'kit.course.load', 'kit.model.course', 'pydantic',\n"
        "         'ruamel', 'sphinx', 'nbformat'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True,
                          check=True)
    assert "nothing has changed" in done.stdout
    assert done.stdout.splitlines()[-1] == "HEAVY []"
