"""A journal entry in Python: what it takes, what it refuses, what it knows of an answer."""

from __future__ import annotations

from typing import Any

import pytest

from kit.lesson import journal_entry
from kit.lesson.accounts import chart_of, kinds_of
from kit.lesson.diagnosed import MOST, key_of
from kit.lesson.entries import JournalEntry

BILL = "2027-01-31 Dr Accounts receivable 4000 / Cr Revenue 4000"
CHART = ["Cash", "Accounts receivable", "Loan", "Revenue"]


def made(**how: Any) -> JournalEntry:
    return journal_entry("Bill <b>4,000</b>", **{"expected": BILL, "accounts": CHART, **how})


def test_what_it_is_made_of_is_plain_and_safe() -> None:
    spec = made(opening={"Cash": ([5000, 3000], [500]), "Loan": -7500}).spec
    assert spec["question"] == "Bill &lt;b&gt;4,000&lt;/b&gt;"
    assert (spec["kind"], spec["head"]) == ("journal_entry", "2027-01-31")
    assert spec["accounts"][0] == {"name": "Cash", "words": "Cash", "kind": "asset",
                                   "debit": [500_000, 300_000], "credit": [50_000]}
    assert spec["accounts"][2]["credit"] == [750_000]


def test_an_entry_may_be_written_in_any_form() -> None:
    rows = [("2027-01-31", "Accounts receivable", "Revenue", 4000)]
    assert made(expected=rows).spec == made().spec


def test_without_a_chart_all_that_is_named_is_offered() -> None:
    spec = made(accounts=None, kinds={"Till": "asset"}, opening={"Cash": 5, "Loan": -5},
                mistakes={"Dr Bank 4000 / Cr Revenue 4000": "No."}).spec
    assert [one["name"] for one in spec["accounts"]] == [
        "Accounts receivable", "Revenue", "Bank", "Cash", "Loan", "Till"]


def test_a_name_that_the_text_form_would_misread_is_quoted() -> None:
    spec = made(accounts=[*CHART, "Loan 1", "Fees; other"], kinds={
        "Loan 1": "liability", "Fees; other": "expense"}).spec
    assert [one["words"] for one in spec["accounts"][-2:]] == ['"Loan 1"', '"Fees; other"']


def test_the_kernel_answers_when_it_is_asked() -> None:
    one = made()
    assert (one.answer, one.is_right, one.told) == (None, False, {})
    one.state = {"text": "2027-01-31  Dr Cash 4,000 / Cr Revenue 4,000"}
    assert one.told == {}
    assert (one.answer, one.is_right) == ("2027-01-31  Dr Cash 4,000 / Cr Revenue 4,000", False)
    one.state = {**one.state, "check": 1}
    assert one.told["state"] == "part"
    assert "<code>Cash</code> changes only when money moves" in one.told["said"][1]
    one.state = {"text": "2027-01-31  Dr Accounts receivable 4,000 / Cr Revenue 4,000", "check": 2}
    assert one.told == {"check": 2, "state": "right", "said": ["The entry is right."]}
    assert one.is_right


def test_a_mistake_of_the_author_is_told_in_their_words() -> None:
    one = made(mistakes={"Dr Accounts receivable 4000 / Cr Cash 4000": "Did **money** leave?"})
    one.state = {"text": "2027-01-31 Dr Accounts receivable 4000 / Cr Cash 4000", "check": 1}
    assert one.told["said"] == ["Did <strong>money</strong> leave?"]
    assert "Did <strong>money</strong> leave?" in one.spec["table"]["said"]


def test_a_text_that_is_no_journal_is_told_and_not_raised() -> None:
    one = made()
    one.state = {"text": "<b>", "check": 1}
    assert one.told["state"] == "wrong"
    assert "<code>&lt;b&gt;</code>" in one.told["said"][0]


def test_the_table_is_bounded_and_holds_what_is_near() -> None:
    big = made(accounts=[*CHART, *(f"Fund {letter} expense" for letter in "abcdefghijklmnopqrst")])
    rows = dict(zip(*[iter(big.spec["table"]["rows"].split())] * 2, strict=True))
    assert len(rows) <= MOST
    for lines in ([(0, 1, 400_000), (1, 3, 400_000)], [(0, 3, 400_000), (1, 1, 400_000)],
                  [(0, 0, 400_000), (1, 3, 400_000)], [(0, 1, 400_000), (1, 3, 99)],
                  [(0, 1, 5), (1, 3, 5)], [(0, 1, 400_000)]):
        key, _ = key_of(tuple(((side, account), amount) for side, account, amount in lines),
                        big.spec["table"]["amounts"])
        assert key in rows


def test_where_nothing_runs_question_chart_and_accounts_are_shown() -> None:
    html = made(opening={"Cash": 5000, "Loan": -5000}).static_html()
    for part in ("Bill &lt;b&gt;4,000&lt;/b&gt;", "Accounts: Cash, Accounts receivable, Loan",
                 "<caption>Cash</caption>", "<td>5,000</td>", "2027-01-31"):
        assert part in html
    assert "<caption>Revenue</caption>" not in html
    data, _ = made()._repr_mimebundle_()
    assert "right" not in data["text/html"]


@pytest.mark.parametrize(("name", "kind"), [
    ("Cash", "asset"), ("Cash at bank", "asset"), ("Accounts receivable", "asset"),
    ("Prepaid expenses", "asset"), ("Espresso machine", "asset"), ("Loan receivable", "asset"),
    ("Accumulated depreciation", "asset"), ("Accounts payable", "liability"),
    ("Bank loan", "liability"), ("Unearned revenue", "liability"),
    ("Accrued wages", "liability"), ("Wages payable", "liability"), ("Wages expense", "expense"),
    ("Cost of goods sold", "expense"), ("Supplies expense", "expense"), ("Revenue", "revenue"),
    ("Sales", "revenue"), ("Owner’s capital", "equity"), ("Dividends", "equity"),
])
def test_what_an_account_is_follows_from_a_plain_name(name: str, kind: str) -> None:
    assert kinds_of([name], None) == [kind]


@pytest.mark.parametrize("name", ["Bank charges", "Land tax", "Cash sales tax", "Harbour"])
def test_a_name_that_may_mean_two_things_is_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match="does not tell what the account is"):
        kinds_of([name], None)
    assert kinds_of([name], {name.lower(): "expense"}) == ["expense"]


@pytest.mark.parametrize(("how", "match"), [
    ({"expected": "Dr Cash 5 / Cr Revenue 6"}, "does not balance"),
    ({"expected": f"{BILL}\n{BILL}"}, "is one entry, not 2"), ({"expected": ""}, "no entries"),
    ({"expected": "Dr Cash -5 / Cr Revenue -5"}, "amounts are positive"),
    ({"expected": "Dr Cash 1.255 / Cr Revenue 1.255"}, "two decimals"),
    ({"expected": "\n    ".join(["[a]", *["Dr Cash 1"] * 5, *["Cr Revenue 1"] * 5])},
     "more than 8 lines"),
    ({"accounts": ["Cash", "Revenue"]}, "not in accounts=: Accounts receivable"),
    ({"accounts": [*CHART, "cash"]}, "named twice"),
    ({"accounts": [*CHART, *map(str, range(30))]}, "2 to 26"),
    ({"accounts": [*CHART, "Xy"]}, "kinds="), ({"kinds": {"Cash": "money"}}, "a kind is"),
    ({"opening": {"Cash": 5}}, "opening= does not balance: debits 5, credits 0"),
    ({"opening": {"Cash": "much", "Loan": -5}}, r"`opening\['Cash'\]`"),
    ({"opening": {"Till": 5}}, "not in accounts=: Till"),
    ({"mistakes": {BILL: "x"}}, "is the right one"),
    ({"mistakes": {"2026-01-31 Dr Cash 5 / Cr Loan 5": "x"}}, "another day"),
    ({"mistakes": {"Dr Cash 5 / Cr Till 5": "x"}}, "not in accounts=: Till"),
    ({"id": "a b"}, "an id is"),
])
def test_what_an_author_does_wrong_is_told_at_once(how: Any, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        made(**how)


def test_a_function_is_no_mistake_here() -> None:
    with pytest.raises(TypeError, match="a mistake is a wrong entry"):
        made(mistakes=[(lambda entries: True, "x")])


def test_a_chart_of_one_is_no_choice() -> None:
    with pytest.raises(ValueError, match="2 to 26"):
        chart_of(["Cash"], ["Cash"])


def test_a_mistake_is_told_something() -> None:
    with pytest.raises(ValueError, match="say why to who enters"):
        journal_entry("q?", expected="2027-01-31 Dr Cash 5 / Cr Revenue 5",
                      mistakes={"Dr Revenue 5 / Cr Cash 5": ""})
