"""Statements: their lines, signs, sections and totals, and how one follows from another."""

from __future__ import annotations

from typing import Any

import checking
import pytest

import autograders as ag
from autograders.accounting import balance_sheet, cash_flow, income_statement

INCOME: dict[str, dict[str, float]] = {
    "Revenue": {"Repairs": 10300, "Sales": 200},
    "Expenses": {"Rent": 1400, "Wages": 3600, "Parts": 2100}}
LINES = {name: amount for group in INCOME.values() for name, amount in group.items()}
SHEET: dict[str, dict[str, float]] = {
    "Assets": {"Cash": 700, "Accounts receivable": 1250, "Equipment": 1000},
    "Liabilities": {"Loan": 500}, "Equity": {"Owner's capital": 2450}}
CASH: dict[str, dict[str, float]] = {
    "operating": {"Received from customers": 9800, "Rent paid": -1400, "Wages paid": -4800},
    "investing": {"Trailer bought": -2250},
    "financing": {"Loan repaid": -1000, "Owner paid in": 750}}


def income(learners: Any, expected: Any = None, **options: Any) -> ag.Outcome:
    return checking.check(income_statement("x", expected or INCOME, **options), x=learners)


def sheet(learners: Any, **options: Any) -> ag.Outcome:
    names = options.pop("names", {})
    return checking.check(balance_sheet("x", SHEET, **options), x=learners, **names)


def cash(learners: Any, expected: Any = None, **options: Any) -> ag.Outcome:
    return checking.check(cash_flow("x", expected or CASH, **options), x=learners)


@pytest.mark.parametrize("learners", [
    {**INCOME, "Net income": 3400}, {**LINES, "profit": 3400},
    {**{name: -one if name in INCOME["Expenses"] else one for name, one in LINES.items()},
     "Net profit": 3400},
    [*LINES.items(), ("Net income", "3,400")],
    {"line": [*LINES, "Net income"], "amount": [*LINES.values(), 3400.0]},
    [("Revenue", "Repairs", 10300), ("Revenue", "sales", 200), ("", "Total revenue", 10500),
     ("Expenses", "RENT", 1400), ("", "Wages", 3600), ("", "Parts", 2100), ("", "Profit", 3400)],
    {"revenues": {"repairs": 10300, "sales": 200, "Total": 10500},
     "costs": {"rent": 1400, "wages": 3600, "parts": 2100}, "Net Income": 3400},
])
def test_forms_of_one_income_statement(learners: Any) -> None:
    if type(learners) is dict and "line" in learners:
        learners = list(zip(learners["line"], learners["amount"], strict=True))
    assert income(learners).credit == 1


def test_tables() -> None:
    pandas = pytest.importorskip("pandas")
    own = {**LINES, "Profit": 3400}
    assert income(pandas.Series(own)).credit == 1
    for words, figures in (("line", "amount"), ("Item", "Value"), ("what", "EUR")):
        frame = pandas.DataFrame({words: list(own), figures: list(own.values())})
        assert income(frame).credit == 1
    assert income(pandas.DataFrame({"a": [1.0]})).tags == ("columns",)
    rows = [(section, line, amount) for section, group in CASH.items()
            for line, amount in group.items()]
    frame = pandas.DataFrame(rows, columns=["Section", "Line", "Amount"])
    assert cash(frame).credit == 1


@pytest.mark.parametrize(("change", "tags", "credit"), [
    ({"Sales": -200, "Net income": 3000}, ("sign", "carried-forward"), 5.5 / 6),
    ({"Rent": 1401, "Net income": 3399}, ("wrong-amount", "carried-forward"), 5 / 6),
    ({"Rent": 4100}, ("transposed-digits",), 5 / 6), ({"Rent": 1.4}, ("thousands",), 5 / 6),
    ({"Net income": 3399}, ("does-not-add-up",), 5 / 6),
    ({"Net income": -3400}, ("sign",), 5.5 / 6),
    ({"Net income": None}, ("missing-total",), 5 / 6),
    ({"Rent": None}, ("missing-line",), 5 / 6), ({"Rent": None, "Rents": 1400},
                                                 ("line-name",), 5.5 / 6),
    ({"Owner's drawings": 250}, ("drawings-as-expense",), 6 / 7),
    ({"Accounts receivable": 250}, ("balance-sheet-line",), 6 / 7),
    ({"Snacks": 250}, ("extra-line",), 6 / 7), ({"Snacks": 0}, (), 1.0),
])
def test_a_slip_in_an_income_statement_is_named(
    change: dict[str, Any], tags: tuple[str, ...], credit: float
) -> None:
    own = {name: one for name, one in {**LINES, "Net income": 3400, **change}.items()
           if one is not None}
    found = income(own)
    assert (found.tags, found.credit) == (tags, pytest.approx(credit))


def test_authors_choose_the_total_and_what_is_subtracted() -> None:
    flat = {"Repairs": 10, "Rent": -4}
    assert income({**flat, "Surplus": 6}, flat, total="Surplus").credit == 1
    assert income(flat, flat, total=None).credit == 1
    odd = {"In": {"Repairs": 10}, "Out": {"Rent": 4}}
    assert income({**odd, "Net income": 6}, odd, less=["out"]).credit == 1
    known = {(lambda own: own["Net income"] == 10): ag.mistake("no-costs", "Take costs off.")}
    assert income({**flat, "Net income": 10}, flat, mistakes=known).tags == ("no-costs",)


def test_earlier_figures_are_carried_forward() -> None:
    check = income_statement("x", lambda own: {"Sales": own["Sales"], "Rent": -5}, given={
        "own": ag.answer("balances", {"Sales": 100})})
    found = checking.check(check, x={"Sales": 90, "Rent": -5, "Profit": 85},
                           balances={"sales": 90})
    assert (found.credit, found.tags) == (1.0, ("carried-forward",))


# ------------------------------------------------------------------------ balance sheet


ARTICULATED: dict[str, Any] = {"income": "profit", "opening_equity": 2000, "drawings": 50}


def own_sheet(capital: float, **more: float) -> dict[str, Any]:
    flat = {name: one for group in SHEET.values() for name, one in group.items()}
    return {**flat, "Owner's capital": capital, **more}


def test_a_balance_sheet_balances_and_follows_from_the_profit() -> None:
    for own in (SHEET, own_sheet(2450), {**SHEET, "Total assets": 2950}):
        assert sheet(own).credit == 1
        for profit in (500, {"Sales": 9, "Net income": 500}, [("Sales", 9), ("Profit", 500)]):
            assert sheet(own, **ARTICULATED, names={"profit": profit}).credit == 1
        assert sheet(own, **ARTICULATED).credit == 1  # a missing profit costs its own question


@pytest.mark.parametrize(("capital", "profit", "tags"), [
    (1950, 500, ("does-not-balance", "profit-left-out", "wrong-amount")),
    (2500, 500, ("does-not-balance", "drawings-left-out", "wrong-amount")),
    (2345, 500, ("does-not-balance", "not-articulated", "wrong-amount")),
    (2450, 400, ("not-articulated",)), (2350, 400, ("carried-forward", "does-not-balance")),
])
def test_equity_that_does_not_follow(capital: float, profit: float, tags: tuple[str, ...]) -> None:
    found = sheet(own_sheet(capital), **ARTICULATED, names={"profit": profit})
    assert found.tags == tags
    assert 0 < found.credit < 1


def test_what_the_difference_hints_at() -> None:
    assert "Half of it is `Loan`" in sheet(own_sheet(2450, Loan=-500)).message.split("\n")[1]
    assert "divided by 9" in sheet(own_sheet(2450, Cash=709)).message
    told = sheet(own_sheet(1950), **ARTICULATED, names={"profit": 500}).message
    assert "That is your profit" in told
    assert sheet(own_sheet(2450, Rent=0, **{"Rent expense": 5})).tags == (
        "does-not-balance", "income-line")
    more = {**ARTICULATED, "contributions": 100, "opening_equity": 1900}
    assert "contributions-left-out" in sheet(
        own_sheet(2350), **more, names={"profit": 500}).tags


def test_the_profit_may_be_an_answer() -> None:
    own = {**ARTICULATED, "income": ag.answer("profit", 500)}
    assert sheet(own_sheet(2450), **own, names={"profit": 500}).credit == 1
    for right in (400, "much"):
        with pytest.raises(ValueError, match=r"follows from a profit|should be a statement"):
            balance_sheet("x", SHEET, **{**ARTICULATED, "income": ag.answer("profit", right)})


def test_a_whole_sheet_is_carried_forward() -> None:
    def expected(profit: float) -> dict[str, dict[str, float]]:
        return {"Assets": {"Cash": 2000 + profit}, "Equity": {"Capital": 2000 + profit}}

    check = balance_sheet("x", expected, given={"profit": ag.answer("profit", 500)})
    found = checking.check(check, x=expected(300), profit=300)
    assert (found.credit, found.tags) == (1.0, ("carried-forward",))


# ---------------------------------------------------------------------------- cash flow


@pytest.mark.parametrize("learners", [
    CASH, {f"Cash flows from {name} activities": group for name, group in CASH.items()},
    {**CASH, "Net change in cash": 1100},
    {name: {**group, f"Net cash from {name} activities": sum(group.values())}
     for name, group in CASH.items()},
])
def test_forms_of_one_cash_flow_statement(learners: Any) -> None:
    assert cash(learners, opening=1000, closing=2100).credit == 1


def moved(line: str, section: str, amount: float | None = None) -> dict[str, dict[str, float]]:
    own = {name: {word: one for word, one in group.items() if word != line}
           for name, group in CASH.items()}
    before = next((group[line] for group in CASH.values() if line in group), 0.0)
    own[section][line] = before if amount is None else amount
    return own


@pytest.mark.parametrize(("learners", "tags", "credit"), [
    (moved("Trailer bought", "investing", 2250), ("not-reconciled", "sign"), 5.5 / 7),
    (moved("Owner paid in", "operating"), ("wrong-section",), 6.5 / 7),
    (moved("Depreciation", "operating", 100), ("not-reconciled", "non-cash-line"), 6 / 8),
    (moved("Net profit", "operating", 0.5), ("not-reconciled", "wrong-method"), 6 / 8),
    ({**CASH, "Change in cash": 1000}, ("does-not-add-up",), 7 / 8),
    ({name: one for group in CASH.values() for name, one in group.items()}, ("no-section",),
     4 / 7),
])
def test_a_slip_in_a_cash_flow_statement_is_named(
    learners: Any, tags: tuple[str, ...], credit: float
) -> None:
    found = cash(learners, opening=1000, closing=2100)
    assert (found.tags, found.credit) == (tags, pytest.approx(credit))


def test_a_line_may_stand_in_either_section() -> None:
    own = moved("Owner paid in", "investing")
    assert cash(own, either={"Owner paid in": ["financing", "investing"]}).credit == 1
    assert cash(own).credit < 1


def test_the_figure_of_each_section() -> None:
    right = {"operating": 3600, "investing": -2250, "financing": -250}
    assert cash(CASH, right).credit == cash(right, right).credit == 1
    assert cash({"Operating activities": 3600, "INVESTING": -2250, "financing": -250},
                right).credit == 1
    found = cash({**right, "investing": 2250}, right)
    assert (found.tags, found.credit) == (("sign",), pytest.approx(2.5 / 3))


@pytest.mark.parametrize(("line", "words"), [
    ("Depreciation", "added back"), ("Increase in accounts receivable", "less cash than profit"),
    ("Increase in accounts payable", "more cash than profit"), ("Net income", "goes out"),
])
def test_an_adjustment_with_the_other_sign(line: str, words: str) -> None:
    right = {"operating": {"Net income": 300, "Depreciation": 50,
                           "Increase in accounts receivable": -70,
                           "Increase in accounts payable": 20}}
    own = {"operating": {**right["operating"], line: -right["operating"][line]}}
    assert cash(right, right, method="indirect").credit == 1
    found = cash(own, right, method="indirect")
    assert found.tags == ("sign",)
    assert words in found.message


@pytest.mark.parametrize(("learners", "tag"), [
    (7, "type"), ([], "unanswered"), ({}, "unanswered"), ([1], "type"),
    ({"Sales": {}}, "unanswered"), ([("a", "b", 1, 2)], "type"),
    ({"Sales": "much"}, "amount-text"), ({"Sales": 10**30}, "too-large"), ({"Sales": [5]}, "type"),
])
def test_what_cannot_be_read_is_told(learners: Any, tag: str) -> None:
    for found in (income(learners), sheet(learners), cash(learners)):
        assert (found.credit, found.tags) == (0.0, (tag,))
