"""A journal entry in a real JupyterLab: the kernel's checker answers, whatever was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labpage import told

from autograders.accounting import journal

EXPECTED = "2027-01-31 Dr Accounts receivable 4000 / Cr Revenue 4000"
CHART = ["Cash", "Accounts receivable", "Loan", "Owner's capital", "Revenue"]
CELL = f"""from kit.lesson import journal_entry
j = journal_entry("Bill the office 4,000", expected={EXPECTED!r}, accounts={CHART!r})
j"""


def test_the_kernel_judges_what_no_page_holds(run: Callable[..., Any]) -> None:
    page = run("journal_entry", CELL, "print(j.is_right, j.told['check'], j.answer)")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    for at, (account, side, amount) in enumerate([
            ("Cash", "Debit", "1"), ("Loan", "Debit", "2"), ("Revenue", "Credit", "3"),
            ("Accounts receivable", "Credit", "5"), ("Owner's capital", "Credit", "7.5")], 1):
        if at > 2:
            part.get_by_role("button", name="Add a line").click()
        part.get_by_label(f"Account, line {at}").select_option(account)
        part.get_by_label(f"{side}, line {at}").fill(amount)
    part.get_by_role("button", name="Check").click()
    said = part.locator(".cp-body > .cp-said")
    said.get_by_text("does not balance").wait_for(timeout=30_000)
    text = part.locator(".cp-text").inner_text()
    message = journal("entry", EXPECTED, accounts=CHART).examine({"entry": text}).message
    assert said.locator("p").all_inner_texts() == message.replace("`", "").split("\n")
    assert part.get_attribute("data-state") != "right"
    for at, (account, debit, credit) in enumerate([
            ("Accounts receivable", "4000", ""), ("Revenue", "", "4000"), ("", "", ""),
            ("", "", ""), ("", "", "")], 1):
        part.get_by_label(f"Account, line {at}").select_option(account)
        part.get_by_label(f"Debit, line {at}").fill(debit)
        part.get_by_label(f"Credit, line {at}").fill(credit)
    # Letters and arrow keys choose an account, and are no commands of the notebook.
    part.get_by_label("Account, line 1").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    part.get_by_label("Credit, line 2").focus()
    page.keyboard.press("Enter")
    said.get_by_text("The entry is right.").wait_for(timeout=30_000)
    assert part.get_attribute("data-state") == "right"
    assert told(page) == (
        "True 2 2027-01-31  Dr Accounts receivable 4,000 / Cr Revenue 4,000")
