"""What a preview keeps warm from one build to the next: Sphinx, and a kernel in reserve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from kit.site.lessons.kernels import Kernels
from kit.site.render.press import Press


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """The press that renders pages, and the kernels that run lessons."""

    press: Press
    kernels: Kernels


@contextmanager
def warm(reserve: Sequence[str] | None = None) -> Iterator[Warm]:
    """Both for as long as the block runs; `reserve` as for `Kernels`."""
    with Press() as press, Kernels(reserve) as kernels:
        yield Warm(press=press, kernels=kernels)
