"""What `kit check` found, and how far long work has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is. Only errors make `kit check` fail."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `kit check`: a code, where, what, and what to do."""

    code: str
    severity: Severity
    path: str
    message: str
    hint: str = ""
    cell: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far long work has come. `failed` counts what went wrong, `note` names the latest."""

    done: int
    total: int
    failed: int = 0
    note: str = ""
