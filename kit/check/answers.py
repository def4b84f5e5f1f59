"""E2xx: tests that tell right from wrong, and give nothing away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kit import notebook as nb
from kit.check import leaks, source
from kit.check.code import missing_files
from kit.check.context import Context, Paper, Run, cell_name
from kit.check.registry import Check, check, found
from kit.check.scoring import earned, error_of, shown_value
from kit.model import CellKind, CellRun, Finding, RunState

SLOW_SECONDS = 10.0
"""From here on a cell is called slow."""


def _tests(paper: Paper) -> Iterator[tuple[int, str, nb.Cell, float]]:
    """(place, name, cell, points) of the autograded cells of a notebook with stages."""
    if paper.stages is None:
        return
    for place, name, cell, kind in paper.cells("solved"):
        if kind is CellKind.TEST and cell["cell_type"] == "code":
            yield place, name, cell, float((nb.nbgrader_meta(cell) or {}).get("points", 0))


@check("E201", "the solution does not score full marks")
def solution_scores(context: Context) -> Iterator[Finding]:
    """The author's own answers were run against the author's own tests, hidden ones included,
    and a test failed or gave less than its points. Either the solution or the test is wrong."""
    missing = {(finding.path, finding.cell) for finding in missing_files(context)}
    for _, paper in context.papers:
        if paper.solution is None:
            continue
        broken = any(_harmful(paper))
        for place, name, cell, points in _tests(paper):
            result = earned(paper.solution.cells.get(place), cell)
            if result.value is not None and result.value > points:
                continue  # E209 tells it
            if (paper.path, name) in missing or (broken and result.why.startswith("NameError")):
                continue  # E132 or E208 tells it
            if result.points < points or result.failed:
                why = result.why or f"{result.points:g} of {points:g} points"
                yield found("E201", paper.path, f"the solution fails the test: {why}", cell=name,
                            line=paper.solution.lines.get(place),
                            hint="run the notebook from the top; mend the solution or the test")


@check("E202", "the untouched release scores")
def untouched_scores(context: Context) -> Iterator[Finding]:
    """A learner who hands in the notebook as it was released earns points. The test does not
    look at the answer, or catches every error. Test a value that only an answer has. A test
    that asserts nothing is W211 instead."""
    for _, paper in context.papers:
        claiming = _claiming(paper)
        for name, points, out_of in _unearned(paper, paper.untouched):
            if name not in claiming:
                continue  # W211 tells it
            yield found("E202", paper.path, "the untouched release earns "
                        f"{points:g} of {out_of:g} points", cell=name,
                        hint="add an assertion about the answer that fails without one")


@check("E203", "the test passes on an empty answer")
def empty_passes(context: Context) -> Iterator[Finding]:
    """Learners often delete the line that raises NotImplementedError and write nothing. With
    each stub taken away this test still gives points: it never looks at what the answer is.
    A test such as `assert callable(f)` passes for a function that does nothing. A test that
    asserts nothing is W211 instead."""
    for _, paper in context.papers:
        claiming = _claiming(paper)
        already = {name for name, *_ in _unearned(paper, paper.untouched)}
        for name, points, out_of in _unearned(paper, paper.empty):
            if name not in already and name in claiming:
                yield found("E203", paper.path, "the test passes on an empty answer "
                            f"({points:g} of {out_of:g} points)", cell=name,
                            hint="add an assertion that names the answer, or run "
                            "kit check --explain E203")


@check("W211", "a test asserts nothing")
def empty_test(context: Context) -> Iterator[Finding]:
    """The test gives points without an answer, and nothing in it says when it should not: there
    is no assertion, no error raised, no score. It may be meant so (a function of yours that
    raises, a figure that you mark by hand), so it is only told. Assert something about the
    answer, or make the question a manually graded one."""
    for _, paper in context.papers:
        claiming = _claiming(paper)
        told = dict.fromkeys(name for run in (paper.untouched, paper.empty)
                             for name, *_ in _unearned(paper, run))
        for name in told:
            if name not in claiming:
                yield found("W211", paper.path, "the test asserts nothing, and gives its points "
                            "without an answer", cell=name,
                            hint="assert something about the answer, or mark the question by hand")


def _claiming(paper: Paper) -> frozenset[str]:
    """The tests that say themselves when they fail: by an assertion, an error, or a score."""
    found = set()
    for place, name, cell, _ in _tests(paper):
        tree = source.parsed(nb.source(cell))
        scores = paper.solution and shown_value(paper.solution.cells.get(place))
        if scores or (tree is not None and any(map(_claims, ast.walk(tree)))):
            found.add(name)
    return frozenset(found)


def _claims(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        last = source.dotted(node.func).rsplit(".", 1)[-1]
        return last.lower().startswith(("assert", "fail"))
    return isinstance(node, (ast.Assert, ast.Raise))


def _unearned(paper: Paper, run: Run | None) -> Iterator[tuple[str, float, float]]:
    if run is None:
        return
    for place, name, cell, points in _tests(paper):
        result = earned(run.cells.get(place), cell)
        if points > 0 and result.points > 0:
            yield name, result.points, points


@check("E204", "a visible test holds the answer")
def leaked_answers(context: Context) -> Iterator[Finding]:
    """What learners see of a test names a value of the solution, so that the answer can be
    copied from it. Move the line between BEGIN HIDDEN TESTS and END HIDDEN TESTS; leave type,
    shape and range checks visible. Of a test that nbgrader makes (AUTOTEST) it is W213."""
    for paper, leak in _leaks(context):
        if leak.cell not in _automatic(paper):
            yield found("E204", paper.path, f"the visible test holds the answer: {leak.shown}",
                        cell=leak.cell, line=leak.line,
                        hint="move the line into the hidden tests; check type, shape or range "
                        "in the visible part")


@check("W213", "an automatic test shows the answer")
def automatic_answers(context: Context) -> Iterator[Finding]:
    """nbgrader writes a test from an `### AUTOTEST` line, with the solution's values in it for
    learners to read. `### HASHED AUTOTEST` writes their hashes instead; or put the line into the
    hidden tests."""
    for paper, leak in _leaks(context):
        if leak.cell in _automatic(paper):
            yield found("W213", paper.path, f"the automatic test shows the answer: {leak.shown}",
                        cell=leak.cell, hint="write HASHED AUTOTEST, or hide the line")


def _leaks(context: Context) -> Iterator[tuple[Paper, leaks.Leak]]:
    for _, paper in context.papers:
        if paper.python and paper.stages is not None:
            for leak in leaks.leaks(paper, context.markers.solution):
                yield paper, leak


def _automatic(paper: Paper) -> frozenset[str]:
    """The cells in whose source nbgrader is asked to write tests."""
    return frozenset(cell_name(cell, place) for place, cell in enumerate(paper.notebook["cells"])
                     if "AUTOTEST" in nb.source(cell))


_MODULES = {"random": "random.seed", "np.random": "np.random.seed",
            "numpy.random": "numpy.random.seed"}
_NOT_DRAWS = frozenset({"seed", "default_rng", "RandomState", "Random", "get_state", "set_state",
                        "getstate", "setstate", "SeedSequence", "Generator", "PCG64",
                        "SystemRandom", "BitGenerator", "Philox", "MT19937", "SFC64"})


@check("E205", "a value changes from run to run")
def unseeded(context: Context) -> Iterator[Finding]:
    """Two runs of the solution gave different values, or a generator is used without a seed:
    learners get other numbers than the tests were written for. Seed it in a locked cell:
    `rng = np.random.default_rng(2027)`."""
    for _, paper in context.papers:
        if not (paper.python and paper.stages):
            continue
        changed = _changed(paper)
        told: set[str] = set()
        for name, call, line in _unseeded(paper):
            told.add(name)
            yield found("E205", paper.path, f"{call} draws without a seed", cell=name, line=line,
                        hint="seed it in a locked cell: rng = np.random.default_rng(2027)")
        if changed and not told:
            value, name = changed[0]
            yield found("E205", paper.path, f"{value} has another value in each run", cell=name,
                        hint="seed what it is drawn from, or take time and order out of it")


def _changed(paper: Paper) -> list[tuple[str, str]]:
    """(name, cell that binds it) of values that differ between the two runs."""
    if paper.solution is None or paper.again is None:
        return []
    first, second = paper.solution.values, paper.again.values
    differing = {name for name in first.keys() & second.keys() if first[name] != second[name]}
    where = [
        (value, name)
        for _, name, cell, _ in paper.cells("solved") if cell["cell_type"] == "code"
        for value in sorted(source.bound(nb.source(cell)) & differing)
    ]
    return where or [(value, "") for value in sorted(differing)]


def _unseeded(paper: Paper) -> Iterator[tuple[str, str, int]]:
    """(cell, call, line) of the first draw from each generator that nobody seeded."""
    seeded: set[str] = set()
    for _, name, cell, _ in paper.cells("solved"):
        tree = source.parsed(nb.source(cell)) if cell["cell_type"] == "code" else None
        for call, node in source.calls(tree) if tree else ():
            module, _, function = call.rpartition(".")
            if module in _MODULES and function == "seed" and node.args:
                seeded.add(module)
            elif function in ("default_rng", "RandomState", "Random") and not (
                node.args or node.keywords
            ):
                yield name, f"{call}()", node.lineno
            elif module in _MODULES and function not in _NOT_DRAWS and module not in seeded:
                seeded.add(module)  # once is enough
                yield name, f"{call}()", node.lineno


@check("W207", "a cell is slow")
def slow_cells(context: Context) -> Iterator[Finding]:
    """A cell of the solution or of a lesson took more than ten seconds here. Learners wait for
    it at each restart, and so does grading, once for each of them. Use less data, or compute
    once and ship the result as a file."""
    for path, name, run in _runs(context):
        if run.state is RunState.OK and run.seconds > SLOW_SECONDS:
            yield found("W207", path, f"takes {run.seconds:.0f} s; learners wait for it",
                        cell=name, hint="use less data, or ship the result as a file")


def _runs(context: Context) -> Iterator[tuple[str, str, CellRun]]:
    for _, paper in context.papers:
        if paper.solution is not None:
            for place, name, _, _ in paper.cells("solved"):
                if place in paper.solution.cells:
                    yield paper.path, name, paper.solution.cells[place]
    for page in context.pages:
        if page.run is not None:
            for block in page.blocks:
                if block.place in page.run.cells:
                    yield page.path, block.name, page.run.cells[block.place]


@check("E208", "a cell of the solution raises")
def solution_raises(context: Context) -> Iterator[Finding]:
    """An answer raises, runs past its time limit or ends its process when the solved notebook is
    run from the top; or another cell does, and a test misses what it should have made. If it is
    meant to raise, tag it `raises-exception`."""
    yield from _raised(context, "E208", harmful=True)


@check("W212", "a cell that is not graded raises")
def demonstration_raises(context: Context) -> Iterator[Finding]:
    """A cell of yours that learners are not graded by raises or runs past its time limit, and
    every test passes all the same. It may show just that; learners who run all cells are
    stopped there. Tag it `raises-exception` to say that it is meant, and Jupyter runs on."""
    yield from _raised(context, "W212", harmful=False)


def _raised(context: Context, code: str, *, harmful: bool) -> Iterator[Finding]:
    missing = {(finding.path, finding.cell) for finding in missing_files(context)}
    for _, paper in context.papers:
        broken = frozenset(_harmful(paper))
        for place, name, why in _raising(paper):
            if (paper.path, name) in missing or (place in broken) is not harmful:
                continue  # E132 says why, or the other check tells it
            assert paper.solution is not None
            yield found(code, paper.path, why, cell=name, line=paper.solution.lines.get(place),
                        hint="mend it, or tag the cell raises-exception")


def _harmful(paper: Paper) -> Iterator[int]:
    """Places of raising cells that cost points: answers, and cells without which a later test
    misses a name."""
    kinds = {place: kind for place, _, _, kind in paper.cells("solved")}
    runs = paper.solution.cells if paper.solution else {}
    failing = [place for place, *_ in _tests(paper) if (run := runs.get(place)) is None
               or run.state in (RunState.KILLED, RunState.SKIPPED)
               or error_of(run).startswith("NameError")]
    for place, *_ in _raising(paper):
        if kinds[place] in (CellKind.ANSWER, CellKind.MANUAL) or place < max(failing, default=-1):
            yield place


def _raising(paper: Paper) -> Iterator[tuple[int, str, str]]:
    """(place, cell, why) of cells, tests apart, that raise although they are not meant to. A
    NameError after another error is a consequence of it and not told."""
    told = False
    for place, name, cell, kind in paper.cells("solved") if paper.solution else ():
        assert paper.solution is not None
        run = paper.solution.cells.get(place)
        meant = "raises-exception" in (cell["metadata"].get("tags") or ())
        why = error_of(run) if run and kind is not CellKind.TEST and not meant else ""
        if why and not (told and why.startswith("NameError")):
            told = True
            yield place, name, why


@check("E209", "a test gives more than its points")
def too_many_points(context: Context) -> Iterator[Finding]:
    """The last line of a test is a number, which counts as its score. For the solution it is
    more than the cell's points; nbgrader then fails the whole submission."""
    for _, paper in context.papers:
        for place, name, cell, points in _tests(paper) if paper.solution else ():
            assert paper.solution is not None
            result = earned(paper.solution.cells.get(place), cell)
            if result.value is not None and result.value > points:
                yield found("E209", paper.path, f"the test gives {result.value:g} of "
                            f"{points:g} points", cell=name,
                            hint="raise the cell's points, or scale the value")


_NUMBER = re.compile(r"\w+(\.\w+)*\(-?[\d.]+(e-?\d+)?\)|True|False|Fraction\(.*\)|Decimal\(.*\)")


@check("W210", "a score is not a plain number")
def odd_score(context: Context) -> Iterator[Finding]:
    """The last line of a test is a score of a type that nbgrader cannot read, such as
    `np.float64(1.5)`: stock nbgrader then gives full marks, whatever the value. Write
    `float(score)` as the last line."""
    for _, paper in context.papers:
        for place, name, cell, _ in _tests(paper) if paper.solution else ():
            assert paper.solution is not None
            shown = shown_value(paper.solution.cells.get(place))
            if shown and _NUMBER.fullmatch(shown) and _ends_in_expression(nb.source(cell)):
                yield found("W210", paper.path, f"the score {shown} is not a plain number",
                            cell=name, hint="end the test with float(score)")


def _ends_in_expression(code: str) -> bool:
    tree = source.parsed(code)
    return bool(tree and tree.body and isinstance(tree.body[-1], ast.Expr))


CHECKS: tuple[Check, ...] = (
    solution_scores, untouched_scores, empty_passes, leaked_answers, automatic_answers, unseeded,
    slow_cells, empty_test, solution_raises, demonstration_raises, too_many_points, odd_score,
)
