"""`kit status`: where each assignment stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import course_option, json_option

if TYPE_CHECKING:
    from kit.model import Assignment, Course, GradeRow, Roster


@click.command()
@click.argument("assignment", required=False)
@click.option("--upgrade", is_flag=True,
              help="Bring an old nbgrader gradebook up to date, after a backup.")
@course_option
@json_option
def command(
    assignment: str | None, upgrade: bool, course_dir: Path | None, as_json: bool
) -> None:
    """Show where each assignment stands: released, handed in, graded, needs review.

    \b
    Example
      kit status
      kit status ps1
    """
    from kit import gradebook, workflow
    from kit.cli import terminal
    from kit.course import assignment_of, load_roster

    course = workflow.load(course_dir)
    if upgrade:
        saved = gradebook.upgrade(course)
        if not as_json:
            terminal.result("gradebook", f"up to date; the old one is {saved}" if saved
                            else "up to date already")
    wanted = (assignment_of(course, assignment),) if assignment else course.assignments
    roster = load_roster(course)
    released = gradebook.released(course)
    found = [_standing(course, roster, each, each.name in released) for each in wanted]
    if as_json:
        terminal.emit_json({"assignments": found})
    elif not found:
        terminal.result("status", "the course has no assignments yet")
        terminal.next_steps([(terminal.command("add", "assignment", "ps1"),
                              "a first one that works")])
    else:
        _table(found)


def _standing(
    course: Course, roster: Roster, assignment: Assignment, released: bool
) -> dict[str, Any]:
    from kit import gradebook

    rows = gradebook.rows(course, roster, assignment)
    not_graded = [row for row in rows if row.score is None and row.pending]
    graded = [row for row in rows if row.score is not None]
    return {
        "assignment": assignment.name, "title": assignment.title,
        "due": assignment.due.isoformat() if assignment.due else None,
        "released": released, "learners": len(rows),
        "submitted": len(graded) + len(not_graded), "graded": len(graded),
        "not_graded": [row.learner for row in not_graded],
        "to_mark": sum(row.needs_manual and not row.pending for row in graded),
        "needs_review": [
            {"learner": row.learner, "code": each.code, "reason": each.reason,
             "notebook": each.notebook, "question": each.grade_id}
            for row in graded for each in row.pending
        ],
        "late": sum(row.late_seconds > 0 for row in graded),
        "nothing_handed_in": [row.learner for row in rows if _nothing(row)],
        "excused": [row.learner for row in rows if row.excused],
        "decisions": [
            {"notebook": one.notebook, "question": one.grade_id, "kind": one.kind,
             "reason": one.reason, "who": one.who, "at": one.at}
            for one in gradebook.decisions(course, assignment)],
        "repaired": {learner: [r.message for r in made] for learner, made
                     in gradebook.repairs(course, assignment).items()},
    }


def _nothing(row: GradeRow) -> bool:
    return row.score is None and not row.pending and not row.excused


def _table(found: list[dict[str, Any]]) -> None:
    from kit.cli import terminal
    from kit.model import VOID

    terminal.table(
        ("Assignment", "Due", "Released", "Handed in", "Graded", "To mark", "Review"),
        [(each["assignment"], (each["due"] or "")[:16].replace("T", " "),
          "yes" if each["released"] else "no", f"{each['submitted']} of {each['learners']}",
          str(each["graded"]), _some(each["to_mark"]), _some(_reviewed(each)))
         for each in found],
        right=(3, 4, 5, 6),
    )
    for each in found:
        for one in each["decisions"]:
            what = "counts for nobody" if one["kind"] == VOID else "gives everyone full points"
            terminal.paragraph(f"{each['assignment']}, {one['question']} {what}: {one['reason']}",
                               indent=0)
    steps = [step for each in found if (step := _next(each)) is not None]
    if steps:
        terminal.next_steps(steps[:3])


def _some(number: int) -> str:
    return str(number) if number else "–"


def _reviewed(each: dict[str, Any]) -> int:
    return len({entry["learner"] for entry in each["needs_review"]})


def _next(each: dict[str, Any]) -> tuple[str, str] | None:
    from kit.cli import terminal

    name = each["assignment"]
    if not each["released"]:
        return terminal.command("release", name), "make the learners' version"
    if each["not_graded"]:
        return terminal.command("grade", name), _are(len(each["not_graded"]), "not graded yet")
    if each["needs_review"]:
        return terminal.command("review", name), "look at what needs review"
    if each["to_mark"]:
        return terminal.command("marks", name), _wait(each["to_mark"])
    return None


def _are(number: int, what: str) -> str:
    return f"{number:,} {'is' if number == 1 else 'are'} {what}"


def _wait(number: int) -> str:
    return f"{number:,} {'waits' if number == 1 else 'wait'} for a person's mark"
