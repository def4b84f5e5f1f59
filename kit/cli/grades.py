"""`kit grades`: show or export grades."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.gradebook import Gradesheet
    from kit.model import Assignment, Learner

    By = Literal["assignment", "question", "outcome"]

Rows = list[tuple[str, ...]]


@click.command()
@click.argument("assignment", required=False)
@click.option("--export", "exporter", metavar="NAME",
              help="Write a file: csv, json, canvas, moodle, or a plugin's name.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False),
              help="The file to write (grades-NAME.csv in the course).")
@click.option("--by", type=click.Choice(("assignment", "question", "outcome")),
              default="assignment", help="What a line is about.")
@click.option("--misconceptions", "view", flag_value="misconceptions",
              help="How many made which mistake, by question.")
@click.option("--changes", "view", flag_value="changes",
              help="What people changed after grading, and why.")
@click.option("--allow-pending", is_flag=True, help="Export although scores are pending.")
@course_option
@json_option
def command(
    assignment: str | None, exporter: str | None, to: Path | None, by: str, view: str | None,
    allow_pending: bool, course_dir: Path | None, as_json: bool,
) -> None:
    """Show grades, or export them for a spreadsheet or an LMS.

    Whoever handed in nothing is there. What is pending shows as pending, never as 0.

    \b
    Example
      kit grades ps1
      kit grades ps1 --misconceptions
      kit grades ps1 --changes
      kit grades --by outcome
      kit grades --export canvas --to canvas.csv
    """
    from kit import gradebook, workflow
    from kit.cli import terminal
    from kit.cli.changes import show_changes
    from kit.course import assignment_of

    if to is not None and not exporter:
        raise click.UsageError("--to names the file of an export: say which with --export NAME")
    course = workflow.load(course_dir)
    chosen = assignment_of(course, assignment) if assignment else None
    if view == "changes":
        show_changes(course, course.assignments if chosen is None else (chosen,), as_json=as_json)
        return
    sheet = workflow.gradesheet(course, chosen, by=cast("By", by))
    if exporter:
        _export(sheet, exporter, to, assignment, allow_pending=allow_pending, as_json=as_json)
    elif view == "misconceptions":
        _misconceptions(sheet, as_json=as_json)
    elif as_json:
        import json

        # To look at, not to hand on: pending scores are null and say so.
        document = gradebook.export("json", sheet, allow_pending=True)
        terminal.emit_json(json.loads(document.text))
    else:
        _show(sheet, whole=chosen is None)


def _show(sheet: Gradesheet, *, whole: bool) -> None:
    from kit.cli import terminal

    if not sheet.rows:
        terminal.result("grades", "nobody is on the roster and nothing was handed in yet")
    elif sheet.by == "question":
        _questions(sheet)
    elif sheet.by == "outcome":
        _outcomes(sheet)
    elif whole:
        _all(sheet)
    else:
        _one(sheet, sheet.assignments[0])


def _export(
    sheet: Gradesheet, name: str, to: Path | None, assignment: str | None, *,
    allow_pending: bool, as_json: bool,
) -> None:
    from kit import gradebook
    from kit.cli import terminal
    from kit.files import write_text

    document = gradebook.export(name, sheet, allow_pending=allow_pending)
    stem = f"grades-{assignment}-{name}" if assignment else f"grades-{name}"
    if to is None:
        to = sheet.course.root / f"{stem}{document.suffix}"
    write_text(to, document.text)
    if as_json:
        terminal.emit_json({"exporter": name, "file": to, "learners": len(sheet.learners)})
        return
    terminal.result(name, f"{terminal.count(len(sheet.learners), 'learner')}, "
                          f"{terminal.count(len(sheet.assignments), 'assignment')} in {to}")


def _misconceptions(sheet: Gradesheet, *, as_json: bool) -> None:
    """Each tag of each question: how many have it, as a bar."""
    from dataclasses import asdict

    from kit import gradebook
    from kit.cli import terminal

    found = gradebook.misconceptions(sheet.rows.values())
    if as_json:
        terminal.emit_json([{**asdict(one), "share": one.share} for one in found])
        return
    if not found:
        terminal.result("misconceptions", "no check told of one; plain asserts have no tags")
        return
    several = len({one.assignment for one in found}) > 1
    rows: Rows = []
    before = ""
    for one in found:
        name = f"{one.assignment}/{one.grade_id}" if several else one.grade_id
        rows.append((name if name != before else "", one.tag, f"{one.learners} of {one.graded}",
                     f"{100 * one.share:.0f} %", "█" * max(1, round(20 * one.share))))
        before = name
    terminal.table(("Question", "Mistake", "Learners", "Share", ""), rows, right=(2, 3))
    only = () if several else (found[0].assignment,)
    terminal.next_steps([(terminal.command("grades", *only, "--misconceptions", "--json"),
                          "with what each check told")])


def _one(sheet: Gradesheet, assignment: Assignment) -> None:
    from kit.cli import terminal

    rows: Rows = []
    for learner in sheet.learners:
        row = sheet.row(learner.id, assignment.name)
        where = sheet.state(learner.id, assignment)
        late = terminal.duration(row.late_seconds) if row.late_seconds else ""
        penalty = f"-{_number(row.penalty)}" if row.penalty and where == "graded" else ""
        rows.append((learner.id, _name(learner), _score(sheet, learner, assignment),
                     _word(sheet, where), late, penalty))
    terminal.table(("Learner", "Name", "Score", "", "Late", "Penalty"), rows, right=(2, 5))
    _spread(sheet, assignment)
    terminal.next_steps(_why_pending(sheet, assignment))


def _why_pending(sheet: Gradesheet, assignment: Assignment) -> list[tuple[str, str]]:
    """Where to look for what a score waits for: a reason, or a person's mark."""
    from kit.cli import terminal

    waiting = [sheet.row(learner.id, assignment.name) for learner in sheet.learners
               if sheet.state(learner.id, assignment) == "pending"]
    reasons = sum(bool(row.pending) for row in waiting)
    steps = []
    if reasons:
        steps.append((terminal.command("review", assignment.name),
                      f"why {terminal.count(reasons, 'score')} cannot stand yet"))
    unmarked = terminal.count(len(waiting) - reasons, "score")
    if len(waiting) > reasons:
        steps.append((terminal.command("marks", assignment.name),
                      f"{unmarked} for a person to mark"))
    return steps


def _all(sheet: Gradesheet) -> None:
    from kit.cli import terminal

    names = [assignment.name for assignment in sheet.assignments]
    rows: Rows = []
    for learner in sheet.learners:
        standing = sheet.standings.get(learner.id)
        percent = standing.percent if standing else None
        rows.append((
            learner.id, _name(learner),
            *(_score(sheet, learner, assignment) for assignment in sheet.assignments),
            "" if percent is None else f"{percent:.1f} %", standing.letter if standing else "",
        ))
    width = len(names)
    terminal.table(("Learner", "Name", *names, "So far", ""), rows,
                   right=tuple(range(2, width + 3)))
    scored = [(each, scores) for each in sheet.assignments if (scores := _scores(sheet, each))]
    if scored:
        terminal.line()
    for assignment, scores in scored:
        terminal.result(assignment.name, _summary(scores, sheet.max_score(assignment)))
    steps = [step for each in sheet.assignments for step in _why_pending(sheet, each)]
    terminal.next_steps(steps[:3])


def _questions(sheet: Gradesheet) -> None:
    """Points, mean and a bar for each question: where the class stands and where it fell."""
    from kit.cli import terminal

    found: dict[tuple[str, str, str], tuple[float, list[float], int]] = {}
    for row in sheet.rows.values():
        for cell in row.cells:
            if cell.kind.graded:
                key = (row.assignment, cell.notebook, cell.grade_id)
                most, earned, waiting = found.get(key, (cell.max_points, [], 0))
                pending = cell.needs_manual or bool(row.pending)
                found[key] = (most, earned if pending else [*earned, cell.points],
                              waiting + pending)
    rows: Rows = []
    for (name, _, question), (most, earned, waiting) in found.items():
        mean = sum(earned) / len(earned) if earned else None
        share = 0.0 if mean is None or not most else min(1.0, max(0.0, mean / most))
        rows.append((
            name, question, _number(most), "" if mean is None else f"{mean:.2f}",
            str(sum(value >= most for value in earned)), str(sum(value <= 0 for value in earned)),
            str(waiting) if waiting else "", "█" * round(20 * share),
        ))
    terminal.table(("Assignment", "Question", "Points", "Mean", "Full", "None", "Pending",
                    "Mean of points"), rows, right=(2, 3, 4, 5, 6))


def _outcomes(sheet: Gradesheet) -> None:
    """For each outcome the class's mean share of the points that give evidence of it."""
    from kit import gradebook
    from kit.cli import terminal

    found = gradebook.outcomes(sheet)
    if not found:
        terminal.result("outcomes", "none has evidence that is graded; course.yml names them "
                                    "under outcomes")
        return
    rows: Rows = []
    for one in found:
        waiting = sum(bool(shown.waiting) for shown in one.learners)
        mean = one.mean or 0.0
        rows.append((
            one.outcome.id, str(len(one.evidence)), str(len(one.shares)),
            "" if one.mean is None else f"{100 * mean:.0f} %",
            str(sum(share >= 1 - 1e-9 for share in one.shares)),
            str(sum(share <= 0 for share in one.shares)),
            str(waiting) if waiting else "", "█" * round(20 * mean),
        ))
    terminal.table(("Outcome", "Cells", "Learners", "Mean", "Full", "None", "Pending",
                    "Mean of points"), rows, right=(1, 2, 3, 4, 5, 6))
    terminal.line()
    for one in found:
        terminal.result(one.outcome.id, one.outcome.statement)
    terminal.next_steps([(terminal.command("grades", "--by", "outcome", "--export", "csv"),
                          "a line for each learner and outcome")])


def _spread(sheet: Gradesheet, assignment: Assignment) -> None:
    """Ten bars from no points to full ones, each with its count."""
    from kit.cli import terminal

    scores, most = _scores(sheet, assignment), sheet.max_score(assignment)
    if not scores or most <= 0:
        return
    counts = [0] * 10
    for score in scores:
        counts[min(9, max(0, int(10 * score / most)))] += 1
    scale = max(1.0, max(counts) / 40)
    terminal.line()
    terminal.result(assignment.name, _summary(scores, most))
    for place, number in enumerate(counts):
        low, high = most * place / 10, most * (place + 1) / 10
        bar = "█" * max(round(number / scale), 1 if number else 0)
        label = f"{_number(low)} to {_number(high)}"
        terminal.line(f"      {label:>12}  {bar} {number or ''}".rstrip())


def _summary(scores: list[float], most: float) -> str:
    from statistics import median

    from kit.cli import terminal

    mean = sum(scores) / len(scores)
    return (f"{terminal.count(len(scores), 'score')}   mean {mean:.1f} of {_number(most)}   "
            f"median {median(scores):.1f}   {_number(min(scores))} to {_number(max(scores))}")


def _scores(sheet: Gradesheet, assignment: Assignment) -> list[float]:
    found = (sheet.row(learner.id, assignment.name).score for learner in sheet.learners
             if sheet.state(learner.id, assignment) == "graded")
    return [score for score in found if score is not None]


def _score(sheet: Gradesheet, learner: Learner, assignment: Assignment) -> str:
    where = sheet.state(learner.id, assignment)
    if where == "graded":
        return _number(sheet.row(learner.id, assignment.name).score or 0.0)
    return {"pending": "pending", "excused": "excused", "missing": "none", "open": "–"}[where]


def _word(sheet: Gradesheet, where: str) -> str:
    waiting = "nothing handed in yet" if sheet.course.self_paced else "not due yet"
    return {"missing": "nothing handed in", "open": waiting}.get(where, "")


def _name(learner: Learner) -> str:
    return "" if learner.name == learner.id else learner.name


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
