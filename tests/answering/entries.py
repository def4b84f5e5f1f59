"""Journal entries: they move the accounts, and the checker of homework says what it finds."""

from __future__ import annotations

import json
from typing import Any

from answering.parts import Part
from autograders.accounting import parse_journal
from autograders.accounting.carried import authored
from autograders.accounting.names import normal
from kit.lesson.judging import judge

Line = tuple[str, str, str]
"""An account, what is on its debit side, and what on its credit side."""

_SAID = (".cp-body > .cp-said", 0)
_TEXT = (".cp-text", 0)
_SLOW = 90  # seconds until Python is there, on a busy machine
_NO_PYTHON = ("Check this one in the notebook. This page is open as a file, and there a browser "
              "starts no Python.")


def wrong(part: Part, hand: Any) -> None:
    """The author's own mistakes. Then an entry that the page does not hold: the page's Python
    answers, or the page says why it has none."""
    for known, *_ in part.spec["checker"]["mistakes"]:
        _fill(part, hand, _lines(known))
        _check(part, hand)
        _must_be_told(part)
    _fill(part, hand, _strange(part))
    _check(part, hand)
    if part.page.url.startswith("file:"):
        part.expect("open", "not checked", says=[_NO_PYTHON])
    else:
        _must_be_told(part)


def right(part: Part, hand: Any) -> None:
    """The author's entry, as the component carries it for its checker."""
    _fill(part, hand, _lines(part.spec["checker"]["expected"]))
    _check(part, hand)
    part.expect("right", "right")
    _must_be_told(part)
    if part.page.url.startswith("http") and hand.name == "by mouse":
        told = part.ask("window.coursePython.ask({ do: 'judge', data: more[0], text: more[1] })",
                        json.dumps(part.spec["checker"]), _text(part))
        assert told == _verdict(part), "the page's Python says another thing"


def _check(part: Part, hand: Any) -> None:
    """Check it, and wait for the Python of the page or for the kernel where one is asked."""
    hand.press(part, "^Check")
    part.until("!answering.seen(at).kind.endsWith('checking') && !answering.words("
               "answering.find(at, more)).startsWith('Thekernellooks')", *_SAID, seconds=_SLOW)


def _lines(journal: str) -> list[Line]:
    (entry,) = authored(journal)
    return [(one.account, f"{one.amount:f}" if one.side == "debit" else "",
             f"{one.amount:f}" if one.side == "credit" else "") for one in entry.lines]


def _strange(part: Part) -> list[Line]:
    """An entry far from all that an author thought of."""
    names = [one["name"] for one in part.spec["accounts"]][:5]
    return [(name, "" if at % 2 else f"{at + 11}", f"{at + 11}" if at % 2 else "")
            for at, name in enumerate(names)]


def _fill(part: Part, hand: Any, lines: list[Line]) -> None:
    """Write the lines, and empty those that are left of an entry before."""
    names = [normal(one["name"]) for one in part.spec["accounts"]]
    rows = int(part.ask("answering.must(at, more).rows.length", ".cp-entry tbody", 0))
    for at in range(max(rows, len(lines))):
        account, *amounts = lines[at] if at < len(lines) else ("", "", "")
        if at >= rows:
            hand.press(part, "^Add a line")
        row = (".cp-entry tbody tr", at)
        hand.pick(part, names.index(normal(account)) + 1 if account else 0, *row, "select", 0)
        for side, amount in enumerate(amounts):
            if amount != part.value(*row, "input", side):
                hand.write(part, amount, *row, "input", side)
    _must_have_moved(part, lines)


def _must_have_moved(part: Part, lines: list[Line]) -> None:
    """Each amount stands in its account, on its side, and the sums beside one another."""
    for account, *amounts in lines:
        place = next(at for at, one in enumerate(part.spec["accounts"])
                     if normal(one["name"]) == normal(account))
        for side, amount in enumerate(amounts):
            found = part.all_words(f".cp-ts table:nth-of-type({place + 1}) "
                                   f"td:nth-child({side + 1}) .cp-new")
            assert not amount or _plain(amount) in map(_plain, found), f"{account} shows {found}"
    debit, credit = (sum(float(one[side] or 0) for one in lines) for side in (1, 2))
    assert part.words(".cp-balance", 0).startswith(
        "Inbalance" if round(debit - credit, 2) == 0 else "Outofbalance")
    written = parse_journal(_text(part))[0].lines
    assert len(written) == len(lines)


def _plain(amount: str) -> float:
    return float(amount.replace(",", ""))


def _must_be_told(part: Part) -> None:
    told = _verdict(part)
    part.expect(told["state"], "right" if told["state"] == "right" else "not yet",
                exact=[(_SAID, "".join(f"<p>{one}</p>" for one in told["said"]))])


def _verdict(part: Part) -> dict[str, Any]:
    """What the checker of homework says of the text that the component wrote."""
    return dict(json.loads(judge(json.dumps(part.spec["checker"]), _text(part))))


def _text(part: Part) -> str:
    return str(part.ask("answering.must(at, more).textContent", *_TEXT))
