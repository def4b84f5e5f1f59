"""E12x: what `course.yml` says about time, evidence and feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from kit.check.context import Context
from kit.check.registry import Check, check, found
from kit.course import load_roster
from kit.errors import KitError, nearest
from kit.model import Course, Finding

_LONG = timedelta(days=550)


@check("E121", "a date lies outside the course")
def impossible_dates(context: Context) -> Iterator[Finding]:
    """An assignment is due before the course starts, or more than a year and a half after:
    most often last term's dates, or a slip in the year. `kit reschedule` shifts them all."""
    start = context.course.start
    if start is None:
        return
    for work in context.works:
        due = work.assignment.due
        if due is None:
            continue
        day = due.astimezone(context.course.timezone).date()
        if day < start:
            yield found("E121", "course.yml", f"assignment {work.assignment.name} is due on {day}, "
                        f"before the course starts on {start}",
                        hint="mend the date, or shift all with kit reschedule")
        elif day - start > _LONG:
            yield found("E121", "course.yml", f"assignment {work.assignment.name} is due on {day}, "
                        f"{(day - start).days} days after the course starts",
                        hint="mend the year, or shift all with kit reschedule")


@check("W122", "feedback shows answers before the work is due")
def early_answers(context: Context) -> Iterator[Finding]:
    """With `feedback: expected: true`, or hidden tests shown by source, the pages give the
    answers away. Set `after` to a moment after the last learner's due date, extensions.csv
    included. The message of a hidden test is the author's word to learners, not the answer, so
    `hidden_tests: message` may do without `after`; an `after` that is too early is named. In a
    self-paced course nothing is due."""
    if context.course.self_paced:
        return
    dues = _last_dues(context.course)
    for work in context.works:
        assignment = work.assignment
        policy = assignment.feedback
        answers = policy.expected or policy.hidden_tests == "source"
        last = dues.get(assignment.name)
        if policy.after is None:
            early = answers
        else:
            early = last is not None and policy.after < last and (
                answers or policy.hidden_tests == "message")
        if early:
            what = "answers" if answers else "messages of hidden tests"
            when = f" ({last.astimezone(context.course.timezone):%Y-%m-%d %H:%M})" if last else ""
            yield found("W122", "course.yml", f"assignment {assignment.name}: feedback shows "
                        f"{what} before the work is due",
                        hint=f"set feedback.after to a moment after the last due date{when}")


def _last_dues(course: Course) -> dict[str, datetime]:
    """When the last learner's work is due, by assignment, where there is such a moment."""
    try:
        extensions = load_roster(course).extensions
    except KitError:  # what is wrong with these files is said by the commands that need them
        extensions = ()
    found: dict[str, datetime] = {}
    for name, due in [*((one.name, one.due) for one in course.assignments),
                      *((one.assignment, one.due) for one in extensions)]:
        if due is not None:
            found[name] = max(due, found.get(name, due))
    return found


@check("W123", "an instructor-paced course has work without a due date")
def no_due_date(context: Context) -> Iterator[Finding]:
    """Where the instructor sets the pace, an assignment without `due` is never late. Give it a
    date, or say `pace: self`."""
    assignments = [work.assignment for work in context.works]
    if context.course.pace == "instructor" and any(a.due for a in context.course.assignments):
        for assignment in assignments:
            if assignment.due is None:
                yield found("W123", "course.yml", f"assignment {assignment.name} has no due date, "
                            "others do", hint="add due, or say pace: self")


@check("E124", "an outcome refers to a cell that does not exist")
def unknown_evidence(context: Context) -> Iterator[Finding]:
    """Evidence is named as assignment/grade_id, and must be a graded cell of that assignment."""
    works = {work.assignment.name: work for work in context.works}
    for outcome in context.course.outcomes if context.whole else ():
        for cell in outcome.evidence:
            work = works.get(cell.assignment)
            if work is None:
                near = ", ".join(nearest(cell.assignment, works)[:3])
                yield found("E124", "course.yml", f"outcome {outcome.id}: no assignment is named "
                            f"{cell.assignment!r}", hint=f"nearest: {near}" if near else "")
            elif work.generated is not None:
                graded = [one.grade_id for notebook in work.generated.release.notebooks
                          for one in notebook.cells if one.kind.graded]
                if cell.grade_id not in graded:
                    yield found("E124", "course.yml", f"outcome {outcome.id}: {cell} is not a "
                                "graded cell",
                                hint=f"nearest: {', '.join(nearest(cell.grade_id, graded)[:3])}")


@check("W125", "an outcome has no evidence")
def no_evidence(context: Context) -> Iterator[Finding]:
    """An outcome that no graded cell shows is a wish. Name cells under `evidence`, or take the
    outcome out."""
    for outcome in context.course.outcomes if context.whole else ():
        if not outcome.evidence:
            yield found("W125", "course.yml", f"outcome {outcome.id} has no evidence",
                        hint="name graded cells under evidence, as ps1/test_q1")


@check("W126", "answers for self-study are out before the work is due")
def early_selfstudy(context: Context) -> Iterator[Finding]:
    """With `selfstudy: always` the full tests and the worked solutions of an assignment are
    published with it, while learners can still hand it in. Say `after_due`, or take the due date
    away where nobody is graded on it."""
    now, dues = datetime.now(UTC), _last_dues(context.course)
    for work in context.works:
        last = dues.get(work.assignment.name)
        if work.assignment.selfstudy == "always" and last is not None and now < last:
            when = f"{last.astimezone(context.course.timezone):%Y-%m-%d %H:%M}"
            yield found("W126", "course.yml", f"assignment {work.assignment.name}: selfstudy "
                        f"publishes its solutions, and it is due on {when}",
                        hint="say selfstudy: after_due")


@check("W127", "solutions for self-study never come")
def endless_selfstudy(context: Context) -> Iterator[Finding]:
    """`selfstudy: after_due` waits for a due date, and the assignment has none. Give it one, or
    say `always`."""
    for work in context.works:
        if work.assignment.selfstudy == "after_due" and work.assignment.due is None:
            yield found("W127", "course.yml", f"assignment {work.assignment.name}: selfstudy "
                        "waits for a due date, and there is none",
                        hint="add due, or say selfstudy: always")


CHECKS: tuple[Check, ...] = (impossible_dates, early_answers, no_due_date, unknown_evidence,
                             no_evidence, early_selfstudy, endless_selfstudy)
