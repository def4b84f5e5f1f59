"""The page docs/checkers.md shows every checker, and what it shows is made by running it."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

import doc_pages as pages
import pytest

import autograders as ag

PAGE = (pages.DOCS / "checkers.md").read_text(encoding="utf-8")
CELLS = [re.sub(r"\A:tags:.*\n", "", cell)
         for cell in re.findall(r"```\{code-cell\} python\n(.*?)```", PAGE, re.DOTALL)]
PACK = ("journal", "ledger", "trial_balance", "income_statement", "balance_sheet", "cash_flow",
        "ratio")


@pytest.fixture(scope="module")
def results() -> list[ag.Result]:
    """What the cells of the page show, run one after the other."""
    names: dict[str, Any] = {"__name__": "__main__", "In": ["", *CELLS]}
    shown = []
    for cell in CELLS:
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        shown += [value] if isinstance(value, ag.Result) else []
    return shown


def test_every_checker_is_shown(results: list[ag.Result]) -> None:
    kinds = {check.kind for result in results for check in result.report.checks}
    offered = {name for name in ag.__all__ if inspect.isfunction(getattr(ag, name))
               and inspect.signature(getattr(ag, name)).return_annotation == "Check"} | set(PACK)
    assert {"number", "sealed"} <= offered
    assert offered - {"sealed"} <= kinds, offered - kinds
    assert "ag.sealed(" in PAGE  # which is of the kind of the check that it stands for


def test_each_state_is_shown_and_nothing_failed_to_be_judged(results: list[ag.Result]) -> None:
    checks = [check for result in results for check in result.report.checks]
    assert {check.outcome.state for check in checks} == {
        "passed", "partial", "failed", "review", "later"}
    assert [check.label for check in checks if check.outcome.review] == ["why"]
    tags = {tag for check in checks for tag in check.outcome.tags}
    assert "carried-forward" in tags
    assert "checker-error" not in tags
    assert any(check.hidden for check in checks)


def test_no_result_shows_what_was_expected_of_it(results: list[ag.Result]) -> None:
    shown = next(one for one in results if one.report.question == "schedule")
    assert "your value" in shown._repr_html_()
    assert "-15" in shown._repr_html_()
    assert ">15<" not in shown._repr_html_()
