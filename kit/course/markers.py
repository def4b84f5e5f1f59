"""The delimiters of solutions, hidden tests and mark schemes, as the author set them.

nbgrader reads them from the user's and the system's `nbgrader_config.py`, then from the
course's; whoever releases hides by these, so whoever looks for regions has to know them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from kit.course.author import CONFIG, read_config
from kit.errors import CourseError
from kit.model import Course, Delimiters, Markers

_NAMES = {
    # field: (nbgrader's preprocessor, its options), spelt as nbgrader spells them
    "solution": ("ClearSolutions", "begin_solution_delimeter", "end_solution_delimeter"),
    "hidden_tests": ("ClearHiddenTests", "begin_test_delimeter", "end_test_delimeter"),
    "mark_scheme": ("ClearMarkScheme", "begin_mark_scheme_delimeter",
                    "end_mark_scheme_delimeter"),
}


def markers_of(course: Course) -> Markers:
    """What encloses regions in this course's notebooks: nbgrader's texts, or the author's.

    Raises CourseError where a config cannot be read, so that nothing is taken for visible by
    mistake.
    """
    files = tuple((path, path.stat().st_mtime_ns) for path in _configs(course.root.resolve()))
    return _read(files)


def _configs(root: Path) -> Iterator[Path]:
    from jupyter_core.paths import jupyter_config_path

    for folder in [*(Path(path) for path in reversed(jupyter_config_path())), root]:
        if (folder / CONFIG).is_file():
            yield folder / CONFIG


@lru_cache(maxsize=64)
def _read(files: tuple[tuple[Path, int], ...]) -> Markers:
    stated: dict[str, Any] = {}
    for path, _ in files:
        stated |= dict(_stated(read_config(path.parent).sections))
    try:
        return _markers(stated)
    except ValueError as error:
        raise CourseError(f"a delimiter cannot be used: {error}", where=CONFIG,
                          hint="a delimiter is a text, such as '### BEGIN SOLUTION'") from error


def _stated(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(option, value) of what a config says; of each, the section that wins comes last.

    traitlets also takes an option from a class above or below (a subclass of the author's) and
    from a section inside the converter's: as delimiters have names of their own, any section
    that sets one means it.
    """
    own = {section for section, *_ in _NAMES.values()}
    for section, options in _sections(config):
        if section not in own:
            for _, *names in _NAMES.values():
                yield from ((name, options[name]) for name in names if name in options)
            if section == "NbGraderPreprocessor" and "enforce_metadata" in options:
                yield from ((f"{one}.enforce_metadata", options["enforce_metadata"])
                            for one in own)
    for section, *names in _NAMES.values():
        for found, options in _sections(config):
            if found == section:
                yield from ((name, options[name]) for name in names if name in options)
                if "enforce_metadata" in options:
                    yield f"{section}.enforce_metadata", options["enforce_metadata"]


def _sections(config: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, value in config.items():
        if isinstance(value, Mapping) and name[:1].isupper():
            yield name, value
            yield from _sections(value)


def _markers(stated: Mapping[str, Any]) -> Markers:
    usual = Markers()
    return Markers(**{
        field: Delimiters(
            begin=_text(stated.get(begin, getattr(usual, field).begin), begin),
            end=_text(stated.get(end, getattr(usual, field).end), end),
            enforced=stated.get(f"{section}.enforce_metadata", True) is not False,
        )
        for field, (section, begin, end) in _NAMES.items()
    })


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {value!r}")
    return value
