"""The books of Kestrel Street Cycles: read the journal, post it, show it.

A journal is a list of entries: dictionaries with the keys entry, date, event, debit, credit
and amount. A balance is positive on the debit side.
"""

from __future__ import annotations

import csv
import html
from numbers import Real
from pathlib import Path

KINDS = {
    "Cash": "asset",
    "Accounts receivable": "asset",
    "Equipment": "asset",
    "Accounts payable": "liability",
    "Loan": "liability",
    "Owner's capital": "equity",
    "Owner's drawings": "equity",
    "Repair revenue": "revenue",
    "Rent expense": "expense",
    "Parts expense": "expense",
    "Wages expense": "expense",
}
DATA = Path("..") / "data"


def journal(month=None):
    """The entries of `ledger.csv`: all of them, or those of one month ("01", "02")."""
    with (DATA / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = [dict(row, amount=int(row["amount"])) for row in csv.DictReader(file)]
    return [row for row in rows if month in (None, row["date"][5:7])]


def filing(name):
    """Lines of a filed report: {line: millions of dollars}."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["line"]: int(row["usd_millions"]) for row in csv.DictReader(file)}


def balances(entries):
    """Balance of every account: debits less credits."""
    result = dict.fromkeys(KINDS, 0)
    for entry in entries:
        result[entry["debit"]] += entry["amount"]
        result[entry["credit"]] -= entry["amount"]
    return result


def total(entries, kind):
    """What the accounts of one kind hold together, with the sign a reader expects."""
    side = 1 if kind in ("asset", "expense") else -1
    return side * sum(b for a, b in balances(entries).items() if KINDS[a] == kind)


def profit(entries):
    """Revenue less expenses."""
    return total(entries, "revenue") - total(entries, "expense")


def trial_balance(entries):
    """Rows (account, debit, credit) of the accounts that hold something."""
    return [
        (account, max(balance, 0), max(-balance, 0))
        for account, balance in balances(entries).items()
        if balance
    ]


def money(amount):
    """1500 as 1,500; a true minus sign."""
    return f"{amount:,}".replace("-", "\N{MINUS SIGN}")


def table(rows, head=None, totals=()):
    """An HTML table; numbers stand right; `totals` are the rows with a line above."""
    lines = []
    if head:
        cells = "".join(
            f'<th scope="col"{" class=n" if i else ""}>{name}</th>' for i, name in enumerate(head)
        )
        lines.append(f"<thead><tr>{cells}</tr></thead>")
    lines.append("<tbody>")
    for place, (label, *values) in enumerate(rows):
        mark = ' class="total"' if place in totals else ""
        cells = "".join(
            f'<td class="n">{money(v) if isinstance(v, int) else v}</td>' for v in values
        )
        lines.append(f'<tr{mark}><th scope="row">{label}</th>{cells}</tr>')
    return '<div class="kp-scroll"><table>' + "".join(lines) + "</tbody></table></div>"


def entry_table(debit, credit, amount):
    """A journal entry as it is written: the debit first, the credit set in."""
    return (
        '<table><thead><tr><th scope="col">Account</th><th scope="col" class="n">Debit</th>'
        '<th scope="col" class="n">Credit</th></tr></thead><tbody>'
        f'<tr><th scope="row">{html.escape(debit)}</th><td class="n">{money(amount)}</td>'
        f'<td class="n"></td></tr><tr><th scope="row" class="in">{html.escape(credit)}</th>'
        f'<td class="n"></td><td class="n">{money(amount)}</td></tr></tbody></table>'
    )


def t_account(name, left, right, new=None):
    """One T-account; `new` is the side ("left" or "right") whose last amount is marked."""

    def column(amounts, side):
        lines = [money(a) for a in amounts]
        if lines and side == new:
            lines[-1] = f'<b style="color:var(--kp-s1)">{lines[-1]} new</b>'
        line = "border-right:2px solid var(--kp-ink);" if side == "left" else ""
        return (
            f'<div style="{line}padding:.2rem .6rem;text-align:right;min-height:2.4rem;'
            f'font-variant-numeric:tabular-nums">{"<br>".join(lines)}</div>'
        )

    return (
        f'<div style="min-width:10.5rem" role="group" aria-label="Account {html.escape(name)}">'
        '<div style="text-align:center;font-weight:650;'
        f'border-bottom:2px solid var(--kp-ink);padding-bottom:.15rem">{html.escape(name)}</div>'
        '<div style="display:grid;grid-template-columns:1fr 1fr;font-size:.9rem">'
        f"{column(left, 'left')}{column(right, 'right')}</div></div>"
    )


def t_row(*accounts):
    """T-accounts beside each other; below each other on a phone."""
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:1rem 1.6rem;margin:.6rem 0">'
        + "".join(accounts)
        + "</div>"
    )


# Exercises at the end of the lessons. Try them before you read on: here are the answers, and
# what each well-known slip leads to.
STALL = {
    "profit": (
        450,
        {
            510: "that is what came in less the fee. And the 240, and the helper's 300?",
            210: "you left out what will be paid next week. Is the work done?",
            370: "you took off the sign. Will it be gone on Monday?",
            750: "you left out the helper. Was the help used, paid or not?",
            650: "you counted the owner's 200. Who bought something with it?",
            630: "that is the cash in the box. What of it was earned, and what is missing?",
        },
    ),
    "cash_in_box": (
        630,
        {
            870: "you counted the 240 that will come next week.",
            330: "you paid the helper, who gets the money on Monday.",
            430: "you left out the 200 that were put in first.",
            710: "you left out the sign.",
            450: "that is the profit. Start from the box: what went in, what came out?",
        },
    ),
}
DOUBLED = {
    "columns_apart": (
        0,
        {
            3900: "the amount is posted twice, but on how many sides?",
            7800: "you added both sides. Did one column get more than the other?",
        },
    ),
    "profit_february": (
        6500,
        {
            2600: "that is the true one. What does the second entry do to revenue?",
            -1300: "you took it off. Which side does revenue grow on?",
            10400: "you added the repairs twice more. How often were they doubled?",
        },
    ),
}


def check_all(exercise, **given):
    """Print for each number of an exercise what is right about it, or what was done."""
    for name, (right, known) in exercise.items():
        print(f"{name}: {check(given[name], right, known)}")  # noqa: T201 (a notebook)


def prove(exercise, **answers):
    """Test the checker itself: right answers pass; blanks and each known slip do not."""
    for name, (right, known) in exercise.items():
        if right != answers[name] or right in known:
            raise AssertionError(name)
        for value, start in ((right, "Yes"), (float(right), "Yes"), (None, "No number")):
            if not check(value, right, known).startswith(start):
                raise AssertionError(f"{name}: {value}")
        for wrong, words in known.items():
            if check(wrong, right, known) != f"{money(wrong)}: {words}":
                raise AssertionError(f"{name}: {wrong}")
        if "is not it" not in check(right + 1, right, known):
            raise AssertionError(f"{name}: an unknown value passes")


def check(given, right, known):
    """Say what a number got right, or what was done to get it. `known`: {wrong: what to say}."""
    if given is None or isinstance(given, bool) or not isinstance(given, Real):
        return "No number yet: replace None by a figure, then run."
    if abs(given - right) < 0.5:
        return f"Yes, {money(round(given))}."
    for wrong, words in known.items():
        if abs(given - wrong) < 0.5:
            return f"{money(round(given))}: {words}"
    return f"{money(round(given))} is not it. Go through the events one at a time: which count?"
