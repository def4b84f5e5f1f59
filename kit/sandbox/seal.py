"""The seal that a process puts on itself before the first cell: it cannot be taken off."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from kit.sandbox import landlock, linux, rewind, seccomp


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Rules of Landlock (a descriptor; -1 for none), a filter of calls (empty for none), and the
    one of a process that is put back in place (empty where no process may be)."""

    rules: int = -1
    calls: bytes = b""
    still: bytes = b""

    @property
    def layers(self) -> tuple[str, ...]:
        """What of it is there."""
        return ("no new privileges", *(["Landlock"] if self.rules >= 0 else []),
                *(["seccomp"] if self.calls else []))

    def put_on(self) -> None:
        """Close this process in. Raises OSError when a part of it does not hold."""
        linux.drop_capabilities()
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self.rules >= 0:
            landlock.restrict(self.rules)
            os.close(self.rules)
        if self.calls:
            seccomp.load(self.calls)


def make_seal(read: Iterable[str], write: Iterable[str], *, network: bool) -> Seal:
    """What this kernel has of it; `network` says whether sockets of the internet may be made."""
    rules, calls = -1, b""
    with contextlib.suppress(OSError):
        rules = landlock.ruleset(read, write, network=network)
    if seccomp.known_machine():
        calls = seccomp.ready(seccomp.program(os.uname().machine, network=network))
    # Without Landlock a run writes to more than is taken away with its box.
    still = seccomp.ready(seccomp.still()) if rules >= 0 and rewind.possible() else b""
    return Seal(rules=rules, calls=calls, still=still)
