"""Files of an assignment's folder that are not handed out, though nbgrader would.

It hands out whatever lies beside the notebooks. Hidden files are an editor's or the author's, and
a figure that the solution drew there is an answer.
"""

from __future__ import annotations

import ast
import glob
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kit import notebook as nb
from kit.errors import NotebookError
from kit.model import Markers

HIDDEN = ".*"
_MAGIC = re.compile(r"^\s*[%!?].*$", re.MULTILINE)
_WRITERS = frozenset({"savefig", "imsave", "save", "savez", "savetxt", "tofile", "dump",
                      "write_text", "write_bytes", "write_html", "write_image", "write_csv",
                      "write_parquet"})


def withheld(folder: Path, markers: Markers) -> tuple[str, ...]:
    """Globs of file names, as `CourseDirectory.ignore` takes them: hidden files, and files that a
    solution or hidden test writes and that no text for learners names."""
    written: set[str] = set()
    told: list[str] = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = nb.read(path)["cells"]
            for cell in cells:
                left = _for_learners(cell, markers)
                told.append(left)
                if left != nb.source(cell) and cell["cell_type"] == "code":
                    written |= set(_written(nb.source(cell)))
        except NotebookError:
            continue  # releasing it fails, and says why
    text = "\n".join(told)
    return (HIDDEN, *(glob.escape(name) for name in sorted(written) if name not in text))


def _for_learners(cell: nb.Cell, markers: Markers) -> str:
    """What of the cell's text learners are sure to get: of an answer without marks nothing."""
    text = nb.source(cell)
    for pair in markers.all:
        text = nb.without_regions(text, pair)
    meta = nb.nbgrader_meta(cell)
    answer = meta is not None and meta["solution"]
    return "" if answer and text == nb.source(cell) else text


def _written(text: str) -> Iterator[str]:
    """Names of files that calls in the code write to."""
    try:
        tree = ast.parse(_MAGIC.sub("", text))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else (
            node.func.id if isinstance(node.func, ast.Name) else "")
        if name in _WRITERS or name.startswith("to_") or (name == "open" and _for_writing(node)):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                    file = PurePosixPath(inner.value).name
                    if re.fullmatch(r"[^\s*?:]+\.\w{1,8}", file):
                        yield file


def _for_writing(call: ast.Call) -> bool:
    modes = [*call.args, *(one.value for one in call.keywords if one.arg == "mode")]
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str)
               and re.fullmatch(r"[wax]\+?[bt]?|[wax][bt]\+?|r\+[bt]?", one.value)
               for one in modes)
