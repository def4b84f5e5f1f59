"""The questions of the templates are fair: clear names, every right form, marks by the slip."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import autograders as ag
from kit.model import Course

Cells = list[dict[str, Any]]


def _cells(folder: Path) -> Cells:
    (path,) = folder.glob("*.ipynb")
    cells: Cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def _mark(cell: dict[str, Any], name: str) -> Any:
    return cell["metadata"].get("nbgrader", {}).get(name)


def _is_test(cell: dict[str, Any]) -> bool:
    return bool(cell["cell_type"] == "code" and _mark(cell, "grade"))


def _tries(cell: dict[str, Any]) -> set[str]:
    """The tags of a cell that tries the tests, and is never released."""
    return set(cell["metadata"].get("tags", [])) & {"wrong-answer", "other-answer"}


def _names(source: str, kind: type[ast.expr_context]) -> set[str]:
    """Names that the cell itself sets or reads: not those of a comprehension's own, and not
    those that a function keeps to itself."""
    tree = ast.parse(source)
    inner = {node.id for part in ast.walk(tree) if isinstance(part, ast.comprehension)
             for node in ast.walk(part.target) if isinstance(node, ast.Name)}
    inner |= {node.id for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)
              for node in ast.walk(part)
              if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = {node.id for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}
    return found - inner


def test_a_test_leaves_the_names_of_learners_alone(released: Course) -> None:
    for cell in filter(_is_test, _cells(released.root / "source" / "ps1")):
        stored = {name for name in _names(cell["source"], ast.Store)
                  if not name.startswith("_") and name != "q"}  # the question itself
        assert not stored, f"{_mark(cell, 'grade_id')} sets {stored}"


def test_a_question_names_what_its_test_reads(released: Course) -> None:
    source = _cells(released.root / "source" / "ps1")
    handed_out = _cells(released.root / "release" / "ps1")
    seen = "\n".join(cell["source"] for cell in handed_out if not _is_test(cell))
    answered: set[str] = set()
    for cell in source:
        if cell["cell_type"] != "code":
            continue
        if _mark(cell, "solution"):
            tree = ast.parse(cell["source"])
            answered |= _names(cell["source"], ast.Store)
            answered |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        elif _is_test(cell):
            read = _names(cell["source"], ast.Load) | _looked_up(cell["source"])
            for name in read & answered:
                assert re.search(rf"\b{name}\b", seen), f"no question says to set {name}"


def _looked_up(source: str) -> set[str]:
    """Names that checkers get as text, such as `by_size['keyhole', 'small']`."""
    texts = {node.value for node in ast.walk(ast.parse(source))
             if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {found[1] for text in texts if (found := re.match(r"([A-Za-z_]\w*)(?:\[.*)?$", text))}


def test_each_question_is_tried_by_a_wrong_and_another_right_answer(released: Course) -> None:
    tried: dict[str, set[str]] = {}
    answer = ""
    for cell in _cells(released.root / "source" / "ps1"):
        if cell["cell_type"] == "code" and _mark(cell, "solution") and not _mark(cell, "grade"):
            answer = _mark(cell, "grade_id")
            tried[answer] = set()
        elif tags := _tries(cell):
            tried[answer] |= tags
    assert tried
    assert [name for name, tags in tried.items() if len(tags) < 2] == []


@pytest.fixture
def score(course_of: Callable[[str], Course], monkeypatch: pytest.MonkeyPatch
          ) -> Callable[[str, str, str], float | str]:
    """Points of one test for an answer given in place of the solution, or why it fails."""

    def run(template: str, question: str, answer: str) -> float | str:
        folder = course_of(template).root / "source" / "ps1"
        monkeypatch.chdir(folder)
        names: dict[str, Any] = {}
        for cell in _cells(folder):
            other_test = _is_test(cell) and _mark(cell, "grade_id") != f"{question}-test"
            if cell["cell_type"] != "code" or other_test or _tries(cell):
                continue
            if _is_test(cell):
                return _points(cell, names)
            exec(cell["source"], names)
            if _mark(cell, "grade_id") == question:
                exec(answer, names)
        raise AssertionError(f"{template} has no question {question}")

    return run


def _points(cell: dict[str, Any], names: dict[str, Any]) -> float | str:
    tree = ast.parse(cell["source"])
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, "test", "exec"), names)
        if last is None:
            return float(_mark(cell, "points"))
        found = eval(compile(ast.Expression(last.value), "test", "eval"), names)
        return found if isinstance(found, ag.Result) else float(found)
    except AssertionError as failed:
        return str(failed)


OTHER_FORMS = [
    ("accounting", "q2", ("profit = march['amount'][[9, 5]].sum()"
     " - march['amount'][[2, 4, 7]].sum()"), 2),
    ("accounting", "q3", ("import numpy as np\noperating, investing, financing ="
     " np.array([3600, -2250, -510])"), 3),
    ("accounting", "q5", ("journal = [[d, c, a] for (d, c, _), a in zip(journal,"
     " march['amount'])]"), 4),
    ("accounting", "q6", """
from collections import Counter
def trial_balance(journal):
    found = Counter()
    for debit, credit, amount in journal:
        found[debit] += amount
        found[credit] -= amount
    return found
""", 3),
    ("statistics", "q1", "mean_wage, median_wage = int(mean_wage), int(median_wage)", 2),
    ("statistics", "q2", "by_spread = np.array(by_spread)", 2),
    ("statistics", "q3", "claims = pd.Series(claims)", 3),
    ("statistics", "q4", "r_flats = np.array(r_flats)", 2),
    ("statistics", "q5", "def line(x, y):\n    return list(np.polyfit(x, y, 1))", 3),
    ("statistics", "q6", ("dearest_flat = rents['flat'][residuals.argmax()]\n"
     "its_residual = round(its_residual)"), 2),
    ("statistics", "q8", "overall = {k: round(v, 2) for k, v in overall.items()}", 4),
    ("statistics", "q9-shares", "cold_share = np.float32(1)", 3),
]


@pytest.mark.parametrize(("template", "question", "answer", "points"), OTHER_FORMS)
def test_a_right_answer_in_another_form_gets_all_points(
        template: str, question: str, answer: str, points: float,
        score: Callable[[str, str, str], float | str]) -> None:
    assert score(template, question, answer) == points


# What each slip earns is stated in the notebook's own cells for it; here, what it is called.
CALLED = [
    ("q1", "mean_wage, median_wage = median_wage, mean_wage",
     {"median-for-mean", "mean-for-median"}),
    ("q1", "for_a_newcomer = 'mean'", {"mean-taken-for-typical"}),
    ("q2", "by_spread = ['A', 'B', 'C']", {"flat-taken-for-calm"}),
    ("q3", "claims = dict.fromkeys(studies, 'S')", {"one-for-all"}),
    ("q3", "claims['dogs'] = 'P'", {"lot-of-people-taken-for-cause"}),
    ("q4", "r_flats = mean_product", {"unit-left-in"}),
    ("q4", "r_flats = mean_product / (rents['size_m2'].std() * rents['rent'].std())",
     {"two-kinds-of-sd"}),
    ("q5", ("def line(x, y):\n    slope = np.std(y) / np.std(x)\n"
     "    return slope, np.mean(y) - slope * np.mean(x)"),
     {"value", "slope-without-r", "carried-forward"}),
    ("q5", "def line(x, y):\n    print(np.polyfit(x, y, 1))", {"returns-none"}),
    ("q6", "its_residual = -its_residual", {"guess-minus-actual"}),
    ("q6", "dearest_flat, its_residual = rents['flat'][rent.argmax()], 0.0",
     {"highest-rent", "value"}),
    ("q6", ("dearest_flat, its_residual = rents['flat'][rent.argmax()],"
     " residuals[rent.argmax()]"), {"highest-rent", "carried-forward"}),
    ("q7", "final_guess, midterm_guess = 80, 110",
     {"starts-from-the-other-mean", "slope-turned-over"}),
    ("q8", "better['all'] = 'open surgery'", {"wins-twice-so-wins"}),
    ("q8", "better = dict.fromkeys(better, 'keyhole')", {"totals-hide-the-sizes"}),
    ("q9-shares", "cold_share, warm_share = 4 / 7, 3 / 7", {"turned-round"}),
    ("q9-shares", "cold_share, warm_share = 4, 3", {"count-or-percentage"}),
    ("q9-shares", "cold_share, warm_share = 100, 300 / 19", {"count-or-percentage"}),
    ("q9-shares", "del cold_share", {"missing"}),
]


@pytest.mark.parametrize(("question", "answer", "tags"), CALLED)
def test_a_known_slip_of_the_statistics_set_is_called_by_its_name(
        question: str, answer: str, tags: set[str],
        score: Callable[[str, str, str], float | str]) -> None:
    found = score("statistics", question, answer)
    assert isinstance(found, ag.Result)
    assert set(found.report.tags) == tags
    assert not found.report.needs_review


CALLED_IN_ACCOUNTING = [
    ("q1", "kinds = dict.fromkeys('abcdefghi', 'neither')", {"one-word"}, 0),
    ("q1", "kinds['b'] = 'revenue'", {"revenue-is-cash"}, 2.8),
    ("q1", "kinds['f'], kinds['g'] = 'revenue', 'expense'",
     {"loan-is-income", "owner-is-firm"}, 2.6),
    ("q2", "profit = 840", {"profit-is-cash"}, 0),
    ("q2", "profit = 5300", {"expense-is-cash"}, 1),
    ("q2", "profit = 3210", {"value"}, 0),
    ("q2", "profit = '3,200'", {"text"}, 0),
    ("q3", "operating = 4100", {"revenue-is-cash"}, 2),
    ("q3", "investing, financing = 2250, -250", {"sign", "owner-is-firm"}, 1),
    ("q4", "balance_sheet['Accounts receivable'] = 10900",
     {"does-not-balance", "still-owed"}, 2.25),
    ("q4", ("profit = 950\nbalance_sheet['Equipment'] = 10140\n"
     "balance_sheet[\"Owner's equity\"] = 9000 + 950 + 750 - 260"), {"asset-is-expense"}, 2.62),
    ("q4", "del profit", set(), 3),
    ("q5", "journal[6] = ('Cash', 'Loan', 1000)", {"sides-swapped"}, 3.75),
    ("q5", "journal[5] = ('Cash', 'Repair revenue', 5700)", {"cash-for-receivable"}, 3.87),
    ("q5", ("journal[0], journal[10] ="
     " ('Cash', 'Repair revenue', 5200), ('Rent expense', 'Cash', 260)"),
     {"revenue-twice", "owner-is-firm"}, 3.75),
    ("q5", "journal = 'Dr Cash 5200 / Accounts receivable 5200'", {"journal-text"}, 0),
    ("q6", ("journal = journal[:-1]\nbalances = dict(OPENING)\n"
     "for account, amount in trial_balance(journal).items():\n"
     "    balances[account] = balances.get(account, 0) + amount"), {"carried-forward"}, 3),
    ("q7", "verdict = dict.fromkeys(verdict, 'hidden')", {"one-word"}, 0),
    ("q7", "verdict = dict.fromkeys(verdict, 'right')", {"one-word"}, 0),
    ("q7", "verdict['D2'] = verdict['D6'] = 'right'", {"balances-so-right"}, 3.11),
    ("q9", "cash_end = 86292\nnot_in_cash = 118848 - cash_end",
     {"profit-is-cash", "carried-forward"}, 2),
    ("q9", "del equity", {"missing"}, 2),
]


@pytest.mark.parametrize(("question", "answer", "tags", "points"), CALLED_IN_ACCOUNTING)
def test_a_known_slip_of_the_accounting_set_is_called_by_its_name_and_keeps_its_points(
        question: str, answer: str, tags: set[str], points: float,
        score: Callable[[str, str, str], float | str]) -> None:
    found = score("accounting", question, answer)
    assert isinstance(found, ag.Result)
    assert set(found.report.tags) == tags
    assert found == pytest.approx(points)
    assert not found.report.needs_review
