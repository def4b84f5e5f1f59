"""What a preview keeps warm from one build to the next: Sphinx, the process that lessons fork from,
and a kernel in reserve for those that cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kit.site.lessons.forks import Forks
from kit.site.lessons.kernels import Kernels
from kit.site.render.press import Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """The press that renders pages, and what lessons run in."""

    press: Press
    kernels: Kernels
    forks: Forks


@contextmanager
def warm(reserve: Sequence[str] | None = None) -> Iterator[Warm]:
    """All for as long as the block runs; `reserve` as for `Kernels`."""
    with Press() as press, Kernels(reserve) as kernels, Forks() as forks:
        yield Warm(press=press, kernels=kernels, forks=forks)
