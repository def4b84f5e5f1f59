"""Which layers of the seal are on: said by the process that put them on, not guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NAMESPACES = ("user", "mount", "pid", "network", "ipc", "uts")
"""What a sealed run has of its own."""

ALL_LAYERS = (
    *(f"{name} namespace" for name in NAMESPACES), "private files", "no capabilities",
    "no new privileges", "Landlock", "seccomp", "rlimits")
"""Every layer, from the outside in."""

GROUP = "control group"
"""A layer beside those, where this machine lets one be made: limits hold without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The layers that are on, and why each of the others is not; `no_group` says why there is no
    control group."""

    on: tuple[str, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict)
    no_group: str = ""

    @property
    def sealed(self) -> bool:
        """Whether nothing is missing."""
        return set(self.on) >= set(ALL_LAYERS)

    @property
    def boxed(self) -> bool:
        """Whether runs have files and processes of their own."""
        return "private files" in self.on

    @property
    def words(self) -> str:
        """One sentence for people."""
        if self.sealed:
            return "sealed: " + ", ".join(self.on)
        why = dict.fromkeys(self.off.values())
        return (f"not sealed, {len(self.off)} of {len(ALL_LAYERS)} layers are missing "
                f"({', '.join(self.off)}): {'; '.join(why)}")


def layers(on: Iterable[str], why: str, no_group: str = "") -> Layers:
    """Those of `on`; each other one is off because of `why`."""
    found = tuple(name for name in (*ALL_LAYERS, GROUP) if name in set(on))
    return Layers(on=found, off={name: why for name in ALL_LAYERS if name not in found},
                  no_group=no_group)
