"""What is said of an entry is the same on a page, in a notebook's kernel, and by the checker: of
entries that the page was made for, and of others, for which it starts Python."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browser import Visit
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import expect

from autograders.accounting import journal
from autograders.outcome import Outcome
from kit.lesson import journal_entry

CHART = ["Cash", "Accounts receivable", "Equipment", "Loan", "Revenue"]
BILL = "2027-01-31 Dr Accounts receivable 4350 / Cr Revenue 4350"
MISTAKES = {"Dr Accounts receivable 4350 / Cr Cash 4350": "You credited `Cash`. Did it **leave**?"}
MADE = f"journal_entry('Bill', expected={BILL!r}, accounts={CHART!r}, mistakes={MISTAKES!r})"

CHECKING = re.compile("checking$")

Lines = list[tuple[str, str, str]]
CASES: dict[str, Lines] = {
    "right": [("Accounts receivable", "4,350", ""), ("Revenue", "", "4350.00")],
    "swapped sides": [("Accounts receivable", "", "4,350"), ("Revenue", "4350", "")],
    "wrong account": [("Cash", "4,350", ""), ("Revenue", "", "4350")],
    "unbalanced": [("Accounts receivable", "4,350", ""), ("Revenue", "", "435.5")],
    "wrong amount": [("Accounts receivable", "12,000.25", ""), ("Revenue", "", "12000.25")],
    "turned digits": [("Accounts receivable", "4,530", ""), ("Revenue", "", "4530")],
    "one line": [("Accounts receivable", "4,350", "")],
    "known mistake": [("Accounts receivable", "4,350", ""), ("Cash", "", "4,350")],
    "far from it": [("Loan", "7", ""), ("Equipment", "", "4,350"), ("Cash", "0.5", ""),
                    ("Equipment", "3", ""), ("Revenue", "", "99")],
    "in two parts": [("Accounts receivable", "4,000", ""), ("Revenue", "", "4350"),
                     ("Accounts receivable", "350", "")],
}
MORE = ("swapped sides", "wrong account", "wrong amount", "turned digits", "one line")
"""The slow tests have these, too."""


def checked(text: str, expected: str = BILL, chart: list[str] = CHART,
            mistakes: dict[str, str] | None = MISTAKES) -> Outcome:
    """What the checker of homework says of a text in a cell."""
    return journal("entry", expected, accounts=chart, mistakes=mistakes).examine({"entry": text})


def bare(message: str) -> str:
    """A message without its marks, one line a paragraph."""
    return re.sub(r"[`*]", "", message)


def on_page(page: Any, lines: Lines) -> tuple[str, str, str]:
    """The text form, the message and the state of an entry that is written on a page."""
    for at, (account, debit, credit) in enumerate(lines, start=1):
        if not page.get_by_label(f"Account, line {at}").count():
            page.get_by_role("button", name="Add a line").click()
        page.get_by_label(f"Account, line {at}").select_option(account)
        page.get_by_label(f"Debit, line {at}").fill(debit)
        page.get_by_label(f"Credit, line {at}").fill(credit)
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".cp-kind")).not_to_have_text(CHECKING, timeout=90_000)
    said = page.locator(".cp-body > .cp-said p").all_inner_texts()
    state = page.locator("section.cp").get_attribute("data-state")
    return page.locator(".cp-text").inner_text(), "\n".join(said), str(state)


@pytest.fixture(scope="module")
def asked() -> Iterator[Callable[[str], tuple[str, str]]]:
    """Ask a real kernel, in the messages of a front end: asked(text) is message and state."""
    manager, client = start_new_kernel(kernel_name="python3")

    def messages(parent: str) -> Iterator[tuple[str, dict[str, Any]]]:
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") == parent:
                yield message["msg_type"], message["content"]
                if message["content"].get("execution_state") == "idle":
                    return

    try:
        code = f"from kit.lesson import journal_entry\none = {MADE}\none.model_id"
        model = next(content["data"]["text/plain"].strip("'")
                     for kind, content in list(messages(client.execute(code)))
                     if kind == "execute_result")
        count = 0

        def ask(text: str) -> tuple[str, str]:
            nonlocal count
            count += 1
            message = client.session.msg("comm_msg", {"comm_id": model, "data": {
                "method": "update", "state": {"state": {"text": text, "check": count}},
                "buffer_paths": []}})
            client.shell_channel.send(message)
            told = [content["data"]["state"]["told"]
                    for kind, content in messages(message["header"]["msg_id"])
                    if kind == "comm_msg" and "told" in content["data"].get("state", {})]
            assert [one["check"] for one in told] == [count]
            said = (re.sub(r"<[^>]+>", "", html.unescape(one)) for one in told[0]["said"])
            return "\n".join(said), told[0]["state"]

        yield ask
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("case", [
    pytest.param(case, marks=[pytest.mark.slow] if case in MORE else []) for case in CASES])
def test_page_kernel_and_checker_say_the_same(
    opened: Callable[..., Visit], asked: Callable[[str], tuple[str, str]], case: str
) -> None:
    one = journal_entry("Bill", expected=BILL, accounts=CHART, mistakes=MISTAKES)
    visit = opened([one], python=True)
    text, message, state = on_page(visit.page, CASES[case])
    assert len(visit.page.workers) == (case == "far from it")
    outcome = checked(text)
    assert message == bare(outcome.message)
    assert (message, state) == asked(text)
    assert (state == "right") == (outcome.credit >= 1) == (case in ("right", "in two parts"))


WAGES = "Dr Wages expense 2500 / Dr Rent expense 1250.50 / Cr Cash 3750.50"
BOTH = ["Cash", "Accounts payable", "Rent expense", "Wages expense"]
AMOUNTS = ["4350", "4530", "4,350.00", "2500", "1250.5", "3,750.50", "7", "0.30", "999,999.99"]

# Writes an entry in one step, checks it, and reads what is said of it.
WRITE = """async (lines) => {
  const set = (label, value) => {
    document.querySelector(`[aria-label="${label}"]`).value = value;
  };
  lines.forEach(([account, debit, credit], at) => {
    set(`Account, line ${at + 1}`, account);
    set(`Debit, line ${at + 1}`, debit);
    set(`Credit, line ${at + 1}`, credit);
  });
  [...document.querySelectorAll('button')].find((one) => one.innerText.startsWith('Check')).click();
  while (document.querySelector('.cp-kind').innerText.endsWith('checking')) {
    await new Promise((done) => setTimeout(done, 2));
  }
  const said = [...document.querySelectorAll('.cp-body > .cp-said p')].map((one) => one.innerText);
  return [document.querySelector('.cp-text').innerText, said.join('\\n'),
    document.querySelector('section.cp').dataset.state];
}"""


def slipped(right: Lines, chart: list[str], chance: random.Random) -> Lines:
    """The right entry with up to three slips in its lines, and perhaps a line too many or too
    few."""
    lines = [list(one) for one in right]
    for _ in range(chance.randint(0, 3)):
        line = chance.choice(lines)
        kind = chance.choice(["account", "side", "amount", "amounts", "lines"])
        if kind == "account":
            line[0] = chance.choice(chart)
        elif kind == "side":
            line[1:] = line[:0:-1]
        elif kind == "amount":
            line[1 if line[1] else 2] = chance.choice(AMOUNTS)
        elif kind == "amounts":
            other = chance.choice(AMOUNTS)
            lines = [[one[0], *(other if amount else "" for amount in one[1:])] for one in lines]
        elif len(lines) > 1 and chance.random() < 0.5:
            lines.remove(line)
        else:
            lines.append([chance.choice(chart), *chance.sample([chance.choice(AMOUNTS), ""], 2)])
    return [(one[0], one[1], one[2]) for one in lines]


@pytest.mark.parametrize(("expected", "chart", "right"), [
    (BILL, CHART, CASES["right"]),
    (WAGES, BOTH, [("Wages expense", "2500", ""), ("Rent expense", "1250.5", ""),
                   ("Cash", "", "3,750.50")]),
])
@pytest.mark.slow
def test_whatever_the_page_says_the_checker_says(
    opened: Callable[..., Visit], expected: str, chart: list[str], right: Lines
) -> None:
    """300 entries at random: the page's own answers, and those of its Python."""
    one = journal_entry("Any", expected=expected, accounts=chart)
    page = opened([one], python=True).page
    for _ in range(6):
        page.get_by_role("button", name="Add a line").click()
    chance = random.Random(20270131)
    for _ in range(300):
        lines = slipped(right, chart, chance)
        blank = [("", "", "")] * (8 - len(lines))
        text, message, state = page.evaluate(WRITE, [*lines, *blank])
        outcome = checked(text, expected, chart, None)
        assert message == bare(outcome.message), text
        assert (state == "right") == (outcome.credit >= 1)
