"""W321 and W322: cells that run in their page, by what a page's Python has."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from kit.check import source
from kit.check.code import files_read, files_written
from kit.check.context import Block, Context
from kit.check.registry import Check, check, found
from kit.errors import KitError
from kit.model import Finding
from kit.site.python.inpage import ALWAYS, TAG, absent_in, importable

_GIVEN = frozenset(dir(builtins)) | {"display", "In", "_"}


@check("W321", "a cell that runs in its page lacks something there")
def lacks(context: Context) -> Iterator[Finding]:
    """A cell is tagged `run`, but the Python of a page cannot run it: it imports what is neither
    in the standard library nor brought by `kit vendor pyodide`, it has magics of Jupyter, its
    code is taken off the page, or it uses a name that only a cell without the tag binds. Readers
    get a note, or an error, in place of an answer. Where `site.hub` is set, the note leads there,
    and imports are not told."""
    try:
        known = importable(context.course)
    except KitError:  # `kit build` tells what is wrong with the wheels
        known = ALWAYS
    for page in context.pages:
        given: set[str] = set()
        others: set[str] = set()
        for block in page.blocks:
            if not _runs(block):
                others |= source.bound(block.source) if block.kind == "code" else set()
                continue
            strange = (source.needed(block.source) & others) - given - _GIVEN
            for message, hint in _lacking(context, block, known, sorted(strange)):
                yield found("W321", page.path, message, cell=block.name, line=block.line,
                            hint=hint)
            given |= source.bound(block.source)


def _lacking(
    context: Context, block: Block, known: frozenset[str], strange: list[str]
) -> Iterator[tuple[str, str]]:
    absent = absent_in(block.source, known)
    if absent and not context.course.site.hub:
        hint = "bring it with kit vendor pyodide, set site.hub, or take the tag run away"
        yield f"pages have no {', '.join(absent)}", hint
    try:
        ast.parse(block.source)
    except (SyntaxError, ValueError):
        yield "this is not plain Python: magics work in Jupyter alone", "write it without them"
    if block.tags & {"remove-input", "remove-cell"}:
        yield "its code is not on the page, so it cannot run there", "use hide-input instead"
    if strange:
        yield (f"it uses {strange[0]}, which only a cell without the tag binds",
               "tag that cell run as well")


@check("W322", "a cell that runs in its page reads a file")
def reads_file(context: Context) -> Iterator[Finding]:
    """A cell tagged `run` opens a file, but the Python of a page has no files of the course.
    Write the few values that it needs into the cell, or take the tag away. A file that an earlier
    cell of the page writes is there."""
    for page in context.pages:
        made: set[str] = set()
        for block in filter(_runs, page.blocks):
            tree = source.parsed(block.source)
            if tree is None:
                continue
            made |= set(files_written(tree))
            for file, line in files_read(tree):
                if file not in made:
                    yield found("W322", page.path, f"a page has no file {file!r}",
                                cell=block.name, line=_line(block, line),
                                hint="write its values into the cell, or take the tag run away")


def _line(block: Block, inside: int) -> int:
    return block.line + inside - 1 if block.line else inside


def _runs(block: Block) -> bool:
    return block.kind == "code" and TAG in block.tags


CHECKS: tuple[Check, ...] = (lacks, reads_file)
