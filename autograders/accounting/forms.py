"""The forms in which a journal may be written down, read as entries.

Text; a table with a row a line (date, account, debit, credit; or account, side, amount) or a
row an entry (date, debit account, credit account, amount); the same rows as tuples or
dictionaries; or a list of entries, each a list of its lines.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograders.accounting.entries import Entry, Line, Side
from autograders.accounting.rows import (
    MOST_ROWS,
    Fields,
    amount_of,
    date_of,
    fields_of,
    is_amount,
    is_blank,
    maybe_date,
    name_of,
    of_entry,
    side_of,
    table_of,
)
from autograders.accounting.text import JournalError, parse_journal
from autograders.outcome import Failure
from autograders.values import items_of, kind_of, mapping_of, show, text_of

_MOST_LINES = 50
_LONGEST_ROW = 5
_DATE_AND_SIDES = 3

HOW = ("Write rows such as (\"2027-01-05\", \"Cash\", \"Revenue\", 500), that is date, debited "
       "account, credited account, amount; or a table with the columns date, account, debit, "
       "credit; or text such as `2027-01-05  Dr Cash 500 / Cr Revenue 500`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A row that is a part of an entry: its lines, and what it tells of the entry."""

    lines: tuple[Line, ...]
    date: dt.date | None
    ref: str


Reading = tuple[Entry, ...]


def readings_of(value: Any, name: str) -> list[Reading]:
    """The entries of a learner's journal: more than one reading where rows do not tell where
    an entry ends. Raises Failure for what is no journal."""
    text = text_of(value)
    if text is not None:
        return [_of_text(text, name)]
    parts = _parts(value, name)
    if not any(isinstance(part, Entry) or part.lines for part in parts):
        raise Failure(f"`{name}` has no entries yet.", tag="unanswered")
    return _readings(parts)


def entries_of(value: Any, name: str = "journal") -> Reading:
    """The entries of a journal in any form, in its first reading. Raises Failure."""
    return readings_of(value, name)[0]


def _of_text(text: str, name: str) -> Reading:
    try:
        found = parse_journal(text)
    except JournalError as error:
        raise Failure(f"`{name}`, {error}", tag="journal-text") from None
    if not found:
        raise Failure(f"`{name}` has no entries yet.", tag="unanswered")
    return found


# ------------------------------------------------------------------------ rows of any form


def _parts(value: Any, name: str) -> list[Entry | Loose]:
    rows = table_of(value)
    if rows is not None:
        _demand_columns(rows, name)
        return [part for place, row in enumerate(rows, start=1)
                if (part := _part(row, f"row {place} of `{name}`")) is not None]
    one = of_entry(value) or fields_of(value)
    if one is not None and len(one) > 1:
        part = _part(one, f"`{name}`")
        return [part] if part is not None else []
    named = mapping_of(value, most=MOST_ROWS) if issubclass(type(value), dict) else None
    if named is not None:
        return [part for key, row in named.items()
                for part in _with_ref(_item(row, f"`{name}[{show(key)}]`"), key)]
    items = items_of(value, most=MOST_ROWS)
    if items is None:
        raise Failure(f"`{name}` should be a journal, but it is {kind_of(value)}. {HOW}",
                      tag="type")
    if issubclass(type(value), tuple | list) and _is_row(items):
        return _item(value, f"`{name}`")
    return [part for place, item in enumerate(items, start=1)
            for part in _item(item, f"row {place} of `{name}`")]


def _demand_columns(rows: list[Fields], name: str) -> None:
    fields = {field for row in rows for field in row}
    if rows and not ({"account", "debit", "credit"} <= fields
                     or {"account", "side", "amount"} <= fields
                     or {"debit", "credit", "amount"} <= fields):
        had = ", ".join(sorted(fields)) or "none of them"
        raise Failure(f"`{name}` needs the columns date, account, debit and credit (or account, "
                      f"side and amount); of these it has: {had}.", tag="columns")


def _with_ref(parts: list[Entry | Loose], key: Any) -> list[Entry | Loose]:
    """Parts of a dictionary's entry take its key for their reference."""
    ref = _ref(key)
    if not ref:
        return parts
    lines = tuple(line for part in parts for line in part.lines)
    date = next((part.date for part in parts if part.date is not None), None)
    return [Entry(lines=lines, date=date, ref=ref)] if lines else []


def _item(value: Any, where: str) -> list[Entry | Loose]:
    """What one item of a list holds: a row, or an entry as a list of its rows."""
    fields = of_entry(value) or fields_of(value)
    if fields is None:
        text = text_of(value)
        if text is not None:
            return list(_of_text(text, where.strip("`")))
        items = items_of(value, most=MOST_ROWS) if issubclass(type(value), tuple | list) else None
        if not items:
            raise Failure(f"{where} should be an entry, but it is {kind_of(value)}. {HOW}",
                          tag="type")
        if not _is_row(items):
            return _entry(items, where)
        fields = _fields_of_row(items, where)
    part = _part(fields, where)
    return [part] if part is not None else []


def _is_row(items: list[Any]) -> bool:
    """Whether these are the cells of a row, rather than rows, perhaps after a date: some cell is
    text or a number."""
    if len(items) > 1 and maybe_date(items[0]) is not None and all(
            issubclass(type(item), tuple | list | dict) for item in items[1:]):
        return len(items) == _DATE_AND_SIDES and all(
            issubclass(type(item), dict) and fields_of(item) is None for item in items[1:])
    return bool(items) and len(items) <= _LONGEST_ROW and any(
        is_amount(item) or _is_word(item) for item in items)


def _is_word(value: Any) -> bool:
    """Whether a cell is text that is no entry in text form."""
    text = text_of(value)
    return text is not None and not ("\n" in text or " Dr " in f" {text[:40]}")


def _entry(items: list[Any], where: str) -> list[Entry | Loose]:
    """An entry as a list of its lines, perhaps after its date."""
    if len(items) > _MOST_LINES:
        raise Failure(f"{where} has {len(items):,} lines; {_MOST_LINES} is the most that is read.",
                      tag="too-large")
    lines: list[Line] = []
    date: dt.date | None = None
    ref = ""
    for place, item in enumerate(items, start=1):
        if maybe_date(item) is not None:
            date = maybe_date(item)
            continue
        for part in _line_rows(item, f"{where}, line {place}"):
            lines += part.lines
            date, ref = date or part.date, ref or part.ref
    return [Entry(lines=tuple(lines), date=date, ref=ref)] if lines else []


def _line_rows(value: Any, where: str) -> list[Entry | Loose]:
    items = items_of(value, most=MOST_ROWS) if issubclass(type(value), tuple | list) else None
    if items is not None and not _is_row(items):
        rows = [items_of(item) if issubclass(type(item), tuple | list) else None
                for item in items]
        if not items or any(row is None or not _is_row(row) for row in rows):
            raise Failure(f"{where} should be a line of an entry. {HOW}", tag="type")
        return [part for row in rows if row is not None
                if (part := _part(_fields_of_row(row, where), where)) is not None]
    return _item(value, where)


def _fields_of_row(cells: list[Any], where: str) -> Fields:
    """The cells of a tuple by field: what they are tells which they are."""
    fields: Fields = {}
    while len(cells) > 3:
        first, cells = cells[0], cells[1:]
        if maybe_date(first) is not None or is_blank(first) or _is_like_date(first):
            fields["date"] = first
        else:
            fields["ref"] = first
    if len(cells) == 3 and all(issubclass(type(cell), dict) for cell in cells[1:]):
        return {**fields, "date": cells[0], "debit": cells[1], "credit": cells[2]}
    if len(cells) < 3:
        raise Failure(f"{where} has too few values to be an entry. {HOW}", tag="columns")
    account, second, third = cells
    for name, side, amount in ((account, second, third), (second, account, third),
                               (account, third, second)):
        if side_of(side) is not None and is_amount(amount) and text_of(name) is not None:
            return {**fields, "account": name, "side": side, "amount": amount}
    if text_of(second) is not None and not is_amount(second) and not is_blank(second):
        return {**fields, "debit": account, "credit": second, "amount": third}
    return {**fields, "account": account, "debit": second, "credit": third}


def _is_like_date(value: Any) -> bool:
    """Whether a text is a date in another form, such as 05/01/2027, which is told as one."""
    text = text_of(value)
    return text is not None and re.fullmatch(
        r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?", text[:20].strip()) is not None


def _part(fields: Fields, where: str) -> Entry | Loose | None:
    """A row by its fields: an entry, a part of one, or None where it is blank."""
    if all(is_blank(value) for value in fields.values()):
        return None
    date = date_of(fields.get("date"), where)
    ref = _ref(fields.get("ref"))
    if "lines" in fields:
        items = items_of(fields["lines"], most=MOST_ROWS)
        if items is None:
            raise Failure(f"{where}: the lines should be a list. {HOW}", tag="type")
        lines = tuple(line for part in _entry(items, where) for line in part.lines)
        return Entry(lines=lines, date=date, ref=ref) if lines else None
    if not is_blank(fields.get("account")):
        return Loose(lines=_account_lines(fields, where), date=date, ref=ref)
    lines = (*_side_lines(fields, "debit", where), *_side_lines(fields, "credit", where))
    return Entry(lines=lines, date=date, ref=ref) if lines else None


def _account_lines(fields: Fields, where: str) -> tuple[Line, ...]:
    """The line (or lines) of a row that names one account."""
    account = name_of(fields["account"], where)
    if "debit" in fields or "credit" in fields:
        return _lines(account, fields.get("debit"), fields.get("credit"), where)
    side = side_of(fields.get("side"))
    if side is None:
        raise Failure(f"{where}: the side should be \"debit\" or \"credit\", but it is "
                      f"{show(fields.get('side'), width=30)}.", tag="side")
    amount = amount_of(fields.get("amount"), where)
    return (Line(account=account, side=side, amount=amount),) if amount else ()


def _lines(account: str, debit: Any, credit: Any, where: str) -> tuple[Line, ...]:
    sides: tuple[tuple[Side, Any], ...] = (("debit", debit), ("credit", credit))
    amounts = [(side, amount_of(value, where)) for side, value in sides]
    return tuple(Line(account=account, side=side, amount=amount) for side, amount in amounts
                 if amount)


def _side_lines(fields: Fields, side: Side, where: str) -> tuple[Line, ...]:
    """The lines of one side: an account with the entry's amount, or accounts with their own."""
    value = fields.get(side)
    accounts = mapping_of(value, most=_MOST_LINES) if issubclass(type(value), dict) else None
    if accounts is None and not is_blank(value):
        amount = amount_of(fields.get("amount"), where)
        accounts = {name_of(value, f"{where}, {side}"): amount}
    lines: list[Line] = []
    for name, cell in (accounts or {}).items():
        found = amount_of(cell, where)
        if found:
            lines.append(Line(account=name_of(name, where), side=side, amount=found))
    return tuple(lines)


def _ref(value: Any) -> str:
    """What a learner calls an entry; nothing where it is no short word."""
    text = str(int(value)) if type(value) is int and value.bit_length() < 60 else (
        None if is_blank(value) else text_of(value))
    if type(value) is float and value.is_integer() and abs(value) < 1e9:
        text = str(int(value))  # a column with gaps turns 1 into 1.0
    if text is None:
        return ""
    text = " ".join(text[:60].strip("()[]. \n").split())
    return "" if not text.isprintable() or set(text) & set('[]();"') else text[:40].strip()


# ------------------------------------------------------------------ where an entry ends


def _readings(parts: list[Entry | Loose]) -> list[Reading]:
    """The readings of rows. With references of entries there is one: rows of one reference belong
    together. Without, an entry ends where it balances, or with the day, or where a debit
    follows a credit: whichever reading suits the learner best counts."""
    refs = [part.ref for part in parts if isinstance(part, Loose)]
    if any(refs) and (len(set(refs)) < len(refs) or len(refs) == 1):
        return [_by_ref(parts)]
    # References that differ in every row number the rows.
    found: list[Reading] = []
    for ends in (_balances, _never, _turns):
        reading = _grouped(parts, ends)
        if reading not in found:
            found.append(reading)
    return found


def _by_ref(parts: list[Entry | Loose]) -> Reading:
    groups: dict[str, list[Loose]] = {}
    entries: list[Entry] = []
    last = ""
    for part in parts:
        if isinstance(part, Entry):
            entries.append(part)
        else:
            last = part.ref or last
            groups.setdefault(last, []).append(part)
    return (*entries, *(entry for ref, group in groups.items()
                        if (entry := _joined(group, ref)) is not None))


Ends = Callable[[list[Line], tuple[Line, ...]], bool]


def _balances(before: list[Line], _after: tuple[Line, ...]) -> bool:
    return len({line.side for line in before}) > 1 and Entry(lines=tuple(before)).difference == 0


def _never(_before: list[Line], _after: tuple[Line, ...]) -> bool:
    return False


def _turns(before: list[Line], after: tuple[Line, ...]) -> bool:
    return bool(before and after) and before[-1].side == "credit" and after[0].side == "debit"


def _grouped(parts: list[Entry | Loose], ends: Ends) -> Reading:
    entries: list[Entry] = []
    group: list[Loose] = []
    lines: list[Line] = []
    day: dt.date | None = None

    def close() -> None:
        nonlocal group, lines
        entry = _joined(group, "", day)
        if entry is not None:
            entries.append(entry)
        group, lines = [], []

    for part in parts:
        if isinstance(part, Entry):
            close()
            entries.append(part)
            continue
        if (part.date is not None and day is not None and part.date != day) or (
                len(lines) >= _MOST_LINES or ends(lines, part.lines)):
            close()
        day = part.date or day
        group.append(part)
        lines += part.lines
    close()
    return tuple(entries)


def _joined(group: list[Loose], ref: str, day: dt.date | None = None) -> Entry | None:
    lines = tuple(line for row in group for line in row.lines)
    date = next((row.date for row in group if row.date is not None), day)
    return Entry(lines=lines, date=date, ref=ref) if lines else None
