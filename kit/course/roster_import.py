"""Rosters as LMSs export them, into `roster.csv`; nobody is ever removed.

Canvas's gradebook and course roster, Moodle's participants and grade export (English, German,
French, Spanish headers), and any CSV whose headers can be guessed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

from kit.course.roster import (
    ROSTER_COLUMNS,
    delimiter_of,
    load_roster,
    read_csv_text,
    split_name,
    valid_learner_id,
)
from kit.errors import CourseError
from kit.files import write_text
from kit.model import Course, Learner

_MAX_BYTES = 50 * 1024**2

# What each column may be called, the surest name first; compared without case and signs.
_HEADS: dict[str, tuple[str, ...]] = {
    "id": ("learner id", "sis login id", "login id", "username", "user name", "netid", "login",
           "student id", "id number", "sis user id", "student sis id", "matrikelnummer",
           "matriculation number", "id nummer", "numero didentification", "numero de id",
           "anmeldename", "nom dutilisateur", "nombre de usuario", "orgdefinedid", "user id"),
    "lms_id": ("lms id", "canvas id", "canvas user id", "moodle id", "id"),
    "first_name": ("first name", "given name", "firstname", "vorname", "prenom", "nombre"),
    "last_name": ("last name", "surname", "family name", "lastname", "nachname", "nom",
                  "nom de famille", "apellidos", "apellido s", "apellido"),
    "name": ("name", "full name", "student", "student name", "vollstandiger name",
             "nom complet", "nombre completo", "learner"),
    "email": ("email", "email address", "e mail", "e mail adresse", "mail",
              "adresse de courriel", "direccion de correo", "correo electronico"),
    "section": ("section", "section name", "groups", "group", "gruppen", "gruppe", "groupes",
                "grupos"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChange:
    """What an import does: who is new, whose line changed (old, new), who is not in it.

    Those who are gone from the export stay in `roster.csv`. `passed_over` are lines that name
    nobody, with why.
    """

    added: tuple[Learner, ...] = ()
    changed: tuple[tuple[Learner, Learner], ...] = ()
    gone: tuple[Learner, ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    learners: tuple[Learner, ...] = ()


def import_roster(
    course: Course, path: Path, *, id_column: str = "", dry_run: bool = False
) -> RosterChange:
    """Merge an LMS's export into `roster.csv`; `id_column` names the column with the id.

    Raises CourseError for a file that is no table or has no column that can name a learner.
    """
    found, passed = read_export(path, id_column=id_column)
    change = merge(load_roster(course).learners, found)
    change = replace(change, passed_over=tuple(passed))
    if not dry_run and (change.added or change.changed):
        write_roster(course, change.learners)
    return change


def write_roster(course: Course, learners: Iterable[Learner]) -> Path:
    """Write `roster.csv`, whole or not at all."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ROSTER_COLUMNS)
    for learner in learners:
        writer.writerow([getattr(learner, column) for column in ROSTER_COLUMNS])
    path = course.root / "roster.csv"
    write_text(path, out.getvalue())
    return path


def read_export(
    path: Path, *, id_column: str = ""
) -> tuple[tuple[Learner, ...], list[tuple[str, str]]]:
    """The learners of an export, and lines that were passed over with the reason."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CourseError("is too large for a roster", where=path.name)
        text = read_csv_text(path)
    except OSError as error:
        raise CourseError(f"cannot be read: {error.strerror}", where=str(path)) from error
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text))
    try:
        rows = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(f"is not CSV: {error}", where=path.name) from error
    if not rows:
        raise CourseError("is empty", where=path.name)
    places = _places(rows[0], id_column, path.name)
    learners: dict[str, Learner] = {}
    passed: list[tuple[str, str]] = []
    for row in rows[1:]:
        _take_row(row, places, learners, passed)
    if not learners:
        raise CourseError("names no learner", where=path.name,
                          hint="name the column that holds the ids: --id-column")
    return tuple(learners.values()), passed


def _take_row(
    row: Sequence[str], places: dict[str, list[int]], learners: dict[str, Learner],
    passed: list[tuple[str, str]],
) -> None:
    cells = {what: _first(row, where) for what, where in places.items()}
    learner = _learner(cells, [row[at].strip() for at in places["id"] if at < len(row)])
    shown = cells.get("name") or cells.get("email") or ", ".join(cell for cell in row if cell)[:60]
    if _no_person(cells):
        return
    if learner is None:
        passed.append((shown, "has nothing that can be an id"))
    elif learners.setdefault(learner.id.casefold(), learner) != learner:
        passed.append((shown, f"the id {learner.id} stands twice; the first counts"))


def _no_person(cells: dict[str, str]) -> bool:
    """Lines that Canvas adds: the points possible, and the test student."""
    name = cells.get("name", "").strip().casefold()
    return name in ("points possible", "student, test", "test student") or name.startswith(
        "points possible")


def _places(head: Sequence[str], id_column: str, file: str) -> dict[str, list[int]]:
    plain = [_plain(cell) for cell in head]
    places = {
        what: [plain.index(name) for name in names if name in plain]
        for what, names in _HEADS.items()
    }
    if id_column:
        if _plain(id_column) not in plain:
            raise CourseError(f"has no column {id_column!r}", where=file,
                              hint="its columns are: " + ", ".join(head))
        places["id"] = [plain.index(_plain(id_column))]
    elif not places["id"] and not places["email"] and places["lms_id"]:
        # A bare `id` is all there is to name a learner by.
        places["id"] = places["lms_id"]
    if not places["id"] and not places["email"]:
        raise CourseError(
            "has no column that can name a learner", where=file,
            hint="its columns are: " + ", ".join(head) + "\nname one of them: --id-column NAME",
        )
    return places


def _first(row: Sequence[str], where: list[int]) -> str:
    return next((row[at].strip() for at in where if at < len(row) and row[at].strip()), "")


def _learner(cells: dict[str, str], ids: list[str]) -> Learner | None:
    first, last = cells["first_name"], cells["last_name"]
    if not first and not last:
        first, last = split_name(cells["name"])
    candidates = [*ids, cells["email"].partition("@")[0], cells["lms_id"]]
    identity = next((text for candidate in candidates
                     for text in (candidate, candidate.partition("@")[0])
                     if text and "@" not in text and valid_learner_id(text)), "")
    if not identity:
        return None
    email = cells["email"] or next((text for text in ids if "@" in text), "")
    lms_id = cells["lms_id"] if cells["lms_id"] != identity else ""
    return Learner(id=identity, first_name=first, last_name=last, email=email, lms_id=lms_id,
                   section=cells["section"])


def _plain(head: str) -> str:
    import unicodedata

    text = unicodedata.normalize("NFKD", head.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", text.replace("'", "").replace("’", "")).strip()


def merge(current: Sequence[Learner], found: Sequence[Learner]) -> RosterChange:
    """What the export changes: people are matched by id, else by LMS id, else by e-mail."""
    by_id = {learner.id: learner for learner in current}
    by_lms = {learner.lms_id: learner for learner in current if learner.lms_id}
    by_email = {learner.email.casefold(): learner for learner in current if learner.email}
    merged = dict(by_id)
    added: list[Learner] = []
    changed: list[tuple[Learner, Learner]] = []
    seen: set[str] = set()
    for new in found:
        old = by_id.get(new.id) or by_lms.get(new.lms_id) or by_email.get(new.email.casefold())
        if old is None:
            merged[new.id] = new
            added.append(new)
            continue
        seen.add(old.id)
        both = replace(old, **{column: getattr(new, column) or getattr(old, column)
                               for column in ROSTER_COLUMNS if column != "id"})
        if both != old:
            merged[old.id] = both
            changed.append((old, both))
    return RosterChange(
        added=tuple(added), changed=tuple(changed),
        gone=tuple(learner for learner in current if learner.id not in seen),
        unchanged=len(seen) - len(changed), learners=tuple(merged.values()),
    )
