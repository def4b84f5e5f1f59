"""Attacks on the sandbox, each a file of `attacks/`: what a learner might put into cells.

A file is Python, divided into cells by lines `# %%`. A part that begins with `# %% file NAME` is
handed in beside the notebook under that name; one that begins with `# %% host` is run by the
test, before the attack, with the path `folder` of what is handed in. The docstring says in its
first line what is tried, and below that, a line each:

    group: files            one of GROUPS
    must: prints held       what the last cell must come to; several lines, for the last cells
    limits: cell_seconds=2  limits that it needs, divided by commas
    leaves: a b.txt         the names in the folder afterwards, or `nothing`; else any
    seconds: 9              what it may take at most; else worked out from the limits
    machine: x86_64         the only processor that it is made for

What a cell can come to: `any`, `ok`, `prints WORD` (that and nothing else), `shows WORD` (that
somewhere in its outputs), `error NAME`, `timeout`, `killed WORDS`, `skipped`.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kit.model import CellRun, Limits, RunState
from kit.sandbox.live import GRACE_SECONDS

GROUPS = ("files", "handing out", "processes", "network", "resources", "kernel", "keeper",
          "leftovers", "supervisor", "forgery")
"""What is attacked, in the order in which a table of them reads well."""

FOLDER = Path(__file__).parent / "attacks"

_LIMITS = {"cell_seconds": 4.0, "cpu_seconds": 20.0, "file_bytes": 2_000_000,
           "memory_bytes": 400_000_000}
_WHOLE = ("memory_bytes", "output_bytes", "file_bytes", "processes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack: its cells and what it must get."""

    name: str
    title: str
    group: str
    must: tuple[str, ...]
    cells: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    files: tuple[tuple[str, str], ...] = ()
    before: str = ""
    machine: str = ""
    leaves: tuple[str, ...] | None = None
    seconds: float = 0.0

    def missed(self, runs: tuple[CellRun, ...]) -> list[str]:
        """What of `must` did not come to be, in words."""
        return [f"cell {run.index} was to be {want!r}, and is {run.state}: {run.outputs!r:.1500}"
                for want, run in zip(self.must, runs[-len(self.must):], strict=True)
                if not _came_to(want, run)]


def _came_to(want: str, run: CellRun) -> bool:
    kind, _, words = want.partition(" ")
    last = run.outputs[-1] if run.outputs else {}
    if kind in ("ok", "prints"):
        text = "".join(str(output.get("text", output.get("data"))) for output in run.outputs)
        return run.state is RunState.OK and (kind == "ok" or text.strip() == words)
    if kind == "shows":
        return words in str(run.outputs)
    if kind == "error":
        return run.state is RunState.ERROR and last.get("ename") == words
    if kind == "killed":
        return run.state is RunState.KILLED and words in last.get("evalue", "")
    return kind in ("any", str(run.state))


def attacks(folder: Path = FOLDER) -> list[Attack]:
    """All of them, by group and name. Raises ValueError for a header that is wrong."""
    found = [read(path) for path in sorted(folder.glob("*.py"))]
    return sorted(found, key=lambda one: (GROUPS.index(one.group), one.name))


def table(folder: Path = FOLDER) -> Iterator[tuple[str, str, str]]:
    """Group, title and outcome of each attack, for people."""
    for one in attacks(folder):
        yield one.group, one.title, " / ".join(one.must)


def in_stock() -> dict[str, str]:
    """What each got in stock nbgrader, by name, when `stock.py` was run last."""
    found: dict[str, str] = json.loads((FOLDER.parent / "in-stock.json").read_text())
    return found


def read(path: Path) -> Attack:
    """The attack in a file. Raises ValueError, which names the file."""
    text = path.read_text(encoding="utf-8")
    doc = ast.get_docstring(ast.parse(text.split("\n# %%")[0])) or ""
    title, _, rest = doc.partition("\n")
    head: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+): (.+)$", rest, re.MULTILINE):
        head.setdefault(key, []).append(value.strip())
    group = head.pop("group", [""])[0]
    must = tuple(head.pop("must", []))
    if not title.endswith(".") or group not in GROUPS or not must:
        raise ValueError(f"{path.name}: it needs a title, a group and what it must get")
    limits = _limits(head.pop("limits", [""])[0])
    files, before, cells = _parts(text)
    machine = head.pop("machine", [""])[0]
    leaves = head.pop("leaves", [""])[0].split()
    seconds = float(head.pop("seconds", [0])[0]) or (
        5 + len(cells) * min(limits.cell_seconds + GRACE_SECONDS, 8))
    if head or len(must) > len(cells):
        raise ValueError(f"{path.name}: unknown {list(head)}, or more outcomes than cells")
    return Attack(name=path.stem, title=title, group=group, must=must, limits=limits,
                  cells=cells, files=files, before=before, seconds=seconds, machine=machine,
                  leaves=tuple(one for one in leaves if one != "nothing") if leaves else None)


def _limits(text: str) -> Limits:
    values: dict[str, float] = dict(_LIMITS)
    for part in filter(None, text.split(",")):
        name, _, value = part.strip().partition("=")
        values[name] = float(value)
    return Limits(**{name: int(value) if name in _WHOLE else value
                     for name, value in values.items()})  # type: ignore[arg-type]


def _parts(text: str) -> tuple[tuple[tuple[str, str], ...], str, tuple[str, ...]]:
    """Files beside the notebook, what the test runs before, and the cells."""
    files, before, cells = [], "", []
    for part in text.split("\n# %%")[1:]:
        first, _, body = part.partition("\n")
        if first.strip().startswith("file "):
            files.append((first.strip()[5:], body))
        elif first.strip() == "host":
            before = body
        else:
            cells.append(body.strip("\n") + "\n")
    return tuple(files), before, tuple(cells)
