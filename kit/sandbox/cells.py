"""What is handed to the sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kit.model import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One cell to run.

    `guard`: before it runs, the shell's own machinery (transformers, display hook, formatters,
    builtins) is put back as it was. `trusted`: who wrote it may change that machinery, as
    long as nothing untrusted ran before. `silent`: it gives no output and counts for nothing.
    """

    source: str
    guard: bool = False
    trusted: bool = False
    silent: bool = False

    @property
    def blank(self) -> bool:
        """Whether there is nothing to run."""
        return not self.source.strip()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """What runs have in common, done once for all that fork from it.

    `cells` are the author's first ones, which see the files of `folder` and the variables `env`;
    `stored` the texts of cells to be made ready, which a run may be given later. Where `watched`
    is not None, the cells that runs are given leave nothing behind but variables, and of what was
    there before they can reach those of these names alone: then one process may be lent to one
    run after another. One stage is one object: runs that name the same one share what it did.
    """

    folder: Path
    limits: Limits
    cells: tuple[Code, ...] = ()
    stored: tuple[str, ...] = ()
    watched: frozenset[str] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
