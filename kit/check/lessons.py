"""E30x: lessons that exist, are listed, and run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.check.context import Context
from kit.check.pages import lesson_files
from kit.check.registry import Check, check, found
from kit.check.scoring import error_of
from kit.errors import nearest
from kit.model import Finding

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")


@check("E301", "a lesson cannot be read")
def missing_lesson(context: Context) -> Iterator[Finding]:
    """`course.yml` lists a lesson whose file is missing, or is not a notebook. Mend the path,
    or make the lesson with `kit add lesson "Title"`."""
    names = [context.shown(path) for path in lesson_files(context.course)]
    for page in context.pages:
        if page.error is not None:
            hint = page.error.hint
            if not hint and names:
                hint = f"nearest: {', '.join(nearest(page.path, names)[:3])}"
            yield found("E301", page.path, page.error.message, hint=hint)


@check("W302", "a lesson is not listed")
def unlisted_lesson(context: Context) -> Iterator[Finding]:
    """A notebook or text in `lessons/` stands in no part of `course.yml`, so it has no place in
    the book. List it, or move it out of `lessons/` (names that begin with `_` are ignored)."""
    if not context.whole:
        return
    listed = {lesson.path for lesson in context.course.lessons}
    for path in lesson_files(context.course):
        shown = context.shown(path)
        if shown not in listed:
            yield found("W302", shown, "the lesson is not listed in course.yml",
                        hint="add it to a part, or rename it to begin with _")


@check("E303", "a lesson raises")
def lesson_raises(context: Context) -> Iterator[Finding]:
    """A cell of the lesson raises when it is run from the top in a fresh kernel. If that is
    what the lesson shows, tag the cell `raises-exception`."""
    for page in context.pages:
        for block in page.blocks if page.run else ():
            run = page.run.cells.get(block.place) if page.run else None
            if run is None or "raises-exception" in block.tags:
                continue
            why = error_of(run)
            if why:
                inside = page.run.lines.get(block.place) if page.run else None
                line = block.line + inside - 1 if block.line and inside else inside or block.line
                yield found("E303", page.path, why, cell=block.name, line=line,
                            hint="mend the cell, or tag it raises-exception")
                break  # what follows fails because of this one


@check("W311", "a lesson has no title")
def no_title(context: Context) -> Iterator[Finding]:
    """The book names a lesson by its first heading, which has to be of the first level
    (`# Title`) and stand at the top."""
    for page in context.pages:
        if page.error is not None:
            continue
        first = next((match for block in page.blocks if block.kind == "markdown"
                      for line in block.source.split("\n")
                      if (match := _HEADING.match(line))), None)
        if first is None or len(first[1]) != 1:
            yield found("W311", page.path, "the lesson does not begin with a title",
                        hint="start it with a line: # Title")


CHECKS: tuple[Check, ...] = (missing_lesson, unlisted_lesson, lesson_raises, no_title)
