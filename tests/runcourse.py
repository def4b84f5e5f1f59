"""A small course whose cells run in their page, to build a site of."""

from __future__ import annotations

from pathlib import Path

from kit.course import load_course
from kit.model import Course

COURSE = """\
id: ledgers
title: Ledgers
licence: CC-BY-4.0
timezone: Europe/Berlin
start: 2027-01-11
parts:
  - title: First part
    lessons: [lessons/ledger, lessons/words, lessons/entry, lessons/lacking]
"""
HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

"""
CELLS = (
    """\
from dataclasses import dataclass
from decimal import Decimal

@dataclass(frozen=True)
class Line:
    account: str
    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)

ledger = [Line("Cash", debit=Decimal("12.50")), Line("Revenue", credit=Decimal("12.50"))]
print("lines:", len(ledger))
ledger[0]""",
    """\
import sys
total = sum(line.debit - line.credit for line in ledger)
print("balance", total)
print("a warning of the bank", file=sys.stderr)
{"even": total == 0, "ümlaut": "<b>€</b>"}""",
    """\
import autograders as ag

paid = 12.5
q = ag.Question("paid", points=2)
q.add(ag.number("paid", 12.5))
q.add(ag.accounting.journal("entry", "Dr Cash 12.50 / Cr Revenue 12.50"))
entry = "Dr Cash 12.50 / Cr Loan 12.50"
q.result()""",
    """\
def share(part, whole):
    return part / whole

share(1, 3);""",
    "share(1, 0)",
)
RAISES = 4
"""The place of the cell that raises."""


def code_cell(code: str, *tags: str) -> str:
    """A code cell of a text lesson."""
    return f"```{{code-cell}} python\n:tags: [{', '.join(tags)}]\n{code}\n```\n\n"


def lessons() -> dict[str, str]:
    """The lessons: cells that run, plain words, a journal entry, and cells that lack something."""
    cells = [code_cell(code, "run", *(["raises-exception"] if place == RAISES else []))
             for place, code in enumerate(CELLS)]
    entry = ('from kit.lesson import journal_entry\n\njournal_entry("Bill", '
             'expected="Dr Accounts receivable 4350 / Cr Revenue 4350", '
             'accounts=["Cash", "Accounts receivable", "Equipment", "Loan", "Revenue"])')
    return {
        "ledger": f"{HEAD}# A ledger\n\n{''.join(cells)}",
        "words": "# Words alone\n\nNothing to run here.\n",
        "entry": f"{HEAD}# An entry\n\n{code_cell(entry, 'remove-input')}",
        "lacking": f"{HEAD}# Lacking\n\n{code_cell('import numpy as np', 'run')}"
                   f"{code_cell('1 + 1', 'run')}{code_cell('2 + 2')}",
    }


def write_run_course(root: Path, **changed: str) -> Course:
    """The course; `changed` are lessons instead of its own, by name."""
    files = {"course.yml": COURSE} | {
        f"lessons/{name}.md": text for name, text in (lessons() | changed).items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(root)
