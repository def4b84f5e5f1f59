"""The books of Kestrel Street Cycles: read the journal, post it, show it.

A journal is a list of entries: dictionaries with the keys entry, date, event, debit, credit
and amount. A balance is positive on the debit side.
"""

from __future__ import annotations

import csv
from html import escape
from pathlib import Path

from IPython.display import HTML

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


# What was recorded


def journal(month=None):
    """The entries of `ledger.csv`: all of them, or those of one month ("01", "02")."""
    with (DATA / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = [dict(row, amount=int(row["amount"])) for row in csv.DictReader(file)]
    return [row for row in rows if month in (None, row["date"][5:7])]


def filing(name):
    """Lines of a report in `data`: {line: millions of dollars}."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["line"]: int(row["usd_millions"]) for row in csv.DictReader(file)}


# What follows from it


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


def bottom_lines(entries):
    """Four lines that an event may change."""
    return {
        "Profit": profit(entries),
        "Owner's equity": total(entries, "equity") + profit(entries),
        "Total assets": total(entries, "asset"),
        "Cash": balances(entries)["Cash"],
    }


def cash_flows(entries):
    """Cash by what it was for: daily business, things that last, those who finance the shop."""
    flows = {"Operating": 0, "Investing": 0, "Financing": 0}
    for entry in entries:
        sign = {"debit": 1, "credit": -1}
        for side in sign:
            if entry[side] == "Cash":
                other = entry["credit" if side == "debit" else "debit"]
                flows[_part(other)] += sign[side] * entry["amount"]
    return flows


def _part(account):
    if account == "Equipment":
        return "Investing"
    return "Financing" if account == "Loan" or KINDS[account] == "equity" else "Operating"


def has_and_from(entries):
    """What the shop has, and where it came from: two columns of one height, for `bars`."""
    b = balances(entries)
    has = {"cash": b["Cash"], "owed": b["Accounts receivable"], "tools": b["Equipment"]}
    came = {
        "liabilities": total(entries, "liability"),
        "equity": total(entries, "equity") + profit(entries),
    }
    if has["cash"] < 0:  # overdrawn: the bank has lent that too
        came["liabilities"] -= has.pop("cash")
    return {"Has": has, "From": came}


def trial_balance(balance):
    """Rows (account, debit, credit) of the accounts that hold something, and the two sums."""
    rows = [(a, max(b, 0) or "", max(-b, 0) or "") for a, b in balance.items() if b]
    return [*rows, ("Sum", *sums(balance))]


def sums(balance):
    """What the debit balances and the credit balances add up to."""
    return sum(b for b in balance.values() if b > 0), -sum(b for b in balance.values() if b < 0)


# How it looks


def money(amount):
    """1500 as 1,500; a true minus sign."""
    return f"{amount:,}".replace("-", "\N{MINUS SIGN}")


def table(rows, head=(), totals=()):
    """A table; the first cell of a row names it. `totals` are the rows that sum up others."""
    numbers = {place for row in rows for place, one in enumerate(row) if isinstance(one, int)}
    names = "".join(
        f'<th scope="col"{_side(place in numbers)}>{escape(name)}</th>'
        for place, name in enumerate(head)
    )
    top = f"<thead><tr>{names}</tr></thead>" if head else ""
    body = "".join(
        f"<tr>{''.join(_cell(one, place, numbers, at in totals) for place, one in enumerate(row))}"
        "</tr>" for at, row in enumerate(rows)
    )
    return HTML(f"<table>{top}<tbody>{body}</tbody></table>")


def _cell(value, place, numbers, strong):
    text = money(value) if isinstance(value, int) else escape(str(value))
    text = f"<strong>{text}</strong>" if strong else text
    if place == 0:
        return f'<th scope="row" style="text-align: left">{text}</th>'
    return f"<td{_side(place in numbers)}>{text}</td>"


def _side(has_numbers):
    return ' class="text-right"' if has_numbers else ' style="text-align: left"'
