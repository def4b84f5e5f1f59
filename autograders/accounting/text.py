"""A journal as text: `2027-01-05  Dr Cash 500 / Cr Revenue 500`.

An entry begins with its day, or its reference in brackets, or both; each is optional. Its lines
are `Dr account amount` and `Cr account amount`, with `/` between them or each on a line of its
own. Amounts may have thousands separators; what follows `;` is a comment. An account is put in
double quotes where its name would be misread, such as one that ends in a number.

    2027-01-05  Dr Cash 500 / Cr Revenue 500
    2027-01-08 [b]
        Dr Rent expense   1,200.00
        Dr Deposits         300.00  ; back when we leave
        Cr Cash           1,500.00

A line with a day or a reference begins an entry, and so does one after an empty line. Other
lines go on with the entry: indented ones always; those that are not, until it balances, but
a line with both sides never goes on with an entry whose first line has both sides.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterable
from decimal import Decimal

from autograders.accounting.entries import LARGEST, Entry, Line, Side

_MOST_CHARACTERS = 100_000
_MOST_LINES = 2_000
_LONGEST_LINE = 400

_GAPS = ",_'’\u00a0\u202f\u2009"
_AMOUNT = rf"[-−+]?[€$£¥]?\d[\d{_GAPS}]*(?:\.\d+)?[€$£¥]?"
_SIDE = r"(?:dr|cr|debit|credit)\b\.?:?"
_POSTING = re.compile(
    rf'\s*(?P<side>{_SIDE})\s*(?:"(?P<quoted>[^"]*)"|(?P<account>[^"]+?))\s+(?P<amount>{_AMOUNT})'
    rf"\s*(?:$|/\s*|(?={_SIDE}))", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*{_SIDE}(?:\s|$)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=\s|$)")
_REF = re.compile(r"[\[(]\s*([^\[\]()]{1,40}?)\s*[\])]\.?:?(?=\s|$)")
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_GAPS}]\d{{3}})+|\d+")
_SWALLOWED = re.compile(rf"(?:\d\S*\s.*|/\s*)\b{_SIDE}", re.IGNORECASE)
_GROUPED_NAME = re.compile(r".*\s\d{1,3}$")

EXAMPLE = "2027-01-05  Dr Cash 500 / Cr Revenue 500"


class JournalError(ValueError):
    """A text that is no journal. `line` is the number of the line, from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


def parse_journal(text: str) -> tuple[Entry, ...]:
    """The entries of a journal in text form.

    Raises JournalError, a ValueError, naming the line and what was expected there.
    """
    if len(text) > _MOST_CHARACTERS:
        raise JournalError(1, f"the text is longer than {_MOST_CHARACTERS:,} characters.")
    reading = _Reading()
    lines = textwrap.dedent(text.expandtabs(4)).split("\n")
    if len(lines) > _MOST_LINES:
        raise JournalError(_MOST_LINES, f"{_MOST_LINES:,} lines are the most that is read.")
    for number, line in enumerate(lines, start=1):
        reading.line(number, line)
    reading.end()
    return tuple(reading.entries)


class _Reading:
    """The entries that were read, and the one that is being read."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._lines: list[Line] = []
        self._head: tuple[dt.date | None, str, int] | None = None
        self._whole = False  # the first line of the entry has both sides

    def line(self, number: int, text: str) -> None:
        """Read one line of text."""
        content = _without_comment(text)
        if not content.strip():
            # A line with a comment alone is no empty line.
            if not text.strip() and self._lines:
                self.end()
            return
        if len(content) > _LONGEST_LINE:
            raise JournalError(number, f"it is longer than {_LONGEST_LINE} characters.")
        date, ref, rest = _head(number, content.strip())
        postings = _postings(number, rest, headed=bool(date or ref))
        if date or ref or self._begins_anew(postings, indented=content[0].isspace()):
            self.end()
            self._head = (date, ref, number)
            self._whole = _has_both(postings)
        self._lines += postings

    def _begins_anew(self, postings: list[Line], *, indented: bool) -> bool:
        if not self._lines:
            return self._head is None
        whole = _has_both(postings)
        if whole and self._whole and not indented:
            return True  # an entry a line: one whose amounts differ does not swallow the next
        return _complete(self._lines) and (whole or not indented)

    def end(self) -> None:
        """Close the entry that is being read."""
        if self._head is not None:
            date, ref, number = self._head
            if not self._lines:
                raise JournalError(number, "the entry has no lines. Expected `Dr account amount` "
                                   f"and `Cr account amount`, such as `{EXAMPLE}`.")
            try:
                self.entries.append(Entry(lines=tuple(self._lines), date=date, ref=ref))
            except ValueError as error:
                raise JournalError(number, f"{error}.") from None
        self._lines, self._head = [], None


def _has_both(lines: list[Line]) -> bool:
    return {line.side for line in lines} == {"debit", "credit"}


def _without_comment(text: str) -> str:
    """The text before the first `;` that stands in no quotes."""
    quoted = False
    for place, character in enumerate(text):
        if character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            return text[:place]
    return text


def _head(number: int, text: str) -> tuple[dt.date | None, str, str]:
    """The day and the reference at the beginning of a line, in either order, and the rest."""
    date: dt.date | None = None
    ref = ""
    while True:
        dated, named = _DATE.match(text), _REF.match(text)
        if dated and date is None:
            date = _day(number, dated)
            text = text[dated.end():].lstrip()
        elif named and not ref:
            ref = " ".join(named[1].split())
            text = text[named.end():].lstrip()
        else:
            return date, ref, text


def _day(number: int, found: re.Match[str]) -> dt.date:
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise JournalError(number, f"`{found[0]}` is no day of the calendar. A date is written "
                           "year-month-day, such as 2027-01-05.") from None


def _postings(number: int, text: str, *, headed: bool) -> list[Line]:
    found: list[Line] = []
    place = 0
    while place < len(text):
        posting = _POSTING.match(text, place)
        if posting is None:
            raise JournalError(number, _expected(text[place:], begun=headed or bool(found)))
        found.append(_line(number, posting))
        place = posting.end()
    return found


def _line(number: int, posting: re.Match[str]) -> Line:
    side: Side = "debit" if posting["side"][0].lower() == "d" else "credit"
    account = " ".join((posting["quoted"] or posting["account"] or "").split())
    digits = posting["amount"].strip("€$£¥-−+")
    if posting["quoted"] is None and _SWALLOWED.search(account):
        raise JournalError(number, _after_account(account))
    if posting["quoted"] is None and _GROUPED_NAME.match(account) and re.fullmatch(
            r"\d{3}(\.\d+)?", digits):
        raise JournalError(
            number, f"is `{account} {digits}` an amount with a space in it, or an account whose "
            f"name ends in a number? Write amounts without spaces, such as 1,500; put such a "
            f'name in quotes: "{account}" {digits}.')
    try:
        return Line(account=account, side=side, amount=_amount(number, posting["amount"]))
    except ValueError as error:
        if isinstance(error, JournalError):
            raise
        raise JournalError(number, f"{error}.") from None


def _amount(number: int, text: str) -> Decimal:
    found = amount_in(text)
    if found is None:
        raise JournalError(number, f"`{text}` is not an amount. Expected a number such as 1500, "
                           "1,500 or 1,500.25: the point before the cents, and three digits "
                           "after each comma.")
    if abs(found) >= LARGEST:
        raise JournalError(number, "the amount is too large.")
    return found


def amount_in(text: str) -> Decimal | None:
    """The amount that a text such as `1,500.25` or `€500` writes, or None."""
    text = text.strip()
    negative = text[:1] in ("-", "−")
    text = text.lstrip("-−+").strip("€$£¥ ")
    whole, point, cents = text.partition(".")
    if not _GROUPED.fullmatch(whole) or (point and not re.fullmatch(r"[0-9]+", cents)):
        return None
    digits = re.sub(rf"[{_GAPS}]", "", whole)
    if not digits.isascii() or len(digits) + len(cents) > 40:
        return None
    found = Decimal(digits + point + cents)
    return -found if negative else found


def _expected(text: str, *, begun: bool) -> str:
    """What is wrong with a text that is no posting, and what was expected."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    if _BEGINS.match(text):
        word = text.split(maxsplit=1)[0].rstrip(".:")
        return (f"after `{word}`, expected an account and an amount, such as `{word} Cash 500`, "
                f"but found `{shown}`.")
    first = text.split(maxsplit=1)[0]
    if not begun and re.match(r"\d", first):
        return (f"expected a date written year-month-day, such as 2027-01-05, or `Dr` or `Cr`, "
                f"but found `{shown}`.")
    return f"expected `Dr` or `Cr`, but found `{shown}`. A line is written `Dr Cash 500`."


def _after_account(account: str) -> str:
    """What is wrong where an account's name goes on into the next line of the entry."""
    written = next((word for word in account.split() if re.search(r"\d", word)), "")
    if written and amount_in(written) is None:
        return (f"`{written}` is not an amount. Expected a number such as 1500, 1,500 or "
                "1,500.25.")
    return (f"expected `/` or the end of the line after the amount, but found `{account}`. Lines "
            f"of an entry are written `{EXAMPLE}`.")


def _complete(lines: list[Line]) -> bool:
    """Whether lines make an entry: both sides, equal in sum."""
    return (len({line.side for line in lines}) == 2
            and Entry(lines=tuple(lines)).difference == 0)


def format_journal(entries: Iterable[Entry]) -> str:
    """Entries in text form, each ended by a line break; `parse_journal` reads them back equal.

    An entry of two lines stands on one line; a longer one on a line for its head and one for
    each of its lines, with the amounts under each other.
    """
    blocks: list[str] = []
    for entry in entries:
        day = entry.date.isoformat() if entry.date is not None else ""
        head = " ".join(part for part in (day, f"[{entry.ref}]" if entry.ref else "") if part)
        postings = [_posting_words(line) for line in entry.lines]
        if len(postings) <= 2:
            body = " / ".join(f"{name} {amount}" for name, amount in postings)
            blocks.append(f"{head}  {body}" if head else body)
            continue
        names = max(len(name) for name, _ in postings)
        amounts = max(len(amount) for _, amount in postings)
        rows = [f"    {name:<{names}}  {amount:>{amounts}}" for name, amount in postings]
        blocks.append("\n".join([head, *rows] if head else [rows[0].lstrip(), *rows[1:]]))
    # What has no head is told from the entry before it by an empty line.
    text = ""
    for entry, block in zip(entries, blocks, strict=True):
        gap = "\n" if text and not (entry.date or entry.ref) else ""
        text += f"{gap}{block}\n"
    return text


def _posting_words(line: Line) -> tuple[str, str]:
    word = "Dr" if line.side == "debit" else "Cr"
    amount = f"{line.amount:,f}"
    plain = f"{word} {line.account}"
    return (plain if _reads_as(f"{plain} {amount}", line) else f'{word} "{line.account}"'), amount


def _reads_as(text: str, line: Line) -> bool:
    """Whether a posting is read back as this line, with another one before and after it too."""
    try:
        read = _postings(1, f"{text} / {text}", headed=True)
    except JournalError:
        return False
    return ";" not in text and read == [line, line]
