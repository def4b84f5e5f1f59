"""A quiz that orders, matches, fills in or turns over cards: what Python makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from kit.lesson import misconception, quiz
from kit.lesson.quiz_forms import shuffled
from kit.lesson.quizzes import Quiz

STEPS = ["bill", "record", "post", "close"]
PAIRS = {"Cash": "asset", "A *loan*": "liability"}
SENTENCE = "Debit {account}, credit {other} {amount}."
VALUES = {"account": "Cash", "amount": 4000, "other": ["Revenue", "Sales"]}
CARDS = {"Accrual": "Earned counts.", "Deferral": "Cash came **first**."}

MADE: dict[str, dict[str, Any]] = {
    "order": {"order": STEPS}, "match": {"match": PAIRS}, "blanks": {"blanks": VALUES},
    "cards": {"cards": CARDS},
}


def made(form: str, **how: Any) -> Quiz:
    return quiz(SENTENCE if form == "blanks" else "q?", **MADE[form], **how)


# ------------------------------------------------------------------------------------- orders


@pytest.mark.parametrize("number", [2, 3, 4, 9])
def test_items_are_never_shown_in_the_right_order(number: int) -> None:
    for seed in range(50):
        found = shuffled(number, f"quiz-{seed}")
        assert sorted(found) == list(range(number))
        assert found != list(range(number))


def test_the_order_shown_is_the_same_in_each_build() -> None:
    assert shuffled(6, "quiz-1") == [3, 5, 2, 0, 1, 4]
    assert made("order").spec["items"] == made("order").spec["items"]


def test_right_and_wrong_orders_are_places_among_the_items_shown() -> None:
    spec = made("order", wrong={("record", "bill", "post", "close"): "Of what?"}).spec
    shown = [item["plain"] for item in spec["items"]]
    assert [shown[at] for at in spec["right"]] == STEPS
    assert [shown[at] for at in spec["wrong"][0]["order"]] == ["record", "bill", "post", "close"]


# ------------------------------------------------------------------------------------ matching


def test_the_options_stand_in_the_alphabets_order_and_each_once() -> None:
    spec = made("match", extra=["equity", "asset"], wrong={("Cash", "equity"): "x"}).spec
    assert spec["options"] == ["asset", "equity", "liability"]
    assert [item["right"] for item in spec["items"]] == [0, 2]
    assert spec["wrong"] == [{"at": 0, "to": 1, "why": "<p>x</p>"}]


# -------------------------------------------------------------------------------------- blanks


def test_blanks_follow_the_sentence_and_not_the_mapping() -> None:
    spec = made("blanks", wrong={("other", "Cash"): "Both?", ("amount", 4e6): "Thousands?"}).spec
    assert [blank["name"] for blank in spec["blanks"]] == ["account", "other", "amount"]
    assert [blank["figures"] for blank in spec["blanks"]] == [False, False, True]
    assert spec["sentence"].count("data-blank") == 3
    assert [(one["at"], one["value"]) for one in spec["wrong"]] == [(1, "Cash"), (2, 4e6)]
    assert spec["wrong"][1]["why"] == "<p><strong>4,000,000:</strong> Thousands?</p>"


def test_a_first_paragraph_without_a_blank_is_the_question() -> None:
    spec = quiz("A bill is **paid**.\n\nDebit {account}.", blanks={"account": "Cash"}).spec
    assert spec["question"] == "A bill is <strong>paid</strong>."
    assert spec["sentence"].startswith("<p>Debit <span")
    other = quiz("Debit {a}.\n\nIs it?", blanks={"a": "Cash"}).spec
    assert other["question"] == "Fill in the blank"
    assert other["sentence"].endswith("<p>Is it?</p>")


def test_braces_in_code_and_formulas_are_not_blanks() -> None:
    spec = quiz("`{x}` and $\\frac{a}{2}$ make {sum}.", blanks={"sum": 3}, wrong={4: "x"}).spec
    assert "<code>{x}</code>" in spec["sentence"]
    assert "\\frac{a}{2}" in spec["sentence"]
    assert spec["wrong"] == [{"at": 0, "value": 4, "why": "<p>x</p>"}]


# ------------------------------------------------------------------------------ all these forms


@pytest.mark.parametrize(("form", "state", "answer"), [
    ("order", {}, None), ("match", {}, None), ("blanks", {}, None), ("cards", {}, None),
    ("match", {"chosen": [1, 0]}, {"Cash": "liability", "A loan": "asset"}),
    ("blanks", {"given": ["Cash", "x", 4e3]}, {"account": "Cash", "other": "x", "amount": 4e3}),
    ("cards", {"left": [1], "tries": 1}, ["Accrual"]),
    ("cards", {"left": [0, 1], "tries": 1}, []),
])
def test_the_kernel_reads_the_answer(form: str, state: dict[str, Any], answer: Any) -> None:
    one = made(form)
    one.state = state
    assert one.answer == answer


def test_the_kernel_reads_the_order() -> None:
    one = made("order")
    one.state = {"order": one.spec["right"], "right": True}
    assert (one.answer, one.is_right) == (STEPS, True)


@pytest.mark.parametrize(("form", "shown", "hidden"), [
    ("order", ["bill", "post"], ["Because."]), ("match", ["<em>loan</em>", "asset"], ["Because."]),
    ("blanks", ["Debit <span", "____"], ["Cash", "Because."]),
    ("cards", ["Accrual", "<strong>first</strong>"], []),
])
def test_on_paper_it_stands_without_its_answers(
    form: str, shown: list[str], hidden: list[str]
) -> None:
    text = made(form, **({} if form == "cards" else {"why": "Because."})).static_html()
    assert [one for one in shown if one not in text] == []
    assert [one for one in hidden if one in text] == []


@pytest.mark.parametrize(("form", "wrong"), [
    ("order", ("record", "bill", "post", "close")), ("match", ("Cash", "liability")),
    ("blanks", ("other", "Cash")),
])
def test_a_known_wrong_answer_may_be_a_misconception(form: str, wrong: Any) -> None:
    told = made(form, wrong={wrong: misconception("cash is *all*", "Is it?")}).spec["wrong"][0]
    assert told["name"] == "cash is all"
    assert "A common mix-up: cash is <em>all</em>." in told["why"]


@pytest.mark.parametrize(("question", "how", "match"), [
    ("q", {}, "what is asked for"), ("q", {"order": STEPS, "match": PAIRS}, "one form"),
    ("q", {"order": STEPS, "right": "bill"}, "one form"),
    ("q", {"order": STEPS, "extra": ["x"]}, "extra= has no place"),
    ("q", {"cards": CARDS, "why": "x"}, "why= has no place"),
    ("q", {"match": PAIRS, "tolerance": 1}, "tolerance= has no place"),
    ("q", {"order": ["a"]}, "two items"), ("q", {"order": ["a", "b", "a"]}, "'a' twice"),
    ("q", {"order": ["a", "b"], "wrong": {("a", "b"): "x"}}, "is right"),
    ("q", {"order": ["a", "b"], "wrong": {("b",): "x"}}, "each once"),
    ("q", {"order": ["a", "b"], "wrong": {"ba": "x"}}, "each once"),
    ("q", {"match": {"a": "b"}, "extra": ["c"]}, "two items"),
    ("q", {"match": {"a": "x", "b": "x"}}, "extra= adds"),
    ("q", {"match": PAIRS, "wrong": {"Cash": "x"}}, "in parentheses"),
    ("q", {"match": PAIRS, "wrong": {("Cash", "x"): "x"}}, "names no item"),
    ("q", {"match": PAIRS, "wrong": {("Cash", "asset"): "x"}}, "is right"),
    ("q {a}", {"blanks": {}}, "names the blanks"),
    ("q {a} {b}", {"blanks": {"a": "x"}}, "{b}, but"), ("q", {"blanks": {"a": "x"}}, "once: {a}"),
    ("q {a} {a}", {"blanks": {"a": "x"}}, "once: {a}"), ("`{a}`", {"blanks": {"a": "x"}}, "code"),
    ("$2^{a}$", {"blanks": {"a": "x"}}, "formula"),
    ("[x](#{a})", {"blanks": {"a": "x"}}, "a link"),
    ("{a}", {"blanks": {"a": " "}}, "a text or a number"), ("{a}", {"blanks": {"a": []}}, "some"),
    ("{a}", {"blanks": {"a": None}}, "a text or a number"),
    ("{a}", {"blanks": {"a": "X"}, "wrong": {" x. ": "y"}}, "is right"),
    ("{a}", {"blanks": {"a": 5}, "tolerance": 1, "wrong": {5.5: "y"}}, "is right"),
    ("{a}", {"blanks": {"a": 5}, "wrong": {("b", 4): "y"}}, "no blank"),
    ("{a} {b}", {"blanks": {"a": 5, "b": 6}, "wrong": {4: "y"}}, "in parentheses"),
    ("{a}", {"blanks": {"a": 5}, "tolerance": -1}, "from 0"),
    ("q", {"cards": {}}, "a card or more"), ("q", {"cards": {"a": " "}}, "front and a back"),
])
def test_what_an_author_does_wrong_is_told_at_once(question: str, how: Any, match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match.replace("{", r"\{")):
        quiz(question, **how)


@pytest.mark.parametrize("form", [
    {"right": 3, "wrong": {4: " "}}, {"order": ["a", "b"], "wrong": {("b", "a"): ""}},
    {"match": {"a": "1", "b": "2"}, "wrong": {("a", "2"): ""}},
    {"blanks": {"n": 1}, "wrong": {2: ""}}, {"options": {"a": "", "b": "x"}, "right": "b"},
])
def test_a_reason_is_never_empty(form: Any) -> None:
    with pytest.raises(ValueError, match="say why to who answers"):
        quiz("It is {n}.", **form)


def test_a_question_is_never_empty() -> None:
    with pytest.raises(ValueError, match="the question is empty"):
        quiz(" ", {"a": "x", "b": "y"}, right="a")
