"""What is handed to the sandbox."""

from __future__ import annotations

from dataclasses import dataclass


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
