"""What a run is asked for: where and how, with what, and the frames that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.model import Limits
from kit.sandbox.cells import Code, Stage
from kit.sandbox.seats import Place
from kit.sandbox.travel import MAX_BYTES, Packed

if TYPE_CHECKING:
    from kit.sandbox.live import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and how cells run.

    `env` are variables that stand again before each cell. `sealed` false is for the author's own
    cells: they have the rights of this account, with `variables` as their whole environment if
    that is not None. With `keep` false no file that they leave goes into `cwd`. `kernel` is an
    installed kernel as `foreign.find` gives it. From a `stage` they come with its cells done.
    `line` is the descriptor of a socket to another run, or none. With `lasts` the process may
    take one run after another, as its stage allows. `cpu` is the processor that it is to stay on.
    `files` are what a box gets, by their names, rather than those of `cwd`, which need not be
    there: then it is made for the first file that the run leaves. With `rewinds` the process may
    be put back in place when the run is over, for another of its stage.
    """

    cwd: Path
    limits: Limits
    files: Mapping[str, Path] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = True
    kernel: Mapping[str, Any] | None = None
    keep: bool = True
    stage: Stage | None = None
    line: Sequence[int] = ()
    lasts: bool = False
    cpu: int | None = None
    variables: Mapping[str, str] | None = None
    rewinds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A traceback as it was drawn: all that it is `of`, and its lines."""

    of: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a cell gets from elsewhere: variables, which number it counts as, and the run `by`
    on whose line what does not travel is called; without one nothing is. That one is told what
    becomes of the variables that `tells` names, with each call. The functions named in `ahead` are
    called with nothing of a run, so that it may ask for such calls before their turn. Of the
    values, those named in `unless` are for a run that has none of its own.

    With `draws` it is to say what the traceback is of that it ends in; the one that is `drawn` it
    may take for its own, if that is of the same."""

    values: Mapping[str, Packed] = field(default_factory=dict)
    unless: frozenset[str] = frozenset()
    count: int | None = None
    by: Live | None = None
    tells: Sequence[str] = ()
    ahead: Set[str] = frozenset()
    draws: bool = False
    drawn: Drawn | None = None


NOTHING = Given()


def reading(
    names: Sequence[str], max_bytes: int = MAX_BYTES, *, hold: bool = True
) -> dict[str, Any]:
    """The frame that asks for variables."""
    return {"read": list(names), "bytes": max_bytes, "hold": hold}


def asked(code: Code, index: int) -> dict[str, Any]:
    """The frame that asks for a cell."""
    return {"cell": index, "source": code.source, "guard": code.guard, "trusted": code.trusted,
            "silent": code.silent}


def opened(setting: Setting, place: Place, *, boxed: bool) -> dict[str, Any]:
    """The frame that opens a run."""
    limits = setting.limits
    own = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "TERM": "xterm-color",
           "CLICOLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "PAGER": "cat",
           "GIT_PAGER": "cat"}
    if setting.variables is None:
        env = {**place.variables, "HOME": place.scratch, "TMPDIR": place.scratch,
               "JUPYTER_RUNTIME_DIR": f"{place.scratch}/jupyter", **own}
    else:
        env = {**setting.variables, **own}
    return {
        "cwd": place.cwd, "scratch": place.scratch, "env": {**env, **setting.env},
        "stated": dict(setting.env), "watched": _watched(setting),
        "kernel": setting.kernel, "boxed": boxed, "cpu": setting.cpu, "rewinds": setting.rewinds,
        "limits": {
            "cpu_seconds": limits.cpu_seconds, "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes, "file_bytes": limits.file_bytes,
            "processes": limits.processes, "uid_processes": place.tasks,
        },
    }


def _watched(setting: Setting) -> list[str] | None:
    stage = setting.stage
    if not setting.lasts or stage is None or stage.watched is None:
        return None
    return sorted(stage.watched)
