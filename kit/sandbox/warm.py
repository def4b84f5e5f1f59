"""What a warm process hands to the forks of it."""

from __future__ import annotations

from dataclasses import dataclass

from kit.sandbox import guard, kernel
from kit.sandbox.recorder import Recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """A kernel that ran nothing yet, its recorder, and the machinery of its shell as it is put
    back before guarded cells."""

    kernel: kernel.CellKernel
    recorder: Recorder
    state: guard.State
