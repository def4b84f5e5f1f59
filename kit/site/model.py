"""The nouns of the site. No I/O here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A built site. `state` is "unchanged" when nothing had to be done.

    `executed` and `cached` count lessons with code; `pages` all pages; `warnings` are what
    Sphinx had to say; `derived` says what became of `_config.yml`, `_toc.yml` and `myst.yml`. Of
    the assignments, `homework` are on the site and `waiting` are not released yet. `changed`
    names the files of the site that are new.
    """

    course: str
    folder: Path
    state: Literal["built", "unchanged"]
    pages: int
    executed: int = 0
    cached: int = 0
    homework: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    derived: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as the navigation lists it.

    `docname` is its path without suffix, `eyebrow` the small line above its heading,
    `downloads` pairs of (label, address inside the site) offered there, `launches` pairs of
    (label, address elsewhere) that open its notebook, and `notice` says what is to come. `origin`
    is the file of the course that it is made from, where readers can mend it. Without a `group` it
    is not listed; one that only works in a browser is not `printed` in the book.
    """

    docname: str
    title: str
    group: str = ""
    eyebrow: str = ""
    downloads: tuple[tuple[str, str], ...] = ()
    launches: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    origin: str = ""
    printed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The book as one PDF. `state` is "unchanged" when nothing had to be done.

    `pages` counts sheets; `warnings` name what is on the site and not in the PDF.
    """

    path: Path
    state: Literal["built", "unchanged"]
    pages: int
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A lesson as notebook JSON. `lines` maps the index of a code cell to its first line.

    `lines` is empty for .ipynb files, whose lines mean nothing to an author.
    """

    path: str
    docname: str
    cells: tuple[Mapping[str, Any], ...]
    metadata: Mapping[str, Any]
    lines: Mapping[int, int] = field(default_factory=dict)

    @property
    def code(self) -> tuple[int, ...]:
        """Indices of the code cells that are not empty."""
        return tuple(
            index for index, cell in enumerate(self.cells)
            if cell["cell_type"] == "code" and cell["source"].strip()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What running a lesson gave: outputs of its code cells in order, the widgets' state, and
    what its kernel reported of them."""

    outputs: tuple[tuple[Mapping[str, Any], ...], ...]
    counts: tuple[int | None, ...]
    widgets: Mapping[str, Any]
    language: Mapping[str, Any]
    report: Mapping[str, Any] = field(default_factory=dict)
