"""The page of attacks on the sandbox, from the files of the suite that holds them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent / "tests" / "redteam"

_HEAD = """# Attacks on the sandbox

What learners' code might try, and what became of it under the seal. Each row is a file of
`tests/redteam/attacks/`, and runs with the tests, in a pool beside a gradebook, sources, other
submissions, processes, sockets and shared memory of the machine. A row holds when the attack got
no more than the row says; nothing of the others was read or changed; no process, file, mount or
folder of it was left; the next run in the same box found nothing of it; and it took no longer than
its own limits allow. A list of known ways does not rule out others.

`held`: the attack looked itself for what it was after, and found that it had none of it.

The last column is stock nbgrader's: the same cells in a stock kernel, driven as its autograder
drives it, in an ordinary account that has the same things around it (`tests/redteam/stock.py`;
so that it could not end the machine, with at most 3 GB and 400 processes, and a minute). *Gets it*:
more than the row says; *does harm*: what belongs to others was changed or ended; *ends the grader*:
no notebook of the batch comes after it; *hangs the run*: its time limits do not end it.

This is about leaving the box and about harm. What a learner's code can do to its own score is
on the page of [forgeries](security.md).
"""


def attacks_page() -> str:
    """Every attack by group, with what it gets."""
    sys.path.insert(0, str(SUITE))
    try:
        from attack import GROUPS, attacks, in_stock
    finally:
        sys.path.remove(str(SUITE))
    found, stock = attacks(), in_stock()
    parts = [_HEAD]
    for group in GROUPS:
        rows = [f"| {_cell(one.title)} | {_gets(one.must)} | {stock.get(one.name, '')} |"
                for one in found if one.group == group]
        parts.append("\n".join((f"## {group.capitalize()}", "",
                                "| attack | gets | in stock nbgrader |", "|---|---|---|",
                                *rows, "")))
    return "\n".join(parts)


def _cell(text: str) -> str:
    return " ".join(text.split()).rstrip(".").replace("|", "\\|").replace("*", "\\*")


def _gets(must: Sequence[str]) -> str:
    words = []
    for one in must:
        kind, _, rest = one.partition(" ")
        words.append({
            "prints": rest if rest == "held" else f"prints `{rest}`", "shows": f"`{rest}`",
            "error": f"an error: `{rest}`", "timeout": "stopped at its time limit",
            "killed": "killed" + (f": {rest}" if rest else ""), "ok": "nothing",
            "any": "nothing", "skipped": "not run",
        }[kind])
    return _cell("; ".join(dict.fromkeys(words)))
