"""The control group of a box, where this machine lets one be made, and why there is none elsewhere.

Which controllers there are is the machine's: that a group is bounded, filled and gone is looked at
with those. What is written for the others is looked at in a folder that stands for a group.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.model import Limits, RunState
from kit.sandbox import GROUP, Code, Setting, groups, open_pool

LIMITS = Limits(memory_bytes=1 << 30, file_bytes=1 << 20, processes=9)
FILES = {"memory.max": str((1 << 30) + (2 << 20) + (1 << 29)), "memory.swap.max": "0",
         "pids.max": "25", "hugetlb.2MB.max": "0", "hugetlb.1GB.max": "0"}


def there() -> set[Path]:
    """The groups that this process made, of all pools."""
    return set() if why_not() else set(groups.ground().glob(f"kit-{os.getpid()}-*"))


def processes(group: Path) -> list[str]:
    return (group / "cgroup.procs").read_text().split()


def why_not() -> str:
    try:
        groups.ground()
    except groups.NoGroupsError as error:
        return str(error)
    return ""


def test_processes_of_a_box_are_in_its_group_and_both_are_gone_at_the_end(tmp_path: Path) -> None:
    before = there()
    with open_pool() as pool:
        setting = Setting(cwd=tmp_path, limits=LIMITS, keep=False)
        with pool.live(setting) as live:
            assert live.run(Code(source="1"), 0).state is RunState.OK
            if why := why_not():
                assert GROUP not in pool.layers.on
                assert pool.layers.no_group == why
                return
            assert GROUP in pool.layers.on
            (used,) = there() - before
            assert len(processes(used)) == 2  # the keeper, and the run
            for name, value in FILES.items():
                file = used / name
                assert not file.exists() or file.read_text().strip() == value
    assert there() == before


def test_what_a_killed_process_left_is_removed() -> None:
    if why_not():
        with pytest.raises(groups.NoGroupsError):
            groups.make()
        return
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = groups.ground() / f"kit-{gone.pid}-0"
    left.mkdir()
    mine = groups.make()
    groups._ground.cache_clear()
    groups.ground()
    assert not left.exists()
    assert mine.folder.exists()
    assert mine.remove()
    assert mine.remove()  # it is gone


DIVIDES = """
import os, sys
from pathlib import Path
from kit.sandbox import groups
outer = Path(sys.argv[1])
assert groups.join(str(outer))
print("in")
sys.stdin.readline()
try:
    made = groups.make()
except groups.NoGroupsError as error:
    print(error)
else:
    own = f"kit-{os.getpid()}-own"
    print(made.folder.parent == outer and str(os.getpid()) in (
        outer / own / "cgroup.procs").read_text().split() and made.remove())
"""


@pytest.mark.parametrize("alone", [True, False])
def test_a_group_is_divided_by_who_is_alone_in_it(alone: bool) -> None:
    if why_not():
        with pytest.raises(groups.NoGroupsError):
            groups.make()
        return
    outer = groups.make().folder
    inside = [subprocess.Popen(
        [sys.executable, "-c", DIVIDES, str(outer)], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE) for _ in range(1 if alone else 2)]
    assert all(one.stdout is not None and one.stdout.readline() == "in\n" for one in inside)
    said = inside[0].communicate("\n")[0]
    for one in inside[1:]:
        one.communicate("\n")
    assert said == ("True\n" if alone else "other processes are in its control group\n")
    for own in outer.glob("kit-*"):
        own.rmdir()
    outer.rmdir()


def test_what_is_bounded(tmp_path: Path) -> None:
    for name in (*FILES, "hugetlb.2MB.rsvd.max", "memory.high"):
        (tmp_path / name).write_text("max")
    group = groups.Group(folder=tmp_path)
    group.bound(LIMITS)
    assert {name: (tmp_path / name).read_text() for name in FILES} == FILES
    assert (tmp_path / "memory.high").read_text() == "max"
    group.bound(Limits(processes=1))
    assert (tmp_path / "pids.max").read_text() == "17"


def test_a_controller_that_is_not_there_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "pids.max").write_text("max")
    groups.Group(folder=tmp_path).bound(LIMITS)
    assert [one.name for one in tmp_path.iterdir()] == ["pids.max"]


def test_a_group_that_is_not_there_is_not_joined(tmp_path: Path) -> None:
    assert not groups.join(str(tmp_path / "none"))
