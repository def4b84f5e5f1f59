"""The file gradebook.db: opened, made, checked, saved and brought up to date."""

from __future__ import annotations

import errno
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    exc,
    func,
    inspect,
    select,
)

from kit.course.author import read_config
from kit.errors import GradebookError
from kit.files import locked
from kit.gradebook import schema
from kit.model import Course

log = logging.getLogger(__name__)

BUSY_SECONDS = 10.0
"""How long to wait for another program that is writing."""

KEEP_BACKUPS = 20
"""How many backups stay; the oldest go first."""

IN_LIST = 400
"""How many values go into one `IN (...)`; SQLite's limit is 999 on old versions."""


def path(course: Course) -> Path:
    """Where the course's gradebook is."""
    return course.root / "gradebook.db"


@contextmanager
def reading(course: Course) -> Iterator[Connection | None]:
    """A connection to read with, or None where the course has no gradebook yet.

    Raises GradebookError when the file is not a gradebook, is of an old schema, or is busy.
    """
    file = path(course)
    if not exists(file):
        yield None
        return
    with connected(file, write=False) as connection:
        check_version(connection, file)
        yield connection


@contextmanager
def glancing(course: Course) -> Iterator[Connection | None]:
    """A connection on which each query stands alone: between two of them others may write.

    Raises GradebookError as `reading` does.
    """
    file = path(course)
    if not exists(file):
        yield None
        return
    with _explaining(file), _engine(file, "").connect() as connection:
        check_version(connection, file)
        yield connection


@contextmanager
def writing(course: Course) -> Iterator[Connection]:
    """A connection inside one transaction that is kept if nothing raises.

    A gradebook that is not there is made as nbgrader makes it; our own tables are added.
    Raises GradebookError as `reading` does.
    """
    file = path(course)
    exists(file)  # a link that leads nowhere is told apart from a file that cannot be made
    with connected(file, write=True) as connection:
        if not tables(connection):
            _create(connection, course)
        check_version(connection, file)
        _complete(connection, file)
        yield connection


_COMPLETE: dict[Path, tuple[int, int, int]] = {}
"""Files that were found with all of our own tables, as they then were: to look at each table takes
longer than to write a grade."""


def _complete(connection: Connection, file: Path) -> None:
    """Add what the file lacks of our own tables."""
    before = _schema_of(connection, file)
    if _COMPLETE.get(file) == before:
        return
    schema.ours.create_all(connection)
    _add_columns(connection)
    if _schema_of(connection, file) == before:  # else it is only so if the transaction is kept
        _COMPLETE[file] = before


def _schema_of(connection: Connection, file: Path) -> tuple[int, int, int]:
    """Which file that is, and a number that each change of its tables makes another."""
    told = file.stat()
    changes = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    return told.st_dev, told.st_ino, int(changes)


def _add_columns(connection: Connection) -> None:
    """Give our own tables the columns that a later version has and theirs lack."""
    for table in schema.ours.sorted_tables:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(
                    f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind} "
                    f"NOT NULL DEFAULT '{schema.default_of(column)}'")


def ensure(course: Course) -> Path:
    """Make the gradebook where there is none. Raises GradebookError.

    nbgrader makes it as well, but needs the program `alembic` on the PATH for that.
    """
    with writing(course):
        return path(course)


@contextmanager
def connected(file: Path, *, write: bool) -> Iterator[Connection]:
    """A connection inside one transaction; what the database says becomes a GradebookError."""
    # IMMEDIATE takes the write lock at once: two writers wait, they never deadlock.
    engine = _engine(file, "BEGIN IMMEDIATE" if write else "BEGIN")
    with _explaining(file), engine.begin() as connection:
        yield connection


@lru_cache(maxsize=8)
def _engine(file: Path, begin: str) -> Engine:
    """How the file is opened. `begin` starts a transaction; empty, there is none.

    It holds no connection, but what it made of statements, which takes longer than running them.
    """
    engine = create_engine(
        f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def _no_hidden_transactions(raw: sqlite3.Connection, _: Any) -> None:
        raw.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _explaining(file: Path) -> Iterator[None]:
    try:
        yield
    except exc.DatabaseError as error:
        raise _explained(error, file) from error


def _explained(error: exc.DatabaseError, file: Path) -> GradebookError:
    said = str(error.orig).lower()
    where = file.name
    if "locked" in said or "busy" in said:
        return GradebookError(
            f"another program has been writing to it for {BUSY_SECONDS:.0f} s", where=where,
            hint="close what uses it (formgrader, nbgrader, another kit) and run this again",
        )
    if "not a database" in said or "malformed" in said:
        return GradebookError(
            "the file is damaged or is not a gradebook", where=where,
            hint="put back the latest file of .kit/backups/, or move this one away",
        )
    if "readonly" in said or "unable to open" in said:
        return GradebookError(
            "the file cannot be opened for writing", where=where,
            hint="check who owns the file and its folder, and whether the disk is full",
        )
    if "no such table" in said or "no such column" in said:
        return GradebookError(
            f"it lacks what nbgrader 0.9 expects: {error.orig}", where=where,
            hint="bring it up to date with: kit status --upgrade",
        )
    return GradebookError(f"it cannot be used: {error.orig}", where=where)


def exists(file: Path) -> bool:
    """Whether there is a file with something in it.

    Raises GradebookError for a link that leads nowhere: its marks are somewhere else.
    """
    try:
        return file.stat().st_size > 0
    except OSError as error:
        if file.is_symlink():
            looped = error.errno == errno.ELOOP
            raise GradebookError(
                f"it is a link that leads {'back to itself' if looped else 'nowhere'}",
                where=file.name, hint="put the gradebook in its place, or remove the link",
            ) from error
        if isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return False
        raise


def tables(connection: Connection) -> frozenset[str]:
    """The names of the tables that exist."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    return frozenset(str(name) for name in found.scalars())


def _create(connection: Connection, course: Course) -> None:
    schema.nbgrader.create_all(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (schema.HEAD,))
    connection.execute(schema.course.insert().values(id=nbgrader_course(course, connection)))


def course_id(course: Course) -> str:
    """What nbgrader's tables call the course. Raises GradebookError, CourseError."""
    with reading(course) as connection:
        return nbgrader_course(course, connection)


def nbgrader_course(course: Course, connection: Connection | None) -> str:
    """What nbgrader's tables call the course, or will call it.

    The author's own configuration says it; else the gradebook that is there, which is
    `default_course` after stock nbgrader without a course_id; else `course.yml`. Raises
    CourseError where that configuration cannot be read.
    """
    stated = str(read_config(course.root).get(("CourseDirectory",), "course_id", "")).strip()
    if stated:
        return stated
    own = course.id or "default_course"
    if connection is None:
        return own
    known = set(connection.execute(select(schema.course.c.id)).scalars())
    if own in known or not known:
        return own
    # The one that most assignments name; nbgrader leaves their course empty without an id.
    used = connection.execute(
        select(schema.assignment.c.course_id)
        .where(schema.assignment.c.course_id.in_(known))
        .group_by(schema.assignment.c.course_id).order_by(func.count().desc())).scalars().first()
    return str(used or min(known))


def version(connection: Connection) -> str:
    """The revision stamped on the gradebook; empty where there is none."""
    if "alembic_version" not in tables(connection):
        return ""
    stamped = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(stamped or "")


def check_version(connection: Connection, file: Path) -> None:
    """Raise GradebookError unless the schema is the one that nbgrader 0.9 writes."""
    stamped = version(connection)
    if stamped == schema.HEAD:
        return
    if stamped and stamped not in schema.REVISIONS:
        raise GradebookError(
            f"a version of nbgrader that is not known here wrote it (schema {stamped})",
            where=file.name, hint="update both: pip install --upgrade coursewright nbgrader",
        )
    if "submitted_assignment" not in tables(connection):
        raise GradebookError("it is a database, but not a gradebook", where=file.name,
                             hint="move the file away; a new gradebook is made when needed")
    raise GradebookError(
        "an older nbgrader wrote it", where=file.name,
        hint="bring it up to date, after a backup, with: kit status --upgrade",
    )


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in pieces that fit into one `IN (...)`."""
    for start in range(0, len(values), IN_LIST):
        yield values[start : start + IN_LIST]


# ------------------------------------------------------------------------ backup, upgrade


def backup(course: Course, *, now: datetime | None = None, keep: int = KEEP_BACKUPS) -> Path | None:
    """Copy the gradebook to `.kit/backups/`, even while others use it; the newest `keep` stay.

    Returns the copy, or None where there is no gradebook. Raises GradebookError.
    """
    file = path(course)
    if not exists(file):
        return None
    folder = course.records / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = folder / f"gradebook-{stamp}.db"
    partial = target.with_suffix(".part")
    with locked(folder, wait=True):
        try:
            _copy(file, partial)
        except sqlite3.DatabaseError as error:
            partial.unlink(missing_ok=True)
            raise GradebookError(
                f"no backup could be made: {error}", where=file.name,
                hint="nothing was changed; see whether the file is damaged") from error
        partial.replace(target)
    for old in sorted(folder.glob("gradebook-*.db"))[:-keep]:
        old.unlink(missing_ok=True)
    log.info("backup written to %s", target)
    return target


def tidy(course: Course) -> None:
    """Remove what a backup that was killed left."""
    folder = course.records / "backups"
    if folder.is_dir():
        with locked(folder, wait=True):
            for left in folder.glob("gradebook-*.part"):
                left.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new, pages=-1)
        check = new.execute("PRAGMA quick_check").fetchone()
        if not check or check[0] != "ok":
            raise sqlite3.DatabaseError("the file is damaged")


def upgrade(course: Course) -> Path | None:
    """Bring an old gradebook to nbgrader 0.9's schema, after a backup.

    Returns the backup, or None where nothing had to be done. The upgrade runs on a copy that
    takes the place of the old file when it is whole. Raises GradebookError.
    """
    file = path(course)
    if not exists(file):
        return None
    with closing(_held(file)) as lock:
        if _stamp(lock) == schema.HEAD:
            return None
        saved = backup(course)
        beside = file.with_name(f".{file.name}.part")
        beside.unlink(missing_ok=True)
        try:
            _copy(file, beside)
            _migrate(beside)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    return saved


def _held(file: Path) -> sqlite3.Connection:
    """The file, locked against writers until closed."""
    lock = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        lock.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError as error:
        lock.close()
        raise _explained(exc.DatabaseError("", None, error), file) from error
    return lock


def _stamp(lock: sqlite3.Connection) -> str:
    try:
        row = lock.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return ""
    return str(row[0]) if row else ""


def _migrate(file: Path) -> None:
    from nbgrader.dbutil import write_alembic_ini

    settings = file.with_name(f"{file.name}.ini")
    try:
        write_alembic_ini(str(settings), f"sqlite:///{file}")
        done = subprocess.run(
            [sys.executable, "-m", "alembic", "-c", str(settings), "upgrade", "head"],
            capture_output=True, text=True, timeout=300, check=False,
        )
    finally:
        settings.unlink(missing_ok=True)
    if not done.returncode:
        # The migrations leave tables out that nbgrader makes when it next opens the file.
        with connected(file, write=True) as connection:
            schema.nbgrader.create_all(connection)
    else:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise GradebookError(f"nbgrader's upgrade failed: {last}", where="gradebook.db",
                             hint="the old gradebook is as it was")


# ------------------------------------------------------------------------------------ time


def naive_utc(moment: datetime | None) -> datetime | None:
    """A moment as nbgrader stores it: UTC without a timezone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime | None) -> datetime | None:
    """A stored moment with its timezone, UTC."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def seconds(span: timedelta | None) -> float | None:
    """A time span in seconds."""
    return None if span is None else span.total_seconds()
