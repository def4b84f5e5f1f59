"""The tables: nbgrader's own, column for column, and ours beside them.

nbgrader's are written out here rather than imported, since importing nbgrader costs seconds; a
test compares them with nbgrader's models, statement by statement. Ours are named `kit_*` and
have natural keys, so they survive a gradebook whose ids change, and nbgrader ignores them.
"""

from __future__ import annotations

import os
import time
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Integer,
    Interval,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

HEAD = "e43177bfe90b"
"""The revision that nbgrader 0.9 stamps on a gradebook (table `alembic_version`)."""

REVISIONS = (
    "b6d005d67074", "50a4d84c131a", "724cde206c17", "167914646830", "282d30a0218e", HEAD,
)
"""nbgrader's revisions, oldest first."""

nbgrader = MetaData()
ours = MetaData()


def new_id() -> str:
    """32 hex digits that sort by time: rows of one run lie together in the index.

    nbgrader takes any string of 32 characters; this is the layout of UUID version 7.
    """
    noise = int.from_bytes(os.urandom(10), "big")
    value = (time.time_ns() // 1_000_000) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return f"{value:032x}"


def _cell_type(name: str) -> Enum:
    return Enum("code", "markdown", name=name, validate_strings=True)


course = Table(
    "course", nbgrader,
    Column("id", String(128), unique=True, primary_key=True, nullable=False),
)
assignment = Table(
    "assignment", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), unique=True, nullable=False),
    Column("duedate", DateTime()),
    Column("course_id", String(128), ForeignKey("course.id"), nullable=False),
)
notebook = Table(
    "notebook", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("assignment_id", String(32), ForeignKey("assignment.id")),
    Column("kernelspec", String(1024), nullable=True),
    UniqueConstraint("name", "assignment_id"),
)
base_cell = Table(
    "base_cell", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("notebook_id", String(32), ForeignKey("notebook.id"), nullable=False),
    Column("type", String(50)),
    UniqueConstraint("name", "notebook_id", "type"),
)
grade_cells = Table(
    "grade_cells", nbgrader,
    Column("id", String(32), ForeignKey("base_cell.id"), primary_key=True),
    Column("max_score", Float(), nullable=False),
    Column("cell_type", _cell_type("grade_cell_type"), nullable=False),
)
solution_cells = Table(
    "solution_cells", nbgrader,
    Column("id", String(32), ForeignKey("base_cell.id"), primary_key=True),
)
task_cells = Table(
    "task_cells", nbgrader,
    Column("id", String(32), ForeignKey("base_cell.id"), primary_key=True),
    Column("max_score", Float(), nullable=False),
    Column("cell_type", _cell_type("grade_cell_type"), nullable=False),
)
source_cell = Table(
    "source_cell", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("cell_type", _cell_type("source_cell_type"), nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("source", Text()),
    Column("checksum", String(128)),
    Column("notebook_id", String(32), ForeignKey("notebook.id")),
    UniqueConstraint("name", "notebook_id"),
)
student = Table(
    "student", nbgrader,
    Column("id", String(128), primary_key=True, nullable=False),
    Column("first_name", String(128)),
    Column("last_name", String(128)),
    Column("email", String(128)),
    Column("lms_user_id", String(128), nullable=True),
)
submitted_assignment = Table(
    "submitted_assignment", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32), ForeignKey("assignment.id")),
    Column("student_id", String(128), ForeignKey("student.id")),
    Column("timestamp", DateTime()),
    Column("extension", Interval()),
    UniqueConstraint("assignment_id", "student_id"),
)
submitted_notebook = Table(
    "submitted_notebook", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("assignment_id", String(32), ForeignKey("submitted_assignment.id")),
    Column("notebook_id", String(32), ForeignKey("notebook.id")),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float()),
    UniqueConstraint("notebook_id", "assignment_id"),
)
grade = Table(
    "grade", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32), ForeignKey("submitted_notebook.id")),
    Column("cell_id", String(32), ForeignKey("base_cell.id")),
    Column("auto_score", Float()),
    Column("manual_score", Float()),
    Column("extra_credit", Float()),
    Column("needs_manual_grade", Boolean, nullable=False),
    UniqueConstraint("cell_id", "notebook_id"),
)
comment = Table(
    "comment", nbgrader,
    Column("id", String(32), primary_key=True),
    Column("notebook_id", String(32), ForeignKey("submitted_notebook.id")),
    Column("cell_id", String(32), ForeignKey("base_cell.id")),
    Column("auto_comment", Text()),
    Column("manual_comment", Text()),
    UniqueConstraint("cell_id", "notebook_id"),
)

# ------------------------------------------------------------------------------------ ours

kit_graded = Table(
    # What was graded: one row for each hand-in, so a second run can tell what is done.
    "kit_graded", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("submission_digest", String(64), nullable=False),
    Column("release_digest", String(64), nullable=False),
    Column("engine", String(64), nullable=False),
    Column("engine_version", String(64), nullable=False),
    Column("received_at", DateTime()),
    Column("late_seconds", Float(), nullable=False),
    Column("seconds", Float(), nullable=False),
    Column("graded_at", DateTime()),
    # The layers of the sandbox that were on, a JSON list.
    Column("layers", Text(), nullable=False, server_default="[]"),
    # Which row of kit_environment it ran with; empty where that was not recorded.
    Column("environment", String(64), nullable=False, server_default=""),
    # How the submission's files looked when the digest was made; empty where not recorded.
    Column("fingerprint", String(64), nullable=False, server_default=""),
    # Whether a graded folder was left; what cannot be read leaves none.
    Column("left_folder", Boolean, nullable=False, server_default="1"),
)
kit_environment = Table(
    # Versions that submissions ran with, in words, by the digest of these words.
    "kit_environment", ours,
    Column("digest", String(64), primary_key=True),
    Column("words", Text(), nullable=False),
)
kit_credit = Table(
    # Whose hand-in a learner's grade comes from: a team mate's, or the learner's own.
    "kit_credit", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("handed_in_by", String(128), nullable=False),
    # The extension that we wrote, so that it can be taken back; NULL if it is not ours.
    Column("extension_seconds", Float()),
)
kit_result = Table(
    "kit_result", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("grade_id", String(128), primary_key=True),
    Column("message", Text(), nullable=False),
    Column("tags", Text(), nullable=False),  # JSON list
    Column("checks", Text(), nullable=False, server_default="[]"),  # JSON list of objects
    # How the points are known, where that is not apart from the learner's code, and why.
    Column("how", String(16), nullable=False, server_default=""),
    Column("apart", Text(), nullable=False, server_default=""),
)
kit_repair = Table(
    "kit_repair", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("place", Integer(), primary_key=True),
    Column("code", String(64), nullable=False),
    Column("message", Text(), nullable=False),
    Column("notebook", String(128), nullable=False),
    Column("grade_id", String(128), nullable=False),
)
kit_review = Table(
    "kit_review", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("place", Integer(), primary_key=True),
    Column("code", String(64), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("notebook", String(128), nullable=False),
    Column("grade_id", String(128), nullable=False),
)
kit_decision = Table(
    # A question that counts for nobody, or gives everyone its points, until it is taken back.
    "kit_decision", ours,
    Column("assignment", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("grade_id", String(128), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("max_points", Float(), nullable=False),  # before nbgrader's table was told of it
    Column("reason", Text(), nullable=False),
    Column("who", String(128), nullable=False),
    Column("at", DateTime(), nullable=False),
)
kit_held = Table(
    # What nbgrader's table of grades holds without the decision, to be put back; `laid` is the
    # automatic score that stands there in its place.
    "kit_held", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("grade_id", String(128), primary_key=True),
    Column("auto", Float()),
    Column("manual", Float()),
    Column("extra", Float()),
    Column("needs_manual", Boolean, nullable=False),
    Column("laid", Float(), nullable=False),
)
kit_verdict = Table(
    # What a person said of a reason for review, and of which work and release.
    "kit_verdict", ours,
    Column("assignment", String(128), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("grade_id", String(128), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("points", Float()),
    Column("who", String(128), nullable=False),
    Column("at", DateTime(), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("submission_digest", String(64), nullable=False),
    Column("release_digest", String(64), nullable=False),
)
kit_act = Table(
    # Why scores that stood there changed: one row each time that a person changed some.
    "kit_act", ours,
    Column("assignment", String(128), primary_key=True),
    Column("number", Integer(), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("at", DateTime(), nullable=False),
    Column("who", String(128), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("decisions", Text(), nullable=False),  # JSON list
)
kit_change = Table(
    "kit_change", ours,
    Column("assignment", String(128), primary_key=True),
    Column("number", Integer(), primary_key=True),
    Column("learner", String(128), primary_key=True),
    Column("notebook", String(128), primary_key=True),
    Column("grade_id", String(128), primary_key=True),
    Column("before", Float()),
    Column("after", Float()),
    Column("before_max", Float()),
    Column("after_max", Float()),
    Column("cause", String(64), nullable=False),
)


def default_of(column: Column[Any]) -> str:
    """What stands for one of our columns in a gradebook of a version that had none."""
    return str(getattr(column.server_default, "arg", ""))
