"""A journal entry's checker as plain data, and what it says of an entry.

A notebook's kernel and the Python of a page make the checker of the same data, and a page gets it
with the component: so both say the same. A page has no widget libraries: here stands what needs
`autograders` alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from autograders.accounting import Entry, format_journal
from autograders.accounting import journal as checker
from autograders.accounting.carried import authored
from autograders.outcome import (
    Check,
    Failure,
    Mistakes,
    Outcome,
    mistake,
    read_mistakes,
)
from kit.lesson.markup import inline

NAME = "entry"

_STATES = {"passed": "right", "partial": "part"}


def as_data(right: Entry, chart: Sequence[str], mistakes: Mistakes | None) -> dict[str, Any]:
    """The checker of one entry as JSON holds it."""
    return {"expected": format_journal((right,)), "accounts": list(chart), "mistakes": [
        [format_journal(authored(one.match)), one.message, one.tag,
         one.credit if one.stated else None] for one in read_mistakes(mistakes)]}


def check_of(data: Mapping[str, Any]) -> Check:
    """The checker that such data describe."""
    return checker(NAME, data["expected"], accounts=data["accounts"], mistakes=[
        (wrong, mistake(tag, message, credit=credit))
        for wrong, message, tag, credit in data["mistakes"]])


def outcome_of(check: Check, text: str) -> Outcome:
    """What the checker finds in a learner's text."""
    try:
        return check.examine({NAME: text})
    except Failure as failure:
        return failure.outcome


def told(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the front end shows it: the component's state, and paragraphs of HTML."""
    return {"state": _STATES.get(outcome.state, "wrong"),
            "said": [inline(one) for one in outcome.message.split("\n")]}


def judge(data: str, text: str) -> str:
    """As the worker of a page asks: the checker's data in JSON, a learner's text; JSON."""
    return json.dumps(told(outcome_of(check_of(json.loads(data)), text)))
