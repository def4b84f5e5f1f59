"""A journal entry on a page: it moves the accounts, is judged, copied and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit
from playwright.sync_api import expect

from autograders.accounting import format_journal, parse_journal
from kit.lesson import journal_entry
from kit.lesson.entries import JournalEntry

CHART = ["Cash", "Accounts receivable", "Loan", "Owner's capital", "Revenue"]
OPENING = {"Cash": ([5000, 3000], [500]), "Loan": -3000, "Owner's capital": -4500}


def bill(**how: Any) -> JournalEntry:
    return journal_entry("Bill the office <b>4,000</b>", **{
        "expected": "2027-01-31 Dr Accounts receivable 4000 / Cr Revenue 4000",
        "accounts": CHART, "opening": OPENING, **how})


def fill(page: Any, *lines: tuple[str, str, str]) -> None:
    for at, (account, debit, credit) in enumerate(lines, start=1):
        if not page.get_by_label(f"Account, line {at}").count():
            page.get_by_role("button", name="Add a line").click()
        page.get_by_label(f"Account, line {at}").select_option(account)
        page.get_by_label(f"Debit, line {at}").fill(debit)
        page.get_by_label(f"Credit, line {at}").fill(credit)


def said(page: Any) -> str:
    return str(page.locator(".cp-body > .cp-said").inner_text())


def test_a_wrong_account_is_told_and_the_right_one_turns_it(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    part = page.get_by_role("region", name="Bill the office <b>4,000</b>")
    assert part.get_attribute("data-state") == "open"
    fill(page, ("Cash", "4,000", ""), ("Revenue", "", "4000"))
    page.get_by_role("button", name="Check").click()
    assert part.get_attribute("data-state") == "part"
    assert "Cash changes only when money moves" in said(page)
    page.get_by_label("Account, line 1").select_option("Accounts receivable")
    assert part.get_attribute("data-state") == "open"
    assert "Cash changes only" in said(page)  # it stays while the learner mends
    page.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert said(page) == "The entry is right."


def test_by_keyboard_alone_and_kept_over_a_reload(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    keys = page.keyboard
    for key in ("Tab", "C", "Tab"):  # a letter chooses in a list
        keys.press(key)
    keys.type("4000")
    for key in ("Tab", "Tab", "R", "Tab", "Tab"):
        keys.press(key)
    keys.type("4 000")
    keys.press("Enter")
    assert "Cash changes only when money moves" in said(page)
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.locator("section.cp").get_attribute("data-state") == "part"
    assert "Cash changes only when money moves" in said(page)
    assert page.get_by_label("Account, line 2").input_value() == "Revenue"
    assert page.get_by_label("Credit, line 2").input_value() == "4 000"


def test_lines_that_were_not_checked_are_kept_and_not_judged(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    fill(page, ("Cash", "4,000", ""), ("Revenue", "", "1"), ("Loan", "", "3999"))
    page.get_by_label("Credit, line 3").blur()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_label("Credit, line 3").input_value() == "3999"
    assert said(page) == ""
    assert page.locator("section.cp").get_attribute("data-state") == "open"


def t_account(page: Any, name: str) -> list[list[str]]:
    rows = page.locator("table.cp-t").filter(
        has=page.locator("caption", has_text=name)).locator("tbody tr")
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def equation(page: Any) -> str:
    return " ".join(page.locator(".cp-beam").inner_text().split())


def test_accounts_and_equation_move_while_it_is_written(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    balance = page.locator(".cp-balance")
    assert t_account(page, "Cash")[:2] == [["5,000", "500"], ["3,000", ""]]
    assert equation(page) == "Assets 7,500 = Liabilities 3,000 + Equity 4,500"
    fill(page, ("Cash", "400.5", ""))
    assert t_account(page, "Cash")[2] == ["400.50", ""]
    assert page.locator("b.cp-new").all_inner_texts() == ["400.50"]
    assert equation(page) == "Assets 7,900.50 ≠ Liabilities 3,000 + Equity 4,500"
    assert balance.inner_text() == "Out of balance by 400.50: debits 400.50, credits 0."
    fill(page, ("Cash", "400.5", ""), ("Revenue", "", "0.10"))
    assert "Out of balance by 400.40" in balance.inner_text()  # exact, as floats are not
    fill(page, ("Cash", "400.5", ""), ("Revenue", "", "400,50"))
    assert balance.inner_text() == "In balance: debits and credits are both 400.50."
    assert equation(page) == "Assets 7,900.50 = Liabilities 3,000 + Equity 4,900.50"


def test_the_text_form_is_that_of_homework_and_is_copied(opened: Callable[..., Visit]) -> None:
    visit = opened([bill(accounts=[*CHART, "Loan 1"], kinds={"Loan 1": "liability"})],
                   permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    assert page.get_by_role("button", name="Copy").is_disabled()
    fill(page, ("Revenue", "", "4,000"), ("Cash", "1200.5", ""))
    text = page.locator(".cp-text")
    assert text.inner_text() == "2027-01-31  Dr Cash 1,200.50 / Cr Revenue 4,000"
    fill(page, ("Revenue", "", "4,000"), ("Cash", "1200.5", ""), ("Loan 1", "500", ""),
         ("Owner's capital", "7", ""))
    assert text.inner_text() + "\n" == format_journal(parse_journal(text.inner_text()))
    assert [line.account for line in parse_journal(text.inner_text())[0].lines] == [
        "Cash", "Owner's capital", "Loan 1", "Revenue"]
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == text.inner_text()


@pytest.mark.parametrize(("works", "told"), [
    ("true", "Copied."), ("false", "It is selected: copy it with Ctrl+C or Cmd+C.")])
def test_without_a_clipboard_the_text_is_selected(
    opened: Callable[..., Visit], works: str, told: str
) -> None:
    page = opened([bill(expected="Dr Cash 4000 / Cr Revenue 4000")]).page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined});"
                  f"document.execCommand = () => {works};")
    fill(page, ("Cash", "4,000", ""))
    page.get_by_role("button", name="Copy").click()
    assert page.get_by_text(told).is_visible()
    assert page.evaluate("String(window.getSelection())") == "Dr Cash 4,000"


@pytest.mark.parametrize(("line", "told", "focus"), [
    (("Cash", "much", ""), "Line 1: type an amount such as 4,000 or 12.50.", "Debit, line 1"),
    (("Cash", "1.255", ""), "Line 1: type an amount", "Debit, line 1"),
    (("Cash", "", "-5"), "Amounts in a journal are positive", "Credit, line 1"),
    (("Cash", "", ""), "Line 1 has no amount yet.", "Debit, line 1"),
    (("", "5", ""), "Choose the account of line 1.", "Account, line 1"),
    (("", "", ""), "Fill in a line first", None),
])
def test_what_is_no_line_yet_is_told(
    opened: Callable[..., Visit], line: tuple[str, str, str], told: str, focus: str | None
) -> None:
    page = opened([bill()]).page
    fill(page, line)
    page.get_by_role("button", name="Check").click()
    assert told in said(page)
    assert page.locator("section.cp").get_attribute("data-state") == "open"
    if focus:
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == focus


@pytest.mark.parametrize(("over", "why"), [
    ("http", "This page has no answer to this entry."),
    ("file", "a browser starts no Python"),
])
def test_what_the_page_cannot_judge_is_sent_to_the_notebook(
    opened: Callable[..., Visit], over: str, why: str
) -> None:
    page = opened([bill()], over=over).page
    fill(page, ("Cash", "1", ""), ("Loan", "2", ""), ("Revenue", "", "3"), ("Revenue", "", "4"),
         ("Owner's capital", "", "5"))
    page.get_by_role("button", name="Check").click()
    assert "Check this one in the notebook." in said(page)
    assert why in said(page)
    part = page.locator("section.cp")
    assert part.get_attribute("data-state") == "open"
    assert "not checked" in part.locator("header").inner_text()
    assert "1" in t_account(page, "Cash")[2]


@pytest.mark.parametrize(("found", "word"), [("part", "not yet"), ("right", "right")])
def test_what_the_python_of_a_page_found_is_there_at_the_next_visit(
    opened: Callable[..., Visit], found: str, word: str
) -> None:
    page = opened([bill()], python=True).page
    page.evaluate("(state) => { coursePython.ask = async () => ({ state, said: ['So'] }); }", found)
    fill(page, ("Cash", "1", ""), ("Loan", "2", ""), ("Revenue", "", "3"), ("Revenue", "", "4"),
         ("Owner's capital", "", "5"))
    page.get_by_role("button", name="Check").click()
    part = page.locator("section.cp")
    expect(part.locator(".cp-kind")).to_have_text(f"Journal entry, {word}")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert part.get_attribute("data-state") == found
    assert part.locator(".cp-kind").inner_text() == f"Journal entry, {word}"
    assert ("Check it again to hear" in said(page)) == (found != "right")
    page.get_by_label("Debit, line 1").fill("7")
    page.get_by_label("Debit, line 1").blur()
    assert part.get_attribute("data-state") == "open"


def test_from_a_file_it_judges_what_is_near(opened: Callable[..., Visit]) -> None:
    page = opened([bill()], over="file").page
    fill(page, ("Accounts receivable", "4,000", ""), ("Revenue", "", "4,000"))
    page.get_by_role("button", name="Check").click()
    assert said(page) == "The entry is right."


def test_no_more_lines_than_fit_are_added(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    more = page.get_by_role("button", name="Add a line")
    for _ in range(6):
        more.click()
    assert more.is_disabled()
    assert page.get_by_label("Account, line 8").evaluate("one => one === document.activeElement")


def test_what_a_learner_types_is_never_markup(opened: Callable[..., Visit]) -> None:
    page = opened([bill()]).page
    fill(page, ("Cash", '"><img src=x onerror=alert(1)>', ""))
    page.get_by_role("button", name="Check").click()
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.locator("section.cp img").count() == 0


def test_state_that_is_not_ours_is_no_error(opened: Callable[..., Visit]) -> None:
    one = bill()
    page = opened([one]).page
    page.evaluate(f"localStorage.setItem('tiny:index:{one.spec['id']}', "
                  "JSON.stringify({rows: [null, ['Till', 5], 7], checked: 3}))")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    assert page.get_by_label("Account, line 1").input_value() == ""


def test_targets_are_large_and_nothing_is_cut_off_on_a_phone(opened: Callable[..., Visit]) -> None:
    page = opened([bill()], viewport={"width": 375, "height": 800}).page
    fill(page, ("Accounts receivable", "4,000.00", ""), ("Revenue", "", "4,000.00"))
    sizes = page.locator("section.cp :is(button, input, select)").evaluate_all(
        "all => all.map((one) => [one.offsetHeight, one.scrollWidth - one.clientWidth])")
    assert all(height >= 44 and over <= 0 for height, over in sizes)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_without_scripts_question_chart_and_accounts_stand_there(
    opened: Callable[..., Visit]
) -> None:
    page = opened([bill()], java_script_enabled=False).page
    text = page.locator("main").inner_text()
    for part in ("Bill the office <b>4,000</b>", "Accounts: Cash", "5,000"):
        assert part in text
    assert "The entry is right" not in page.content()
