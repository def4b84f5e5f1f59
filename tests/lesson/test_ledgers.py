"""T-accounts to look at: as a view of an exploration, in words, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser import Visit

from kit.lesson import explore, t_accounts

BOOKS: dict[str, dict[str, Any]] = {
    "the shop": {"Cash at bank": ([500, 12.5], 0), "Till": (0, 500)},
    "the bank": {"Vault <b>": 500, "Owed to the shop": -500},
}


def whose(books: str) -> Any:
    return t_accounts(BOOKS[books])


def test_amounts_stand_on_their_sides() -> None:
    shown = t_accounts(BOOKS["the shop"])._repr_html_()
    assert shown.count("<table") == 2
    assert "<tr><td>500</td><td></td></tr><tr><td>12.50</td><td></td></tr>" in shown
    assert "<tr><td></td><td>500</td></tr>" in shown


def test_a_balance_is_a_debit_where_it_is_positive_and_names_are_escaped() -> None:
    shown = t_accounts(BOOKS["the bank"])
    assert "Vault &lt;b&gt;" in shown._repr_html_()
    assert shown.said == "Vault <b>: debit 500; Owed to the shop: credit 500"


def test_as_a_view_it_needs_no_text() -> None:
    made = explore(whose, books=list(BOOKS))
    assert made.spec["texts"][0]["said"] == "Cash at bank: debit 500, 12.50; Till: credit 500"
    assert 'class="cp-ts"' in made.static_html()


def test_on_a_page_the_two_sides_are_parted_and_follow_the_control(
    opened: Callable[..., Visit]
) -> None:
    page = opened([explore(whose, books=list(BOOKS))]).page
    accounts = page.locator("table.cp-t")
    assert accounts.locator("caption").all_inner_texts() == ["Cash at bank", "Till"]
    page.get_by_label("the bank").check()
    assert accounts.locator("caption").all_inner_texts() == ["Vault <b>", "Owed to the shop"]
    left, right = accounts.nth(1).locator("td").all()
    width = "e => getComputedStyle(e).borderRightWidth"
    assert (left.evaluate(width), right.evaluate(width)) == ("2px", "0px")
    assert right.inner_text() == "500"


@pytest.mark.parametrize("accounts", [{}, {"Cash": "much"}, {"Cash": 0.001}])
def test_what_is_no_account(accounts: Any) -> None:
    with pytest.raises(ValueError, match=r"account|amount|number"):
        t_accounts(accounts)
