"""Python in a page: which pages need it, what of it a site gets, and what their cells lack.

Pyodide, the checkers and the scripts that start them are copied to a site only where a page has
a cell tagged `run` or a journal entry. Other packages come from the wheels that the course's
author brought with `kit vendor pyodide`.
"""

from __future__ import annotations

import ast
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import BuildError
from kit.files import copy_if_changed, write_bytes
from kit.lesson.saying import in_language, nearest
from kit.model import Course
from kit.site.launch import hub_address
from kit.site.lessons.parts import kinds_of
from kit.site.model import Outcome, Source

FOLDER = "python"
"""Where it stands among the static files."""

TAG = "run"

_VENDOR = Path(__file__).parents[1] / "vendor" / "pyodide"
_SCRIPTS = Path(__file__).parent
_FROM_VENDOR = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip",
                "editor.js")
_LOCK = "pyodide-lock.json"
# The parts of this package that a page's Python has: what of them runs on the bare standard
# library.
_OURS = ("kit/__init__.py", "kit/lesson/__init__.py", "kit/lesson/judging.py",
         "kit/lesson/markup.py", "kit/lesson/running.py")
# Modules of the standard library that a browser's Python has not, or that went before 3.14.
_ABSENT = frozenset({
    "aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "curses", "dbm",
    "distutils", "ensurepip", "grp", "idlelib", "imghdr", "imp", "lib2to3", "mailcap", "msilib",
    "msvcrt", "nis", "nntplib", "nt", "ossaudiodev", "pipes", "pwd", "pydoc_data", "readline",
    "resource", "smtpd", "sndhdr", "spwd", "sunau", "syslog", "telnetlib", "tkinter", "turtle",
    "turtledemo", "uu", "venv", "winreg", "winsound", "xdrlib",
})

ALWAYS = (frozenset(sys.stdlib_module_names) - _ABSENT) | {"autograders"}
"""The top modules that every page's Python has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPage:
    """A page that can start Python: what each of its `run` cells lacks, and its hub's address."""

    absent: tuple[tuple[str, ...], ...] = ()
    hub: str = ""

    @property
    def runs(self) -> bool:
        """Whether it has cells that run."""
        return bool(self.absent)


def python_pages(
    course: Course, sources: Sequence[Source], outcomes: Mapping[str, Outcome]
) -> dict[str, PythonPage]:
    """The pages that need Python, by docname."""
    known = importable(course)
    found = {}
    for source in sources:
        absent = tuple(tuple(absent_in(text, known)) for text in run_cells(source))
        outcome = outcomes.get(source.docname)
        if absent or (outcome is not None and "journal_entry" in kinds_of(outcome.widgets)):
            found[source.docname] = PythonPage(absent=absent, hub=_on_hub(course, source.docname))
    return found


def run_cells(source: Source) -> Iterator[str]:
    """The code of each cell of a Python lesson that runs in its page, in order."""
    spec = source.metadata.get("kernelspec")
    language = spec.get("language") if isinstance(spec, Mapping) else None
    for index in source.code if language in (None, "", "python") else ():
        tags = source.cells[index]["metadata"].get("tags")
        if isinstance(tags, list) and TAG in tags and "remove-cell" not in tags:
            yield source.cells[index]["source"]


def absent_in(text: str, known: frozenset[str]) -> list[str]:
    """The top modules that code imports and a page's Python has not. Code that is none, as one
    with magics, imports what can be read of it: nothing."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= dict.fromkeys(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found["." * node.level + (node.module or "").split(".")[0]] = None
    return [name for name in found if name not in known]


def importable(course: Course) -> frozenset[str]:
    """The top modules that code in this course's pages can import."""
    brought = {name.split(".")[0] for package in vendored(course)["packages"].values()
               for name in package.get("imports", ())}
    return ALWAYS | brought


def vendored(course: Course) -> dict[str, Any]:
    """The lock of the wheels that the course brings; without packages where it brings none.

    Raises BuildError for wheels of another Python than the one of pages.
    """
    path = vendor_folder(course) / _LOCK
    if not path.is_file():
        return {"packages": {}}
    info = bundled_lock()["info"]
    again = "run kit vendor pyodide --from FOLDER_OR_URL once more"
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
        if lock["info"] == info and isinstance(lock["packages"], dict):
            return dict(lock)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError("cannot be read", where=_shown(course, path), hint=again) from error
    raise BuildError(
        f"these wheels are for {lock['info'].get('platform')} and Python "
        f"{lock['info'].get('python')}; pages have {info['platform']} and {info['python']}",
        where=_shown(course, path), hint=again)


def vendor_folder(course: Course) -> Path:
    """Where the wheels lie that a course brings for its pages."""
    return course.records / "vendor" / "pyodide"


def bundled_lock() -> dict[str, Any]:
    """The lock of the Pyodide that pages have. It names all packages of its full release."""
    return dict(json.loads((_VENDOR / _LOCK).read_text(encoding="utf-8")))


def bundled_version() -> str:
    """The version of the Pyodide that pages have."""
    return str(json.loads((_VENDOR / "package.json").read_text(encoding="utf-8"))["version"])


def megabytes() -> int:
    """What a reader's browser loads to start Python, unpacked."""
    return round(sum((_VENDOR / name).stat().st_size for name in _FROM_VENDOR[:-1]) / 1e6)


# ------------------------------------------------------------------------- files of a site


def bring(course: Course, pages: Mapping[str, PythonPage], static: Path) -> None:
    """Bring `static/python` level with what the pages need: nothing, where none needs Python.

    Raises BuildError for a wheel that is gone.
    """
    folder = static / FOLDER
    if not pages:
        shutil.rmtree(folder, ignore_errors=True)
        return
    lock = {"info": bundled_lock()["info"], **vendored(course)}
    made = {_LOCK: json.dumps(lock).encode(), "kit.zip": packed()}
    made |= {path.name: in_language(path.read_text(encoding="utf-8"), nearest(course.language)
                                    ).encode() for path in _SCRIPTS.glob("*.js")}
    copied = {name: _VENDOR / name for name in _FROM_VENDOR}
    copied |= {path.name: path for path in _SCRIPTS.glob("*.css")}
    for package in lock["packages"].values():
        path = vendor_folder(course) / package["file_name"]
        if not path.is_file():
            raise BuildError("a wheel is gone", where=_shown(course, path),
                             hint="run kit vendor pyodide --from FOLDER_OR_URL once more")
        copied[path.name] = path
    for name, path in copied.items():
        copy_if_changed(path, folder / name)
    for name, data in made.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != data:
            write_bytes(folder / name, data)
    for path in folder.iterdir():
        if path.name not in copied and path.name not in made:
            path.unlink()


def packed() -> bytes:
    """The checkers and what else a page's Python needs of this package, as a zip: the same
    bytes for the same files."""
    root = Path(__file__).resolve().parents[3]
    names = sorted({*_OURS, *(path.relative_to(root).as_posix()
                              for path in (root / "autograders").rglob("*.py"))})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (root / name).read_bytes())
    return file.getvalue()


def _on_hub(course: Course, docname: str) -> str:
    """Where a lesson opens on the course's JupyterHub; "" where there is none."""
    return hub_address(course.site, f"{docname}.ipynb") or course.site.hub


def _shown(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()
