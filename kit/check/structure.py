"""E1xx: notebooks that nbgrader can work with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kit import notebook as nb
from kit.check.context import Context, Paper, cell_name
from kit.check.registry import Check, check, found
from kit.errors import NotebookError, typed
from kit.model import CellKind, Delimiters, Finding, Markers


@check("E101", "course.yml cannot be used")
def course_file(context: Context) -> Iterator[Finding]:
    """`course.yml` is not YAML, has a key that it does not know, or a value that cannot be.

    Nothing else can be checked until it is read. `kit schema` prints what it may hold.
    """
    # Told by `kit.check.run.check_folder`, which finds out before there is a context.
    del context
    yield from ()


@check("E102", "an assignment has no notebook")
def no_notebook(context: Context) -> Iterator[Finding]:
    """`course.yml` lists an assignment, but `source/<name>/` is missing or holds no .ipynb.

    Put the author's notebook there, or take the assignment out of `course.yml`.
    """
    for work in context.works:
        if not work.papers and not work.unreadable:
            yield found("E102", "course.yml", f"assignment {work.assignment.name}: there is no "
                        f"notebook in source/{work.assignment.name}/",
                        hint="put one there, or take the assignment out of course.yml")


@check("W103", "a folder of source/ is not in course.yml")
def unlisted_folder(context: Context) -> Iterator[Finding]:
    """A folder below `source/` holds notebooks, but `course.yml` has no assignment of that name.

    Learners will never see it. List it under `assignments`, or move it elsewhere.
    """
    source = context.course.root / "source"
    if not context.whole or not source.is_dir():
        return
    known = {assignment.name for assignment in context.course.assignments}
    for folder in sorted(source.iterdir()):
        if folder.is_dir() and folder.name not in known and any(folder.glob("*.ipynb")):
            yield found("W103", f"source/{folder.name}", "the folder is not listed in course.yml",
                        hint=f"add it under assignments: - name: {folder.name}")


@check("E104", "a notebook cannot be read")
def unreadable(context: Context) -> Iterator[Finding]:
    """The file is not JSON, or not a notebook. Open it in Jupyter and save it again."""
    for work in context.works:
        for error in work.unreadable:
            yield found("E104", error.where, error.message, hint=error.hint)


@check("E105", "a grade_id is missing or not valid")
def valid_ids(context: Context) -> Iterator[Finding]:
    """nbgrader names its cells by `grade_id`: letters, digits, `-` and `_`, never empty."""
    for paper, place, _cell, meta in _metas(context):
        identity = meta.get("grade_id")
        if not isinstance(identity, str) or not nb.GRADE_ID.fullmatch(identity):
            yield found("E105", paper.path, f"its grade_id {identity!r} is not valid",
                        cell=str(place + 1), hint="use letters, digits, '-' and '_'")


@check("E106", "two cells have the same grade_id")
def unique_ids(context: Context) -> Iterator[Finding]:
    """A copied cell keeps its `grade_id`. nbgrader refuses the notebook: it could not tell
    which of the two was answered. Give the copy an id of its own (View > Cell Toolbar >
    Create Assignment)."""
    for _, paper in context.papers:
        seen: dict[str, int] = {}
        for place, cell in enumerate(paper.notebook["cells"]):
            identity = nb.grade_id(cell)
            if identity in seen:
                yield found("E106", paper.path,
                            f"cells {seen[identity] + 1} and {place + 1} have the same grade_id",
                            cell=identity, hint="give one of them an id of its own")
            elif identity:
                seen[identity] = place


@check("E107", "nbgrader metadata does not fit the cell")
def valid_metadata(context: Context) -> Iterator[Finding]:
    """A combination that nbgrader refuses: a Markdown test, a task that is code, points that
    are missing or negative, or metadata of a newer nbgrader."""
    for paper, place, cell, meta in _metas(context):
        problem = _problem(cell, meta)
        if problem:
            yield found("E107", paper.path, problem, cell=cell_name(cell, place),
                        hint="set its type again in Jupyter's Create Assignment panel")


def _problem(cell: nb.Cell, meta: dict[str, Any]) -> str:
    markdown = cell["cell_type"] == "markdown"
    grade, solution, task = (meta.get(key) is True for key in ("grade", "solution", "task"))
    points = meta.get("points")
    version = meta.get("schema_version", 0)
    if not isinstance(version, int) or version > nb.SCHEMA_VERSION:
        return f"its metadata has schema version {version!r}, newer than {nb.SCHEMA_VERSION}"
    if task:
        return "" if markdown else "it is a task, but not a Markdown cell"
    if markdown and grade and not solution:
        return "it is a test, but a Markdown cell"
    if markdown and solution and not grade:
        return "it is an autograded answer, but a Markdown cell"
    if grade and version >= 1 and (isinstance(points, bool) or not isinstance(points, (int, float))
                                   or points < 0):
        return f"its points are {points!r}"
    return ""


@check("W108", "nbgrader metadata is of an old version")
def old_metadata(context: Context) -> Iterator[Finding]:
    """The kit reads metadata of schema 0 to 2 as nbgrader would upgrade it, and changes
    nothing. nbgrader itself refuses such a notebook until you run `nbgrader update .`
    (make a copy first)."""
    for _, paper in context.papers:
        old = [meta.get("schema_version", 0) for cell in paper.notebook["cells"]
               if (meta := _raw(cell)) and nb.nbgrader_meta(cell)]
        behind = [version for version in old
                  if isinstance(version, int) and version < nb.SCHEMA_VERSION]
        if behind:
            many = "1 cell has" if len(behind) == 1 else f"{len(behind)} cells have"
            yield found("W108", paper.path, f"{many} metadata of schema {min(behind)}",
                        hint="nbgrader itself needs: nbgrader update .")


@check("E109", "a marker has no partner")
def unbalanced(context: Context) -> Iterator[Finding]:
    """Solutions, hidden tests and mark schemes stand between a BEGIN and an END line, or between
    the delimiters that your `nbgrader_config.py` sets. With one of the two missing nbgrader
    refuses the notebook, or learners get what was to be hidden."""
    for _, paper in context.papers:
        for place, cell in enumerate(paper.notebook["cells"]):
            for markers in context.markers.all:
                try:
                    nb.regions(nb.source(cell), markers)
                except NotebookError as error:
                    yield found("E109", paper.path, error.message, cell=cell_name(cell, place),
                                hint=error.hint)


@check("E110", "a solution stands outside an answer cell")
def stray_solution(context: Context) -> Iterator[Finding]:
    """A region between BEGIN SOLUTION and END SOLUTION is only cleared in an answer cell, so
    nbgrader refuses it elsewhere. Make the cell an autograded or manual answer. Where your
    `nbgrader_config.py` turns `ClearSolutions.enforce_metadata` off, regions are cleared in any
    cell and nothing is told; the same goes for hidden tests and mark schemes."""
    answers = (CellKind.ANSWER, CellKind.MANUAL)
    yield from _stray(context, "E110", context.markers.solution, answers, "a solution stands in {}",
                      "make it an answer cell, or learners see the solution")


@check("E111", "hidden tests stand outside a test cell")
def stray_hidden_tests(context: Context) -> Iterator[Finding]:
    """Hidden tests are only kept and restored in an autograder test. Anywhere else nbgrader
    refuses them, or they are never run."""
    yield from _stray(context, "E111", context.markers.hidden_tests, (CellKind.TEST,),
                      "hidden tests stand in {}", "make it an autograder test, with points")


@check("E112", "a mark scheme stands outside a task cell")
def stray_mark_scheme(context: Context) -> Iterator[Finding]:
    """nbgrader clears a mark scheme only in a manually graded task. For a written answer, the
    model answer itself is the mark scheme: it is replaced by a stub."""
    tasks = (CellKind.TASK, CellKind.MANUAL)
    yield from _stray(context, "E112", context.markers.mark_scheme, tasks,
                      "a mark scheme stands in {}", "make it a manually graded task")


def _stray(context: Context, code: str, markers: Delimiters, allowed: tuple[CellKind, ...],
           message: str, hint: str) -> Iterator[Finding]:
    if not markers.enforced:
        return
    for _, paper in context.papers:
        for place, cell in enumerate(paper.notebook["cells"]):
            kind = nb.kind(cell)
            if kind not in allowed and markers.begin in nb.source(cell):
                what = kind.value if kind else "cell that is not graded"
                article = "an" if what[0] in "aeiou" else "a"
                yield found(code, paper.path, message.format(f"{article} {what}"),
                            cell=cell_name(cell, place), hint=hint)


@check("E118", "a marker is not the one that nbgrader_config.py sets")
def foreign_marker(context: Context) -> Iterator[Finding]:
    """Your `nbgrader_config.py` sets a delimiter of its own, but a cell has nbgrader's usual one:
    nothing is taken out there, and learners get what was to be hidden."""
    for _, paper in context.papers:
        for _place, name, cell, _ in paper.cells("released") if paper.stages else ():
            for usual, own in zip(Markers().all, context.markers.all, strict=True):
                if usual.begin != own.begin and usual.begin in nb.source(cell):
                    yield found("E118", paper.path, f"{usual.begin} hides nothing here: "
                                f"nbgrader_config.py says {own.begin!r}", cell=name,
                                hint=f"write {own.begin!r} and {own.end!r}, or take the option "
                                "out of nbgrader_config.py")


@check("W113", "a graded cell is worth nothing")
def zero_points(context: Context) -> Iterator[Finding]:
    """A test, written answer or task with 0 points counts nothing. That is the way to take a
    question out after submissions; before, give it points or make it an ordinary cell."""
    for _, paper in context.papers:
        for _place, cell, kind in nb.graded_cells(paper.notebook):
            meta = nb.nbgrader_meta(cell) or {}
            said = (_raw(cell) or {}).get("points", 0)
            if kind.graded and not meta.get("points") and said in (0, None):
                yield found("W113", paper.path, f"the {kind.value} has 0 points",
                            cell=meta["grade_id"], hint="give it points")


@check("W114", "an assignment is worth nothing")
def no_points(context: Context) -> Iterator[Finding]:
    """The points of an assignment add up to 0: whatever learners do, they score 0 of 0."""
    for work in context.works:
        release = work.generated.release if work.generated else None
        if release and release.max_points == 0 and not any(
            cell.kind.graded for notebook in release.notebooks for cell in notebook.cells
        ):
            yield found("W114", f"source/{work.assignment.name}", "no cell has points",
                        hint="add a question: "
                        f"{typed('kit', 'add', 'question', work.assignment.name, 'A title')}")


@check("E115", "an answer has no test")
def untested_answer(context: Context) -> Iterator[Finding]:
    """A notebook with autograded answers but no test cell after the last of them: what learners
    write there counts nothing. Add an autograder test below it."""
    for _, paper in context.papers:
        kinds = [(place, cell, kind) for place, cell, kind in nb.graded_cells(paper.notebook)]
        tests = [place for place, _, kind in kinds if kind is CellKind.TEST]
        answers = [(place, cell) for place, cell, kind in kinds if kind is CellKind.ANSWER]
        if answers and answers[-1][0] > max(tests, default=-1):
            place, cell = answers[-1]
            yield found("E115", paper.path, "no test follows this answer",
                        cell=cell_name(cell, place), hint="add an autograder test below it")


@check("E117", "nbgrader cannot make the release")
def refused(context: Context) -> Iterator[Finding]:
    """nbgrader's generate step stops at this notebook for a reason that has no check of its
    own: a language without a stub, a preprocessor of your own that raises, a broken
    `nbgrader_config.py`."""
    known = {finding.path for one in _EXPLAINING for finding in one(context)}
    for work in context.works:
        if work.refused is not None:
            path, _, cell = work.refused.where.partition(", cell ")
            path, _, line = path.partition(", line ")
            if path not in known:
                yield found("E117", path, work.refused.message, hint=work.refused.hint, cell=cell,
                            line=int(line) if line.isdigit() else None)


def _metas(context: Context) -> Iterator[tuple[Paper, int, nb.Cell, dict[str, Any]]]:
    """Cells with raw nbgrader metadata that mean something."""
    for _, paper in context.papers:
        for place, cell in enumerate(paper.notebook["cells"]):
            meta = _raw(cell)
            if meta and any(meta.get(flag) for flag in ("grade", "solution", "locked", "task")):
                yield paper, place, cell, meta


def _raw(cell: nb.Cell) -> dict[str, Any] | None:
    meta = cell["metadata"].get("nbgrader")
    return meta if isinstance(meta, dict) else None


_EXPLAINING = (unreadable, valid_ids, unique_ids, valid_metadata, unbalanced, stray_solution,
               stray_hidden_tests, stray_mark_scheme)
CHECKS: tuple[Check, ...] = (
    course_file, no_notebook, unlisted_folder, unreadable, valid_ids, unique_ids, valid_metadata,
    old_metadata, unbalanced, stray_solution, stray_hidden_tests, stray_mark_scheme, foreign_marker,
    zero_points, no_points, untested_answer, refused,
)
