"""What the supervisor asks of whoever gives it processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kit.model import Limits
from kit.sandbox.cells import Stage
from kit.sandbox.frames import Inbox
from kit.sandbox.layers import Layers

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "LD_LIBRARY_PATH",
         "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "SYSTEMROOT", "MPLCONFIGDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code or minus the signal; None when its host died."""

    status: int | None
    cpu_seconds: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run finds itself, in its own paths.

    `cwd` holds the files, `scratch` is for what it makes on the way; `tasks` are those of its
    user that are no part of it, for the limit that counts them all. `variables` are those that
    it has of this process.
    """

    cwd: str
    scratch: str
    variables: Mapping[str, str]
    tasks: int = 0


class Seat(Protocol):
    """One process that waits for a run on `sock`."""

    sock: Inbox
    place: Place
    said: tuple[dict[str, Any], ...]
    """What came of the cells of the stage that it comes from, if it does."""

    def signal(self, number: int) -> None:
        """Send a signal to the process and its group."""

    def wait(self, seconds: float, *, keep: bool) -> Ended | None:
        """How it ended, once its whole process tree is gone; None if it still runs. With `keep`
        its files are put into the folder."""

    def hand_out(self, seconds: float, *, keep: bool) -> None:
        """Put its files into the folder now if they are to be kept, and none that it changes from
        now on."""

    def rest(self, seconds: float, *, keep: bool) -> Ended | None:
        """Have the process as it was when it was launched, to take another run, and the files as
        `wait` does; what the run was, or None where it has to be ended."""

    def again(self, folder: Path, files: Mapping[str, Path] | None, limits: Limits,
              cpu: int | None) -> None:
        """Lay the files out for another run, and let it compute on that processor. Raises
        GradingError."""

    def leave(self, files: Set[str] = frozenset()) -> None:
        """After the end: remove what it made on the way. It had to take apart these `files` of
        libraries."""


class Host(Protocol):
    """Gives seats. `dead` is true once it cannot; `layers` are known once it is warm."""

    dead: bool
    layers: Layers

    def await_warm(self) -> None:
        """Wait until it can give seats. Raises GradingError when it does not start."""

    def launch(
        self, folder: Path, limits: Limits, *, sealed: bool, stage: Stage | None = None,
        line: Sequence[int] = (), files: Mapping[str, Path] | None = None, rewinds: bool = False,
    ) -> Seat:
        """A new process for a run on the files of `folder`; it is not sealed where that is not
        asked for. It comes from the stage where there can be one, and has the descriptor of a
        `line` to another run. A box may get other `files`, by name. One that `rewinds` may take
        more than one run, where that can be. Raises GradingError."""

    def forget(self, stages: Sequence[Stage]) -> None:
        """No run comes from these stages any more."""

    def close(self) -> None:
        """End the host and every process it started."""


def environment() -> dict[str, str]:
    """The variables of this process that a run may see; none of them is a secret."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    single = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    return {"LANG": "C.UTF-8", **kept, **dict.fromkeys(single, "1")}


def command(mode: str, descriptors: Sequence[int], packages: Sequence[str]) -> list[str]:
    """The command line of a warm process."""
    return [sys.executable, "-P", "-m", "kit.sandbox", mode,
            ",".join(map(str, descriptors)), *packages]
