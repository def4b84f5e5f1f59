"""E225, W215, W216: parameters of each learner's own, and whether all of them can be solved."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kit import notebook as nb
from kit.check.context import Context, Paper
from kit.check.registry import Check, check, found
from kit.check.scoring import earned
from kit.check.variant_runs import draws
from kit.model import CellKind, Finding


@check("E225", "the solution does not earn full marks for every variant")
def every_variant(context: Context) -> Iterator[Finding]:
    """The notebook draws parameters for each learner (`ag.variant`), and the solution was graded
    as 50 learners would have drawn them: sample-01 to sample-50. For some of them a test fails or
    gives less than its points. Either the expected value does not follow from the parameters (a
    number that was typed, a tolerance that is too narrow), or some parameters make a problem
    that has no such answer. Type the named learner's id where the notebook asks for it, or start
    Jupyter with KIT_LEARNER set to it, and run the notebook. A test that fails for nobody's
    parameters is E201 instead."""
    for _, paper in context.papers:
        always = frozenset(_failing_anyhow(paper))
        for _, name, _, kind in paper.cells("solved") if paper.variants else ():
            failing = [one for one in paper.variants if name in one.failures]
            if kind is not CellKind.TEST or not failing:
                continue
            if name in always and len(failing) == len(paper.variants):
                continue  # E201 tells it
            first = failing[0]
            yield found(
                "E225", paper.path, f"the solution fails the test for {len(failing)} of "
                f"{len(paper.variants)} variants, first for {first.learner}: "
                f"{first.failures[name]}", cell=name,
                hint=f"to see it, run the notebook with KIT_LEARNER={first.learner}, or type "
                f"{first.learner} as the learner's id")


def _failing_anyhow(paper: Paper) -> Iterator[str]:
    """The tests that the solution fails as the sample variant too."""
    for place, name, cell, kind in paper.cells("solved") if paper.solution else ():
        if kind is CellKind.TEST and cell["cell_type"] == "code":
            assert paper.solution is not None
            result = earned(paper.solution.cells.get(place), cell)
            points = float((nb.nbgrader_meta(cell) or {}).get("points", 0))
            if result.points < points or result.failed:
                yield name


@check("W215", "variants do not differ")
def same_for_all(context: Context) -> Iterator[Finding]:
    """The notebook calls `ag.variant`, but for 50 learners no name has another value: each gets
    the same problem. Nothing was drawn, or what was drawn is not used. Draw from what `variant`
    gives: `rate = rng.step(0.02, 0.08, by=0.005)`."""
    for _, paper in context.papers:
        if not paper.variants:
            continue
        first = paper.variants[0].values
        if first and all(one.values == first for one in paper.variants):
            cell, call = next(iter(draws(paper)))
            yield found("W215", paper.path, "variant() is called, and all learners get the same "
                        "values", cell=cell, line=call.lineno,
                        hint="draw the parameters from what it gives")


@check("W216", "a variant is drawn for another assignment")
def other_assignment(context: Context) -> Iterator[Finding]:
    """`ag.variant` is told another assignment than the one that the notebook is in. Stock
    nbgrader tells who the learner is by the folder alone, and the name is how `variant` knows
    it; and two assignments of one name draw the same."""
    for work, paper in context.papers:
        for cell, call in draws(paper) if paper.python else ():
            named = _assignment(call)
            if named is not None and named != work.assignment.name:
                yield found("W216", paper.path, f"variant() is told the assignment {named!r}, and "
                            f"this is {work.assignment.name!r}", cell=cell, line=call.lineno,
                            hint=f'write ag.variant(learner, "{work.assignment.name}")')


def _assignment(call: ast.Call) -> str | None:
    """The assignment that a call states as plain text."""
    stated = [*call.args[1:2],
              *(one.value for one in call.keywords if one.arg == "assignment")]
    value = stated[0].value if stated and isinstance(stated[0], ast.Constant) else None
    return value if isinstance(value, str) else None


CHECKS: tuple[Check, ...] = (every_variant, same_for_all, other_assignment)
