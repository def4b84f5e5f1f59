"""A pool among things that no run may reach, and how to tell that nothing was left of one."""

from __future__ import annotations

import contextlib
import gc
import json
import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redteam.world import World, make_world

from kit.model import Limits, RunState
from kit.sandbox import Code, Pool, Stage, open_pool
from kit.sandbox.forked import ForkHost

LOOK = '''
import glob, json, os, pathlib, re, resource
print(json.dumps({
    "files": [sorted(os.listdir(p)) for p in ("/", "/box", "/box/learner", "/tmp", "/dev",
                                              "/dev/shm", "/dev/pts", "/etc", ".")],
    "processes": len(glob.glob("/proc/[0-9]*")),
    "tcp": len(open("/proc/net/tcp").readlines()) + len(open("/proc/net/udp").readlines()),
    "unix": len(open("/proc/net/unix").readlines()),
    "mounts": [line.split()[4:6] for line in open("/proc/self/mountinfo")],
    "limits": [resource.getrlimit(n) for n in range(16) if n != resource.RLIMIT_AS],
    "keeper": re.sub(r"(?m)^Max address.*", "", open("/proc/1/limits").read()),
    "turns": [os.nice(0), len(os.sched_getaffinity(0)), os.sched_getscheduler(0)],
    "mask": os.umask(0), "environment": sorted(os.environ),
    "status": re.findall(r"(?:Cap|Sig|Shd|Seccomp|NoNew|Groups|Threads).*",
                         open("/proc/self/status").read()),
    "who": [os.getuid(), os.getgid(), os.getgroups(), os.uname().nodename, os.getcwd()],
}))
'''
FEW = 300
"""Descriptors that the supervisor may open: fewer than an attack can make it open at once."""

SLOW = 4.0
"""Seconds after which a trivial run is not a normal one, on a machine with other work."""


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process keeps temporary files, so that what is left of a run shows."""
    ground = tmp_path_factory.mktemp("ground")
    before, tempfile.tempdir = tempfile.tempdir, str(ground)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_open_now() + FEW, limits[1]))
    yield ground
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    tempfile.tempdir = before


def _open_now() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with make_world(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="session")
def pool(ground: Path) -> Iterator[Pool]:
    with open_pool(["numpy"]) as pool:
        yield pool


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """What is handed in. Some attacks make it too deep for pytest to remove."""
    folder = tmp_path / "ps1"
    folder.mkdir()
    yield folder
    subprocess.run(["rm", "-rf", "--", str(folder)], check=True)


@pytest.fixture
def files(folder: Path) -> Callable[[], list[Path]]:
    """The files below it that can be opened, however deep the folders are."""
    def find() -> list[Path]:
        found, waiting = [], [folder]
        while waiting:
            with contextlib.suppress(OSError):
                for path in waiting.pop().iterdir():
                    if path.is_dir() and not path.is_symlink():
                        waiting.append(path)
                    elif path.is_file() and not path.is_symlink():
                        found.append(path)
        return found

    return find


@pytest.fixture
def nothing_left(
    pool: Pool, world: World, ground: Path, normal: dict[str, Any], tmp_path: Path
) -> Iterator[None]:
    """After the test: nothing was harmed or left, and the next run is a normal one."""
    before = state(pool, ground)
    yield
    assert not world.harm()
    assert {path.name for path in tmp_path.iterdir()} <= {"ps1"}
    assert look(pool, ground) == normal
    assert state(pool, ground) == before


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What of this machine and this process a run may not change."""

    descriptors: list[str]
    temporary: list[str]
    processes: int
    mounts: list[str]


@pytest.fixture(scope="session")
def normal(pool: Pool, ground: Path) -> dict[str, Any]:
    """What a run sees where none was before."""
    assert pool.layers.sealed, pool.layers.words
    return look(pool, ground)


def open_files() -> list[str]:
    """What this process has open, without the numbers that tell one from another."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own
            found.append(re.sub(r"\d+", "N", str(entry.readlink())))
    return sorted(found)


def state(pool: Pool, ground: Path) -> State:
    gc.collect()  # a socket that an error still holds is closed with it
    return State(descriptors=open_files(), processes=len(below(pool)),
                 mounts=[line for line in Path("/proc/self/mountinfo").read_text().splitlines()
                         if str(ground) in line or "/box/" in line],
                 temporary=sorted(path.name for path in ground.iterdir()))


def look(pool: Pool, ground: Path, stage: Stage | None = None) -> dict[str, Any]:
    """What a run sees, in normal time; one of a `stage` in a process that is put back."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="look-", dir=ground) as folder:
        Path(folder, "work").mkdir()
        done, _ = pool.run([Code(source=LOOK)], Limits(cell_seconds=20), cwd=Path(folder, "work"),
                           stage=stage, rewinds=stage is not None)
    assert done.state is RunState.OK, done.cells[0].outputs
    assert time.monotonic() - began < SLOW
    seen: dict[str, Any] = json.loads(done.cells[0].outputs[0]["text"])
    return seen


def below(pool: Pool) -> list[int]:
    """The processes that descend from the warm one."""
    host = pool._host
    assert isinstance(host, ForkHost)
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(words[1]), []).append(int(path.parent.name))
    found, waiting = [], [host._process.pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
