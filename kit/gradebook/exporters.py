"""The exporters that come with the kit: csv, json, canvas, moodle."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kit.gradebook.exporting import Document, Gradesheet, table
from kit.gradebook.outcomes import OutcomeShown, outcomes
from kit.model import Assignment, CellGrade, Learner

# The first eleven are those of `nbgrader export`, in its order, so its readers go on working.
_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score", "status", "section",
)
_OUTCOMES = (
    "outcome", "statement", "student_id", "last_name", "first_name", "earned", "possible",
    "share", "waiting",
)
_QUESTIONS = (
    "assignment", "student_id", "last_name", "first_name", "notebook", "question", "kind",
    "auto_score", "manual_score", "extra_credit", "score", "max_score", "status", "tags",
    "comment",
)


def export_csv(sheet: Gradesheet) -> Document:
    """One line an assignment and learner, or `by` question or outcome one line for each."""
    if sheet.by == "outcome":
        return Document(text=table(_OUTCOMES, _outcome_lines(sheet)))
    if sheet.by == "question":
        return Document(text=table(_QUESTIONS, _question_lines(sheet)))
    return Document(text=table(_COLUMNS, (
        _line(sheet, learner, assignment)
        for assignment in sheet.assignments for learner in sheet.learners
    )))


def _line(sheet: Gradesheet, learner: Learner, assignment: Assignment) -> tuple[object, ...]:
    row = sheet.row(learner.id, assignment.name)
    due = sheet.due(learner.id, assignment)
    score = sheet.score(learner.id, assignment)
    raw = None if score is None else score + row.penalty
    return (
        assignment.name, due and due.isoformat(), row.received_at and row.received_at.isoformat(),
        learner.id, learner.last_name, learner.first_name, learner.email, raw,
        row.penalty if score is not None else None, score, row.max_score,
        sheet.state(learner.id, assignment), learner.section,
    )


def _question_lines(sheet: Gradesheet) -> Iterator[tuple[object, ...]]:
    for assignment in sheet.assignments:
        for learner in sheet.learners:
            where = sheet.state(learner.id, assignment)
            for cell in sheet.row(learner.id, assignment.name).cells:
                if not cell.kind.graded:
                    continue
                pending = cell.needs_manual or where == "pending"
                yield (
                    assignment.name, learner.id, learner.last_name, learner.first_name,
                    cell.notebook, cell.grade_id, cell.kind.value, cell.auto, cell.manual,
                    cell.extra, None if pending else cell.points, cell.max_points,
                    _status(cell, "pending" if pending else where), " ".join(cell.tags),
                    cell.comment,
                )


def _status(cell: CellGrade, where: str) -> str:
    return where if cell.decision is None else cell.decision.kind


def _outcome_lines(sheet: Gradesheet) -> Iterator[tuple[object, ...]]:
    people = {learner.id: learner for learner in sheet.learners}
    for one in outcomes(sheet):
        for shown in one.learners:
            learner = people[shown.learner]
            yield (one.outcome.id, one.outcome.statement, learner.id, learner.last_name,
                   learner.first_name, shown.earned, shown.possible, shown.share,
                   " ".join(str(ref) for ref in shown.waiting))


def export_json(sheet: Gradesheet) -> Document:
    """Everything, for programs: standings, scores, questions, reasons, outcomes."""
    learners = [_learner(sheet, learner) for learner in sheet.learners]
    value = {
        "course": sheet.course.id,
        "made_at": sheet.now.isoformat(),
        "assignments": [
            {"name": a.name, "title": a.title, "group": a.group,
             "due": a.due.isoformat() if a.due else None, "max_score": sheet.max_score(a)}
            for a in sheet.assignments
        ],
        "outcomes": [_outcome(one) for one in outcomes(sheet)],
        "learners": learners,
    }
    return Document(text=json.dumps(value, indent=2, ensure_ascii=False) + "\n", suffix=".json")


def _outcome(one: OutcomeShown) -> dict[str, object]:
    return {
        "id": one.outcome.id, "statement": one.outcome.statement,
        "evidence": [str(ref) for ref in one.evidence], "mean_share": one.mean,
        "learners": [
            {"id": shown.learner, "earned": shown.earned, "possible": shown.possible,
             "share": shown.share, "waiting": [str(ref) for ref in shown.waiting]}
            for shown in one.learners
        ],
    }


def _learner(sheet: Gradesheet, learner: Learner) -> dict[str, object]:
    where = sheet.standings.get(learner.id)
    return {
        "id": learner.id, "first_name": learner.first_name, "last_name": learner.last_name,
        "email": learner.email, "lms_id": learner.lms_id, "section": learner.section,
        "percent": where.percent if where else None,
        "secured": where.secured if where else None,
        "letter": where.letter if where else "",
        "final": bool(where and where.final),
        "scores": {a.name: _score(sheet, learner, a) for a in sheet.assignments},
    }


def _score(sheet: Gradesheet, learner: Learner, assignment: Assignment) -> dict[str, object]:
    row = sheet.row(learner.id, assignment.name)
    due = sheet.due(learner.id, assignment)
    where = sheet.state(learner.id, assignment)
    return {
        "status": where,
        "score": sheet.score(learner.id, assignment), "max_score": row.max_score,
        "penalty": row.penalty, "late_seconds": row.late_seconds,
        "received_at": row.received_at.isoformat() if row.received_at else None,
        "due": due.isoformat() if due else None,
        "pending": [{"code": r.code, "reason": r.reason, "notebook": r.notebook,
                     "question": r.grade_id} for r in row.pending],
        "questions": [
            {"notebook": c.notebook, "question": c.grade_id, "kind": c.kind.value,
             "score": None if c.needs_manual or where == "pending" else c.points,
             "max_score": c.max_points, "auto": c.auto, "manual": c.manual, "extra": c.extra,
             "comment": c.comment, "message": c.message, "tags": list(c.tags),
             "decision": c.decision and {"kind": c.decision.kind, "reason": c.decision.reason}}
            for c in row.cells if c.kind.graded
        ],
    }


def export_canvas(sheet: Gradesheet) -> Document:
    """Canvas's gradebook import (Grades, Import): its columns, then one an assignment.

    The ID is the roster's LMS id; where it is empty Canvas finds the learner by the SIS login.
    An assignment is found by its title; one that Canvas does not have is offered as new.
    """
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section",
            *(assignment.title for assignment in sheet.assignments))
    points = ("    Points Possible", None, None, None, None,
              *(sheet.max_score(assignment) for assignment in sheet.assignments))
    people = (
        (_last_first(learner), learner.lms_id, None, learner.id, learner.section,
         *(_canvas(sheet, learner, assignment) for assignment in sheet.assignments))
        for learner in sheet.learners
    )
    return Document(text=table(head, (points, *people)))


def _canvas(sheet: Gradesheet, learner: Learner, assignment: Assignment) -> object:
    if sheet.state(learner.id, assignment) == "excused":
        return "EX"
    return sheet.score(learner.id, assignment)


def _last_first(learner: Learner) -> str:
    if learner.last_name and learner.first_name:
        return f"{learner.last_name}, {learner.first_name}"
    return learner.name


def export_moodle(sheet: Gradesheet) -> Document:
    """Moodle's grade import (Grades, Import, CSV file): the columns of its own export.

    Map from "Email address", or from "ID number" (the roster's LMS id, else the learner's id).
    "-" is how Moodle writes no grade: an empty cell would be refused.
    """
    head = ("First name", "Last name", "ID number", "Email address",
            *(f"Assignment: {assignment.title} (Real)" for assignment in sheet.assignments))
    people = []
    for learner in sheet.learners:
        scores = [sheet.score(learner.id, assignment) for assignment in sheet.assignments]
        people.append((
            learner.first_name, learner.last_name, learner.lms_id or learner.id, learner.email,
            *("-" if score is None else score for score in scores),
        ))
    return Document(text=table(head, people))
