"""What the attacks of `attacks/` get from a stock kernel, driven as nbgrader drives it.

    sudo python tests/redteam/stock.py [NAME ...]

Run apart from the tests, by root on Linux: each attack has a copy of the machine's files that is
thrown away, no network, a grader's ordinary account, and at most 3 GB and 400 processes, so that
it cannot end the machine. What came of it goes to `in-stock.json`, and from there into the table.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent)]

import nbformat  # noqa: E402
from attack import Attack, attacks, read  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: E402
from world import World, make_world  # noqa: E402

from kit.model import CellRun, RunState  # noqa: E402

RECORD = HERE / "in-stock.json"
_SECONDS = 60
_GRADER = 1000
_CGROUPS = {"memory": ("memory.limit_in_bytes", 3 * 2**30), "pids": ("pids.max", 400)}
_JAIL = """
set -e
mount --make-rprivate /
mount -t tmpfs -o size=1g tmpfs {base}
mkdir {base}/up {base}/work {base}/root
mount -t overlay overlay -o lowerdir=/,upperdir={base}/up,workdir={base}/work {base}/root
mount -t proc proc {base}/root/proc
mount --bind /dev {base}/root/dev
mount -t tmpfs -o size=200m tmpfs {base}/root/dev/shm
mount -t tmpfs -o size=200m tmpfs {base}/root/tmp
chmod 1777 {base}/root/tmp {base}/root/dev/shm
chmod 755 {base}/root/root
mkdir -p {base}/root/home/grader
chown {grader}:{grader} {base}/root/home/grader
ip link set lo up || true
exec chroot --userspec={grader}:{grader} {base}/root env -i PATH="$PATH" LANG=C.UTF-8 \\
    HOME=/home/grader {python} {script} --inside {name}
"""


def main(names: list[str]) -> int:
    """Try each, and write down what came of it."""
    if names[:1] == ["--inside"]:
        _say(json.dumps(inside(read(HERE / "attacks" / f"{names[1]}.py"))))
        os._exit(0)
    found: dict[str, str] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    for one in attacks():
        if not names or one.name in names:
            found[one.name] = tried(one)
            _say(f"{one.name}: {found[one.name]}")
            RECORD.write_text(json.dumps(dict(sorted(found.items())), indent=1) + "\n")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tried(one: Attack) -> str:
    """What an attack gets, in words."""
    with tempfile.TemporaryDirectory() as base, _bounded() as groups:
        script = _JAIL.format(base=base, grader=_GRADER, python=sys.executable,
                              script=HERE / "stock.py", name=one.name)
        process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child",
             "bash", "-c", script],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: _enter(groups))  # noqa: PLW1509 - no threads here
        try:
            said, _ = process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            _end_all(groups)
            process.communicate()
            return "hangs the run"
    lines = said.strip().splitlines()
    if not lines or not lines[-1].startswith('"'):
        return "ends the grader"
    return str(json.loads(lines[-1]))


@contextlib.contextmanager
def _bounded() -> Iterator[list[Path]]:
    folders = [Path("/sys/fs/cgroup", kind, "stock-attack") for kind in _CGROUPS]
    for folder, (name, value) in zip(folders, _CGROUPS.values(), strict=True):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(str(value))
    try:
        yield folders
    finally:
        _end_all(folders)
        for folder in folders:
            folder.rmdir()


def _end_all(groups: list[Path]) -> None:
    listed = groups[0] / "cgroup.procs"
    while lines := listed.read_text().split():
        for line in lines:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(line), 9)
        time.sleep(0.05)


def _enter(groups: list[Path]) -> None:
    for folder in groups:
        (folder / "cgroup.procs").write_text(str(os.getpid()))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**29, 2**29))


def inside(one: Attack) -> str:
    """In the jail: run it, and look around."""
    with tempfile.TemporaryDirectory() as base, make_world(Path(base)) as world:
        folder = Path(base) / "ps1"
        folder.mkdir()
        for name, text in one.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        if one.before:
            exec(one.before, {"folder": folder})
        runs, lost = asyncio.run(_run(one, world, folder))
        return _verdict(one, world, runs, lost)


async def _run(one: Attack, world: World, folder: Path) -> tuple[list[CellRun], str]:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in one.cells])
    client = NotebookClient(
        notebook, timeout=int(one.limits.cell_seconds), kernel_name="python3", allow_errors=True,
        interrupt_on_timeout=True, resources={"metadata": {"path": str(folder)}})
    runs: list[CellRun] = []
    lost = ""
    try:
        async with client.async_setup_kernel(env={**os.environ, **world.told}):
            for place, cell in enumerate(notebook.cells):
                await client.async_execute_cell(cell, place)
                runs.append(_as_run(place, cell))
    except DeadKernelError:
        lost = "the notebook is lost"
    except (CellTimeoutError, TimeoutError, RuntimeError):
        lost = "hangs the run"
    except Exception:  # noqa: BLE001 - whatever it is, the grader has no notebook
        lost = "the notebook is lost"
    return runs, lost


def _as_run(place: int, cell: Any) -> CellRun:
    outputs = tuple(json.loads(json.dumps(one)) for one in cell.outputs)
    names = [one["ename"] for one in outputs if one["output_type"] == "error"]
    state = (RunState.OK if not names else
             RunState.TIMEOUT if "CellTimeoutError" in names else RunState.ERROR)
    return CellRun(index=place, state=state, outputs=outputs)


def _verdict(one: Attack, world: World, runs: list[CellRun], lost: str) -> str:
    harm = world.harm()
    if world.secret in repr(runs):
        return "reads it"
    if harm:
        return "does harm"
    if lost:
        return lost
    if one.missed(tuple(runs)):
        return "gets it"
    return "leaves processes" if _others(world) else "held"


def _others(world: World) -> list[int]:
    known = {os.getpid(), os.getppid(), world.victim.pid, 1}
    return [int(path.name) for path in Path("/proc").iterdir()
            if path.name.isdigit() and int(path.name) not in known
            and "resource_tracker" not in _line(path)]


def _line(path: Path) -> str:
    try:
        return (path / "cmdline").read_text()
    except OSError:
        return "resource_tracker"  # it is gone


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
