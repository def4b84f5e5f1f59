"""What a learner's table or list holds, as rows of named fields. None of their code is run."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from autograders.accounting.entries import LARGEST, SIDES, Entry, Line, Side
from autograders.accounting.text import amount_in
from autograders.outcome import Failure
from autograders.values import items_of, kind_of, loaded, mapping_of, number_of, show, text_of

MOST_ROWS = 5_000
_MOST_COLUMNS = 50

Fields = dict[str, Any]

_COLUMNS = {
    "date": ("date", "day", "when", "entry date", "posting date"),
    "ref": ("entry", "ref", "reference", "no", "number", "nr", "id", "entry no", "#",
            "journal entry"),
    "account": ("account", "accounts", "account name", "account title", "line", "item"),
    "side": ("side", "dr/cr", "debit/credit", "d/c", "dc", "drcr", "debit or credit"),
    "debit": ("debit", "debits", "dr", "dr.", "debit account", "account debited"),
    "credit": ("credit", "credits", "cr", "cr.", "credit account", "account credited"),
    "amount": ("amount", "amounts", "value", "sum"),
    "balance": ("balance", "balances"),
    "lines": ("lines", "postings"),
    "section": ("section", "activity", "kind"),
}
_FIELDS = {word: field for field, words in _COLUMNS.items() for word in words}
_SIDES: dict[str, Side] = {
    "debit": "debit", "dr": "debit", "d": "debit", "debits": "debit",
    "credit": "credit", "cr": "credit", "c": "credit", "credits": "credit",
}
_MOST_BITS = 200
_BLANK = {"", "-", "–", "—", "nan", "none"}


def field_of(name: Any) -> str | None:
    """The field that a column's or a key's name stands for, or None."""
    text = text_of(name)
    return _FIELDS.get(" ".join(text[:60].replace("_", " ").casefold().split())) if text else None


# ----------------------------------------------------------------------------- tables


def table_of(value: Any) -> list[Fields] | None:
    """The rows of a table (pandas or polars) by field, or None for what is no table.

    A dictionary of columns counts as one. Columns of other names are left out.
    """
    columns = frame_of(value)
    if columns is None:
        columns = _dict_columns(value)
    if columns is None:
        return None
    named = [(field, column) for name, column in columns if (field := field_of(name)) is not None]
    size = max((len(column) for _, column in columns), default=0)
    return [{field: column[place] for field, column in reversed(named) if place < len(column)}
            for place in range(size)]


def frame_of(value: Any) -> list[tuple[Any, list[Any]]] | None:
    """The columns of a table, by name, with a named index first. None for what is no table."""
    pandas, polars = loaded("pandas"), loaded("polars")
    if pandas is not None and type(value) is pandas.DataFrame:
        # A name that is set on the table itself may hide a method: the class's own are called.
        _bounded(pandas.DataFrame.__len__(value))
        names = pandas.Index.tolist(pandas.DataFrame.keys(value))[:_MOST_COLUMNS]
        columns = [(name, pandas.Series.tolist(value.iloc[:, place]))
                   for place, name in enumerate(names)]
        named = _is_text(value.index.name)
        return [(value.index.name, pandas.Index.tolist(value.index)), *columns] if named else (
            columns)
    if polars is not None and type(value) is polars.DataFrame:
        _bounded(polars.DataFrame.__len__(value))
        return [(column.name, polars.Series.to_list(column))
                for column in polars.DataFrame.get_columns(value)[:_MOST_COLUMNS]]
    return None


def _dict_columns(value: Any) -> list[tuple[Any, list[Any]]] | None:
    """A dictionary whose keys are all names of fields and whose values are lists."""
    entries = mapping_of(value, most=MOST_ROWS) if issubclass(type(value), dict) else None
    if not entries or len(entries) > 20 or not any(
            field_of(name) in ("account", "amount") for name in entries):
        return None
    columns: list[tuple[Any, list[Any]]] = []
    for name, column in entries.items():
        items = items_of(column, most=MOST_ROWS)
        if items is None or (mapping_of(column) is not None and not _is_series(column)):
            return None
        columns.append((name, items))
    return columns


def _is_series(value: Any) -> bool:
    pandas = loaded("pandas")
    return pandas is not None and type(value) is pandas.Series


def _is_text(value: Any) -> bool:
    return text_of(value) is not None


def _bounded(size: int) -> None:
    if size > MOST_ROWS:
        raise Failure(f"It has {size:,} rows; {MOST_ROWS:,} is the most that is read.",
                      tag="too-large")


def fields_of(value: Any) -> Fields | None:
    """The fields of a dictionary that is one row, or None. Keys of other names are left out."""
    entries = mapping_of(value, most=MOST_ROWS) if issubclass(type(value), dict) else None
    if entries is None:
        return None
    found = {field: entry for key, entry in entries.items()
             if (field := field_of(key)) is not None}
    return found or None


def of_entry(value: Any) -> Fields | None:
    """The fields of an Entry or a Line, read past whatever a learner made of it; or None."""
    if type(value) is Entry:
        return {name: _slot(Entry, name, value) for name in ("date", "ref", "lines")}
    if type(value) is Line:
        return {name: _slot(Line, name, value) for name in ("account", "side", "amount")}
    return None


def _slot(kind: type, name: str, value: Any) -> Any:
    try:
        return vars(kind)[name].__get__(value)
    except AttributeError:  # a field that was never set
        return None


# ------------------------------------------------------------------------------ cells


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, pandas' NA, an empty text or a dash."""
    if value is None or value is ...:
        return True
    text = text_of(value)
    if text is not None:
        return len(text) < 20 and text.strip().casefold() in _BLANK
    kind = type(value)
    pandas = loaded("pandas")
    if pandas is not None and (kind is type(pandas.NA) or kind is type(pandas.NaT)):
        return True
    number = number_of(value)
    return (type(number) is float and math.isnan(number)) or (
        type(number) is Decimal and number.is_nan())


def amount_of(value: Any, where: str) -> Decimal | None:
    """A cell as an amount; None where it is blank. Raises Failure for what is no amount."""
    if is_blank(value):
        return None
    text = text_of(value)
    if text is not None:
        found = amount_in(text) if len(text) < 60 else None
        if found is None:
            raise Failure(f"{where}: {show(text, width=30)} is not an amount. Write a number, "
                          "such as 1500.", tag="amount-text")
    else:
        number = number_of(value)
        if number is None:
            raise Failure(f"{where}: the amount should be a number, but it is "
                          f"{kind_of(value)}.", tag="type")
        found = exact(number)
    if found is None or abs(found) >= LARGEST:
        raise Failure(f"{where}: the amount is too large.", tag="too-large")
    return found


def exact(number: int | float | Decimal | Fraction) -> Decimal | None:
    """A number as a Decimal: a float as its shortest writing. None for what is too large."""
    if isinstance(number, int):
        return Decimal(number) if number.bit_length() < 60 else None
    if isinstance(number, Fraction):
        above, below = number.numerator, number.denominator
        if type(above) is not int or type(below) is not int or not below:
            return None
        if above.bit_length() > _MOST_BITS or below.bit_length() > _MOST_BITS:
            return None
        return Decimal(above) / Decimal(below)
    found = number if isinstance(number, Decimal) else Decimal(repr(number))
    if not found.is_finite() or found.adjusted() > 20:
        return None
    return found if found.adjusted() > -30 else Decimal(0)


def name_of(value: Any, where: str) -> str:
    """A cell as the name of an account. Raises Failure for what is no text of one line."""
    text = text_of(value)
    if text is None and type(value) is int and 0 < value.bit_length() < 40:
        return str(int(value))  # accounts by number
    if text is None:
        raise Failure(f"{where}: the account should be its name as text, but it is "
                      f"{kind_of(value)}.", tag="type")
    name = " ".join(text[:200].split()).replace('"', "'")
    if not name or len(name) > 100 or not name.isprintable():
        raise Failure(f"{where}: {show(text, width=30)} is not the name of an account.",
                      tag="account-name")
    return name


def side_of(value: Any) -> Side | None:
    """The side that a text names, or None."""
    text = text_of(value)
    return _SIDES.get(text[:20].strip(" .:").casefold()) if text is not None else None


def date_of(value: Any, where: str) -> dt.date | None:
    """A cell as a day; None where it is blank. Raises Failure for what is no day."""
    found = None if is_blank(value) else maybe_date(value)
    if found is None and not is_blank(value):
        raise Failure(f"{where}: {show(value, width=30)} is not a date. Write year-month-day, "
                      "such as 2027-01-05.", tag="date")
    return found


def maybe_date(value: Any) -> dt.date | None:
    """A day, of a date, a time stamp, or a text such as `2027-01-05`; or None."""
    kind = type(value)
    if issubclass(kind, dt.date):
        base = dt.date
        try:
            return base(*(vars(base)[part].__get__(value) for part in ("year", "month", "day")))
        except (ValueError, TypeError):
            return None
    numpy = loaded("numpy")
    if numpy is not None and kind is numpy.datetime64:
        item = numpy.generic.item(value)
        return maybe_date(item) if isinstance(item, dt.date) else None
    text = text_of(value)
    if text is None:
        return None
    parts = text[:40].strip().split("T")[0].split(" ")[0].split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    try:
        return dt.date(*map(int, parts))
    except (ValueError, OverflowError):
        return None


def is_amount(value: Any) -> bool:
    """Whether a cell can be read as an amount."""
    text = text_of(value)
    return amount_in(text) is not None if text is not None and len(text) < 60 else (
        number_of(value) is not None)


def opposite(side: Side) -> Side:
    """The other side."""
    return SIDES[1 - SIDES.index(side)]


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """`1 entry`, `2 entries`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def listed(words: Iterable[str], *, most: int = 3) -> str:
    """The first few of some names, in backquotes, and how many more there are."""
    names = [f"`{word}`" for word in words]
    more = [f"{len(names) - most} more"] if len(names) > most else []
    shown = names[:most] + more
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

