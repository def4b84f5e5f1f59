"""What submissions run with, as far as a course says what matters."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from kit.course.requirements import name_of
from kit.model import Course

_SHOWN = 3


def environment(course: Course) -> str:
    """The versions of Python and of the packages that the course names, in words.

    The same words mean the same environment: `Python 3.12.1, numpy 2.3.1`.
    """
    names = sorted({name_of(package) for package in course.packages} - {""})
    return ", ".join([f"Python {platform.python_version()}",
                      *(f"{name} {_version(name)}" for name in names)])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def changes(before: str, now: str) -> str:
    """What differs between two environments: `numpy 2.1.0, now 2.3.1`."""
    old, new = _parts(before), _parts(now)
    told = [_change(name, old.get(name), new.get(name))
            for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    more = [f"and {len(told) - _SHOWN} more"] if len(told) > _SHOWN else []
    return "; ".join(told[:_SHOWN] + more)


def _parts(words: str) -> dict[str, str]:
    return {name: number for name, _, number in (one.partition(" ") for one in words.split(", "))}


def _change(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{name} {new}, not named before"
    return f"{name} {old}, {f'now {new}' if new else 'not named any more'}"
