"""E13x and W206: what the code of notebooks says before it runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kit import notebook as nb
from kit.check import source
from kit.check.context import Context, cell_name
from kit.check.registry import Check, check, found
from kit.model import CellKind, Finding

_HOME = re.compile(
    r"^(/(home|Users|root|mnt|media|content/drive|private|Volumes)/|[A-Za-z]:[\\/]|~[/\\]|\\\\\w)"
)
_READERS = frozenset({
    "open", "read_csv", "read_table", "read_excel", "read_json", "read_parquet", "read_fwf",
    "read_feather", "read_stata", "read_spss", "read_sas", "read_xml", "read_html", "loadtxt",
    "genfromtxt", "fromfile", "imread", "scan_csv", "read_text", "read_bytes",
})
_FILE = re.compile(r"^[^\s:*?\"<>|][^:*?\"<>|\n]*\.[A-Za-z0-9]{1,8}$")


def _code(context: Context) -> Iterator[tuple[str, Path, str, str, int | None]]:
    """(path shown, folder, cell name, code, line of the cell) of each Python cell."""
    root = context.course.root
    for _, paper in context.papers:
        if paper.python:
            for place, cell in enumerate(paper.notebook["cells"]):
                if cell["cell_type"] == "code":
                    yield (paper.path, (root / paper.path).parent, cell_name(cell, place),
                           nb.source(cell), None)
    for page in context.pages:
        for block in page.blocks:
            if block.kind == "code":
                yield (page.path, (root / page.path).parent, block.name, block.source, block.line)


@check("E131", "a path works on one machine only")
def absolute_paths(context: Context) -> Iterator[Finding]:
    """A path from the root of a disk or from a home folder is not there for learners, for
    colleagues, and where work is graded. Put the file into the assignment's folder
    (lessons: into `data/`) and name it relative to the notebook."""
    for path, _, name, code, _ in _code(context):
        tree = source.parsed(code)
        for text in source.texts(tree) if tree else ():
            value = str(text.value)
            if len(value) < 300 and "\n" not in value and (
                _HOME.match(value) or _is_here(value)
            ):
                yield found("E131", path, f"the path {value!r} works on one machine only",
                            cell=name, line=text.lineno,
                            hint="put the file beside the notebook and name it relative to it")


def _is_here(value: str) -> bool:
    """An absolute path to something that exists on this machine, such as a data file."""
    if not value.startswith("/") or value.count("/") < 2 or value.startswith(("/dev/", "/proc/")):
        return False
    try:
        return Path(value).exists()
    except (OSError, ValueError):
        return False


@check("E132", "a file that the code reads is missing")
def missing_files(context: Context) -> Iterator[Finding]:
    """The code opens a file that is neither there nor written by an earlier cell. In homework
    only what lies in `source/<assignment>/` is handed out: a file of the course's `data/`
    must be copied there."""
    written: dict[str, set[str]] = {}
    for path, folder, name, code, _ in _code(context):
        tree = source.parsed(code)
        if tree is None:
            continue
        made = written.setdefault(path, set())
        made |= set(files_written(tree))
        for file, line in files_read(tree):
            if file in made or (folder / file).exists():
                if path.startswith("source/") and ".." in PurePosixPath(file).parts:
                    yield found("E132", path, f"the file {file!r} lies outside the assignment's "
                                "folder and is not handed out", cell=name, line=line,
                                hint=f"copy it to {folder.name}/ and name it {Path(file).name!r}")
                continue
            yield found("E132", path, f"the file {file!r} is missing", cell=name, line=line,
                        hint=f"put it into {_shown(context, folder)}/")


def _shown(context: Context, folder: Path) -> str:
    return folder.relative_to(context.course.root).as_posix() or "the course folder"


def files_read(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(name, line) of each file that the code opens by a relative name."""
    for name, call in source.calls(tree):
        if name.rsplit(".", 1)[-1] not in _READERS:
            continue
        argument = call.args[0] if call.args else None
        if name.endswith((".read_text", ".read_bytes")) or (
            name.startswith(".") and isinstance(call.func, ast.Attribute)
        ):
            argument = _path_argument(call.func) or argument
        if isinstance(argument, ast.Call):
            argument = _path_of(argument) or argument
        file = _text(argument)
        if file and _is_relative_file(file) and not _writes(call):
            yield file, call.lineno


def _path_argument(function: ast.expr) -> ast.expr | None:
    """`"x"` of `Path("x").read_text`."""
    inner = function.value if isinstance(function, ast.Attribute) else None
    return _path_of(inner) if isinstance(inner, ast.Call) else None


def _path_of(call: ast.Call) -> ast.expr | None:
    name = source.dotted(call.func)
    return call.args[0] if name.rsplit(".", 1)[-1] == "Path" and len(call.args) == 1 else None


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_relative_file(file: str) -> bool:
    return bool(_FILE.match(file)) and not file.startswith(("/", "~")) and "//" not in file


def _writes(call: ast.Call) -> bool:
    mode = _text(call.args[1]) if len(call.args) > 1 else ""
    mode = mode or next((_text(k.value) for k in call.keywords if k.arg == "mode"), "")
    return source.dotted(call.func).endswith("open") and bool(set(mode) & set("wxa"))


def files_written(tree: ast.AST) -> Iterator[str]:
    """Files that the code makes: open(..., "w"), to_csv, savefig, write_text."""
    for name, call in source.calls(tree):
        last = name.rsplit(".", 1)[-1]
        if _writes(call) or last.startswith("to_") or last in ("savefig", "savetxt", "save"):
            yield _text(call.args[0] if call.args else None)
        if last in ("write_text", "write_bytes"):
            yield _text(_path_argument(call.func))


@check("W206", "a test depends on another test")
def test_order(context: Context) -> Iterator[Finding]:
    """A test uses a name that only an earlier test binds, so it falls with that test: a learner
    loses the points of both. Bind the name in the test itself, or in a locked cell above."""
    for _, paper in context.papers:
        if not (paper.python and paper.stages):
            continue
        given: set[str] = set()
        by_test: dict[str, str] = {}
        for _place, name, cell, kind in paper.cells("solved"):
            if cell["cell_type"] != "code":
                continue
            code = nb.source(cell)
            if kind is not CellKind.TEST:
                given |= source.bound(code)
                continue
            borrowed = sorted((source.needed(code) & by_test.keys()) - given)
            if borrowed:
                first = borrowed[0]
                yield found("W206", paper.path,
                            f"the test uses {first}, which only the test {by_test[first]} binds",
                            cell=name, hint="bind it in this test, or in a locked cell above both")
            by_test |= dict.fromkeys(source.bound(code), name)


CHECKS: tuple[Check, ...] = (absolute_paths, missing_files, test_order)
