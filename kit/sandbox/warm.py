"""What a warm process hands to the forks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kit.sandbox import guard, kernel
from kit.sandbox.recorder import Recorder
from kit.sandbox.stored import Ready


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """A kernel that ran nothing of a learner yet, its recorder, and the machinery of its shell as
    it is put back before guarded cells.

    `stored` are cells that are made ready, by their text. `begun`: the author's first cells ran;
    `chance`: the state of the module random, where they said what that is; `held`: bytes that they
    take.
    """

    kernel: kernel.CellKernel
    recorder: Recorder
    state: guard.State
    stored: Mapping[str, Ready] = field(default_factory=dict)
    begun: bool = False
    chance: tuple[Any, ...] | None = None
    held: int = 0
