"""Moments as LMSs, file names and nbgrader write them; Moodle's grading worksheet.

What cannot be told is None: a time of submission is never guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from kit.errors import CollectError

_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari",
    "february feb februar février fevrier févr fevr febrero febbraio fevereiro fev februari",
    "march mar märz maerz mrz mars marzo março marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro desember",
)
_MONTH = {name: number for number, line in enumerate(_MONTHS, 1) for name in line.split()}

_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])[T _.\-]+"
    r"([01]\d|2[0-3])[-:._h]?([0-5]\d)(?:[-:._m]?([0-5]\d))?(?:[.,]\d+)?(Z|UTC)?(?!\d)"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d\d)(?::(\d\d))?\s*([ap]\.?\s?m\.?)?(?![\d:])", re.I)
_WORDS = re.compile(r"[^\W\d_]+")

def from_name(name: str, zone: tzinfo) -> datetime | None:
    """The first stamp with date and time in a name, in the course's zone unless it says UTC.

    The first, because an LMS puts its own before the name that the learner chose.
    """
    found = _STAMP.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute),
                        int(second or 0), tzinfo=UTC if utc else zone)
    except ValueError:
        return None


def parse_moment(text: str, zone: tzinfo) -> datetime | None:
    """A moment that a person or an LMS wrote; None when it cannot be told for sure.

    ISO 8601, or a day, a month by name (English, German, French, Spanish, Italian, Portuguese,
    Dutch), a year and a clock. A date in figures is taken only when it has one reading.
    """
    text = " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())
    if _ISO.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+"))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    date = _date(text[: clock.start()] + " " + text[clock.end() :])
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock[4][0] in "pP" else 0)
    if date is None:
        return None
    try:
        return datetime(*date, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _date(text: str) -> tuple[int, int, int] | None:
    figures = [int(figure) for figure in re.findall(r"\d+", text)]
    months = {_MONTH[word] for word in _WORDS.findall(text.casefold()) if word in _MONTH}
    years = [figure for figure in figures if figure >= 1000]
    small = [figure for figure in figures if figure < 100]
    if len(years) != 1:
        return None
    if len(months) == 1 and len(small) == 1:
        return years[0], months.pop(), small[0]
    if months or len(small) != 2:
        return None
    if figures[0] == years[0]:
        return years[0], small[0], small[1]
    day_first = small[1] <= 12
    month_first = small[0] <= 12
    if day_first and month_first and small[0] != small[1]:
        return None
    return (years[0], small[1], small[0]) if day_first else (years[0], small[0], small[1])


# ------------------------------------------------------------------------------ worksheets


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetRow:
    """One learner in Moodle's grading worksheet, or in a table of times of one's own."""

    keys: tuple[str, ...]
    name: str = ""
    moment: datetime | None = None
    text: str = ""


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("identifier", "bezeichner", "identifiant", "identificador", "identificatore",
               "id. bewertung", "id"),
    "name": ("full name", "vollständiger name", "nom complet", "nombre completo", "nome completo",
             "name", "student", "student name"),
    "id": ("id number", "idnumber", "learner", "student id", "username", "matrikelnummer",
           "id-nummer", "numéro d'identification", "número de id", "login", "sis login id"),
    "email": ("email address", "email", "e-mail", "e-mail-adresse", "adresse de courriel",
              "dirección de correo", "indirizzo email"),
    "time": ("last modified (submission)", "zuletzt geändert (abgabe)",
             "dernière modification (travail remis)", "dernière modification (remise)",
             "última modificación (entrega)", "ultima modifica (consegna)",
             "submitted at", "submitted_at", "submission time", "received at", "received_at",
             "time", "timestamp", "submission date"),
}


def worksheet(data: bytes, zone: tzinfo) -> tuple[WorksheetRow, ...]:
    """The rows of a table that says when learners handed in; empty when it is no such table."""
    rows = table(data)
    if not rows:
        return ()
    heads = [head.strip().casefold() for head in rows[0]]
    place = {
        what: next((heads.index(title) for title in titles if title in heads), None)
        for what, titles in _COLUMNS.items()
    }
    if place["time"] is None:
        return ()
    found = []
    for row in rows[1:]:
        cell = {what: row[at].strip() if at is not None and at < len(row) else ""
                for what, at in place.items()}
        number = re.sub(r"\D", "", cell["number"]) if place["number"] is not None else ""
        keys = tuple(key for key in (f"participant:{number}" if number else "", cell["id"],
                                     cell["email"], cell["number"]) if key)
        moment = parse_moment(cell["time"], zone)
        if keys or cell["name"]:
            found.append(WorksheetRow(keys=keys, name=cell["name"], moment=moment,
                                      text=cell["time"]))
    return tuple(found)


def table(data: bytes) -> list[list[str]]:
    """Rows of a CSV with any of the usual delimiters; a byte order mark and UTF-16 are read."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
                if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CollectError(f"is not a table that can be read: {error}") from error
