"""What of this machine works, for `kit doctor`: each probe really tries what it names."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

_SECONDS = 60


class Health(StrEnum):
    """`ok`, `limited` (works with less), or `broken` (a command will fail)."""

    OK = "ok"
    LIMITED = "limited"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One thing that was tried: its name, how it went, what was seen, what to do."""

    name: str
    health: Health
    seen: str
    hint: str = ""


def examine() -> Iterator[Probe]:
    """Try everything, one probe after another, quick ones first."""
    for probe in _PROBES:
        yield probe()


def _python() -> Probe:
    version = platform.python_version()
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Probe(name="Python", health=Health.BROKEN, seen=version,
                     hint="the kit is made for Python 3.11 to 3.13")
    if sys.prefix == sys.base_prefix:
        return Probe(name="Python", health=Health.LIMITED, seen=f"{version}, no environment",
                     hint="use a virtual environment: other packages own the name kit as well")
    return Probe(name="Python", health=Health.OK, seen=version)


def _system() -> Probe:
    system = platform.system()
    if system == "Windows":
        return Probe(name="system", health=Health.LIMITED, seen=f"Windows {platform.release()}",
                     hint="author here; grade under WSL2 (wsl --install)")
    return Probe(name="system", health=Health.OK, seen=f"{system} {platform.release()}, "
                                                       f"{os.cpu_count() or 1} cores")


def _owner() -> Probe:
    """Other distributions on the index install packages named kit and autograders too."""
    owners = metadata.packages_distributions()
    others = sorted({
        name for package in ("kit", "autograders") for name in owners.get(package, ())
        if name != "coursewright"
    })
    if others:
        return Probe(name="packages", health=Health.BROKEN,
                     seen=f"{', '.join(others)} owns files of kit or autograders as well",
                     hint=f"pip uninstall {' '.join(others)}, then install coursewright again")
    return Probe(name="packages", health=Health.OK, seen="kit and autograders are ours")


def _extra(name: str, distributions: tuple[str, ...], needed: str) -> Probe:
    missing = []
    versions = []
    for distribution in distributions:
        try:
            versions.append(f"{distribution} {metadata.version(distribution)}")
        except metadata.PackageNotFoundError:
            missing.append(distribution)
    if missing:
        return Probe(name=name, health=Health.LIMITED, seen=f"no {', '.join(missing)}",
                     hint=f'{needed}; pip install "coursewright[author]"')
    return Probe(name=name, health=Health.OK, seen=", ".join(versions))


def _author() -> Probe:
    return _extra("author extra", ("nbgrader", "jupyter-book", "copier", "SQLAlchemy"),
                  "needed to author and grade, not to learn")


def _alembic() -> Probe:
    beside = Path(sys.executable).with_name("alembic")
    found = shutil.which("alembic") or (str(beside) if beside.exists() else None)
    if found is None:
        return Probe(name="alembic", health=Health.LIMITED, seen="not found",
                     hint="only nbgrader's own commands call it, to make a gradebook")
    on_path = shutil.which("alembic") is not None
    return Probe(name="alembic", health=Health.OK if on_path else Health.LIMITED, seen=found,
                 hint="" if on_path else "activate the environment: nbgrader looks on PATH")


def _kernel() -> Probe:
    """Run one cell in a fresh stock kernel."""
    program = (
        "import nbclient, nbformat;"
        "cell = nbformat.v4.new_code_cell('6 * 7');"
        "book = nbformat.v4.new_notebook(cells=[cell]);"
        "nbclient.NotebookClient(book, timeout=40).execute();"
        "print(book.cells[0].outputs[0].data['text/plain'])"
    )
    try:
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], text=True,
                              capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Probe(name="kernel", health=Health.BROKEN, seen="no answer in a minute",
                     hint="is a firewall in the way of 127.0.0.1?")
    if done.stdout.strip() == "42":
        return Probe(name="kernel", health=Health.OK, seen="a fresh kernel ran a cell")
    last = (done.stderr.strip().splitlines() or ["no output"])[-1]
    return Probe(name="kernel", health=Health.BROKEN, seen=last,
                 hint="python -m ipykernel install --user")


def _sandbox() -> Probe:
    """Run a cell twice, as submissions are run one after another."""
    from kit.model import Limits, RunState
    from kit.sandbox import Code, Stage, open_pool

    if platform.system() == "Windows":
        return Probe(name="engine", health=Health.BROKEN, seen="needs Linux or macOS",
                     hint="grade under WSL2 (wsl --install)")
    import tempfile

    with tempfile.TemporaryDirectory() as folder, open_pool() as pool:
        stage = Stage(folder=Path(folder), limits=Limits())
        asked = [Code(source="import os\nprint(os.getpid())")]
        runs = [pool.run(asked, Limits(), cwd=stage.folder, stage=stage, rewinds=True)[0]
                for _ in range(2)]
        layers = pool.layers
    for run in runs:
        if run.state is not RunState.OK:
            return Probe(name="engine", health=Health.BROKEN, seen=run.reason or run.state.value,
                         hint="run kit doctor again; if it stays, report it with this line")
    if layers.sealed:
        first, second = (run.cells[0].outputs for run in runs)
        next_one = ("the next submission has its process, put back in place" if first == second else
                    "each submission is a fork: to put one back in place takes Linux 6.10, x86-64")
        return Probe(name="engine", health=Health.OK, seen="ran cells, sealed",
                     hint=f"{', '.join(layers.on)}\n{next_one}"
                          + (f"\nno control group: {layers.no_group}" if layers.no_group else ""))
    why = "; ".join(dict.fromkeys(layers.off.values()))
    return Probe(name="engine", health=Health.LIMITED, seen="ran cells, not sealed",
                 hint=f"without {', '.join(layers.off)}:\n{why}")


def _browser() -> Probe:
    from kit.site.pdf.chromium import GET_ONE, find_chromium

    found = find_chromium()
    if not found or shutil.which(found) is None:
        return Probe(name="browser", health=Health.LIMITED,
                     seen=f"no program at {found}" if found else "no Chromium, Chrome or Edge",
                     hint=f"kit build --pdf needs one: {GET_ONE}")
    if find_spec("pypdf") is None:
        return Probe(name="browser", health=Health.LIMITED, seen=f"{found}, but no pypdf",
                     hint='kit build --pdf needs it: pip install "coursewright[pdf]"')
    return Probe(name="browser", health=Health.OK, seen=found)


def _node() -> Probe:
    if shutil.which("npm") is None:
        return Probe(name="node", health=Health.LIMITED, seen="no npm",
                     hint="only building the wheel needs it; pip fetches one for that")
    done = subprocess.run(["node", "--version"], text=True, capture_output=True, check=False,
                          timeout=_SECONDS)
    return Probe(name="node", health=Health.OK, seen=f"node {done.stdout.strip()}")


def _assets() -> Probe:
    """Scripts and fonts that every built page needs, bundled at install."""
    vendor = Path(__file__).resolve().parent.parent / "site" / "vendor"
    names = [entry.name for entry in vendor.iterdir()] if vendor.is_dir() else []
    if not names:
        return Probe(name="site assets", health=Health.BROKEN, seen="not bundled",
                     hint="install again: pip install --force-reinstall --no-deps coursewright")
    return Probe(name="site assets", health=Health.OK, seen=f"{len(names)} bundled")


_PROBES: tuple[Callable[[], Probe], ...] = (
    _python, _system, _owner, _author, _alembic, _assets, _node, _browser, _kernel, _sandbox,
)
