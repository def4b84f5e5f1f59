"""What recorded scores were made from, looked up for a few learners at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, bindparam, func, inspect, literal, select

from kit.files import digest_bytes
from kit.gradebook import database, schema
from kit.model import Assignment, Course, Graded

_COLUMNS = ("learner", "submission_digest", "release_digest", "engine", "engine_version",
            "environment", "fingerprint", "received_at", "graded_at", "left_folder")

Lookup = Callable[[Sequence[str]], Mapping[str, Graded]]


@contextmanager
def recorded(course: Course, assignment: Assignment) -> Iterator[Lookup]:
    """A function from learners to what their recorded scores were made from.

    Who has no score of the kit's own making is not in its answer. Between two calls others may
    write. Raises GradebookError.
    """
    with database.glancing(course) as connection:
        if connection is None or schema.kit_graded.name not in database.tables(connection):
            yield lambda _: {}
            return
        columns = _columns(connection)
        words = _environments(connection)
        table = schema.kit_graded

        def lookup(learners: Sequence[str]) -> Mapping[str, Graded]:
            found: dict[str, Graded] = {}
            for part in database.parts(learners):
                found |= _graded(connection.execute(select(*columns).where(
                    table.c.assignment == assignment.name, table.c.learner.in_(part))), words)
            return found

        yield lookup


def graded(course: Course, assignment: Assignment) -> Mapping[str, Graded]:
    """Learner -> what their recorded score was made from, for everyone who handed in.

    Raises GradebookError.
    """
    with database.reading(course) as connection:
        if connection is None or schema.kit_graded.name not in database.tables(connection):
            return {}
        return _graded(connection.execute(
            select(*_columns(connection))
            .where(schema.kit_graded.c.assignment == assignment.name)),
            _environments(connection))


def _columns(connection: Connection) -> list[Any]:
    # A gradebook that an earlier version wrote may lack a column; its default stands for it.
    table = schema.kit_graded
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    return [table.c[name] if name in there
            else literal(schema.default_of(table.c[name])).label(name) for name in _COLUMNS]


def _environments(connection: Connection) -> Mapping[str, str]:
    if schema.kit_environment.name not in database.tables(connection):
        return {}
    return {row.digest: row.words for row in connection.execute(select(schema.kit_environment))}


def _graded(rows: Iterable[Any], words: Mapping[str, str]) -> dict[str, Graded]:
    return {
        learner: Graded(
            submission=submission, release=release, engine=engine, engine_version=version,
            environment=words.get(environment, ""), fingerprint=fingerprint,
            received_at=database.aware(received), graded_at=database.aware(graded_at),
            left_folder=bool(int(left)))
        for (learner, submission, release, engine, version, environment, fingerprint, received,
             graded_at, left) in rows}


def remember(course: Course, assignment: Assignment, fingerprints: Mapping[str, str]) -> None:
    """Note how the files of submissions look that are graded already; by learner.

    Raises GradebookError.
    """
    if not fingerprints:
        return
    table = schema.kit_graded
    with database.writing(course) as connection:
        connection.execute(
            table.update().where(table.c.assignment == assignment.name,
                                 table.c.learner == bindparam("b_learner"))
            .values(fingerprint=bindparam("b_looks")),
            [{"b_learner": learner, "b_looks": looks} for learner, looks in fingerprints.items()])


def take_environment(course: Course, assignment: Assignment, environment: str) -> None:
    """Take it that scores of before environments were recorded were made in this one.

    So that what changes from now on is noticed. Raises GradebookError.
    """
    table = schema.kit_graded
    unknown = (table.c.assignment == assignment.name, table.c.environment == "")
    with database.glancing(course) as connection:
        if connection is None or table.name not in database.tables(connection):
            return
        if any(column["name"] == "environment" for column in
               inspect(connection).get_columns(table.name)) and not connection.execute(
                   select(func.count()).select_from(table).where(*unknown)).scalar():
            return
    with database.writing(course) as connection:
        connection.execute(table.update().where(*unknown)
                           .values(environment=write_environment(connection, environment)))


def write_environment(connection: Connection, words: str) -> str:
    """The key of an environment, whose row is made where it is missing; "" for none."""
    if not words:
        return ""
    key = digest_bytes(words.encode())
    table = schema.kit_environment
    if connection.execute(select(table.c.digest).where(table.c.digest == key)).first() is None:
        connection.execute(table.insert().values(digest=key, words=words))
    return key


def has_scores(course: Course, assignment: Assignment, learners: Sequence[str]) -> bool:
    """Whether one of these learners has a row that grading again would change.

    Raises GradebookError.
    """
    sub, own = schema.submitted_assignment, schema.assignment
    with database.glancing(course) as connection:
        if connection is None:
            return False
        return any(connection.execute(
            select(sub.c.id).join(own, own.c.id == sub.c.assignment_id)
            .where(own.c.name == assignment.name, sub.c.student_id.in_(part)).limit(1)
        ).first() is not None for part in database.parts(learners))
