"""What a check is: a code, a title, and a function from what was read to findings."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit import plugins
from kit.check.context import Context
from kit.errors import KitError, UnknownName
from kit.model import Finding, Severity

Function = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. The code's first letter is its severity: E an error, W a warning.

    The function's docstring is what `kit check --explain` prints.
    """

    code: str
    title: str
    function: Function

    def __call__(self, context: Context) -> Iterator[Finding]:
        """The findings of this check."""
        yield from self.function(context)

    @property
    def severity(self) -> Severity:
        """Whether `kit check` fails on it."""
        return _severity(self.code)

    @property
    def explanation(self) -> str:
        """The whole text behind the code."""
        return inspect.cleandoc(self.function.__doc__ or "").strip()


def check(code: str, title: str) -> Callable[[Function], Check]:
    """Make a check of a function that takes a Context and yields findings."""
    return lambda function: Check(code=code, title=title, function=function)


def found(
    code: str, path: str, message: str, *, hint: str = "", cell: str = "", line: int | None = None
) -> Finding:
    """A finding whose severity follows from its code."""
    return Finding(code=code, severity=_severity(code), path=path, message=message, hint=hint,
                   cell=cell, line=line)


def _severity(code: str) -> Severity:
    return Severity.ERROR if code.startswith("E") else Severity.WARNING


@cache
def checks() -> tuple[Check, ...]:
    """All checks, the built-in ones and those of plugins, sorted by number."""
    from kit.check import (
        alternatives,
        answers,
        apart,
        code,
        components,
        dates,
        faults,
        inpage,
        kernels,
        lessons,
        links,
        publishing,
        seals,
        structure,
        variants,
        widgets,
    )

    collected: dict[str, Check] = {}
    builtin = (structure.CHECKS, dates.CHECKS, code.CHECKS, answers.CHECKS,
               alternatives.CHECKS, apart.CHECKS, variants.CHECKS, seals.CHECKS, faults.CHECKS,
               lessons.CHECKS, components.CHECKS, widgets.CHECKS, links.CHECKS, kernels.CHECKS,
               inpage.CHECKS, publishing.CHECKS)
    for group in builtin:
        collected.update({one.code: one for one in group})
    for name, loaded in plugins.everything("kit.checks"):
        for one in _as_checks(name, loaded):
            collected[one.code] = one
    return tuple(sorted(collected.values(), key=lambda one: (one.code[1:], one.code[0])))


def _as_checks(name: str, loaded: Any) -> tuple[Check, ...]:
    """An entry point names one check, or several in a tuple or list."""
    group = (loaded,) if isinstance(loaded, Check) else tuple(loaded)
    if not all(isinstance(one, Check) for one in group):
        raise KitError(f"the check {name!r} is none", where=name,
                       hint="decorate its function with kit.check.check(code, title)")
    return group


def explain(code: str) -> Check:
    """The check behind a code. Raises UnknownName with the nearest codes."""
    for one in checks():
        if one.code == code.upper():
            return one
    raise UnknownName("check", code, [one.code for one in checks()])
