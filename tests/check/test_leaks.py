"""What gives an answer away in a visible test, and what does not."""

from __future__ import annotations

SOLUTION = """\
### BEGIN SOLUTION
total = 1275.5
names = ["Cash", "Revenue"]
table = {"Cash": 1275.5, "Loan": -300.0}
choice = "B"
rate = 1275.5 / 365
### END SOLUTION
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
"""
HIDDEN = """
### BEGIN HIDDEN TESTS
assert total == 1275.5 and names and table and choice == "B" and rate and double(2) == 4
### END HIDDEN TESTS
"""
ANSWER_SHOWN = [
    "assert total == 1275.5",
    "assert 1275.5 == total",
    "assert abs(total - 1275.5) < 1e-6",
    "import math\nassert math.isclose(total, 1275.5, rel_tol=1e-3)",
    "assert round(total) == 1276",
    "assert total == 1200 + 75.5",
    "assert names == ['Cash', 'Revenue']",
    "assert set(names) == {'Cash', 'Revenue'}",
    "assert table['Loan'] == -300",
    "assert choice == 'B'",
    "assert choice in ('B',)",
    "assert round(rate, 2) == 3.49",
    "wanted = 1275.5\nassert total == wanted",
    "right = {'total': 1275.5}\nassert total in right.values()",
    "import numpy as np\nnp.testing.assert_allclose(total, 1275.5)",
    "print(total == 1275.5)",
]
ALL_RIGHT = [
    "assert isinstance(total, float)",
    "assert 0 < total < 100_000",
    "assert len(names) == 2",
    "assert set(table) == {'Cash', 'Loan'}",
    "assert choice in ('A', 'B', 'C', 'D')",
    "assert double(21) == 42",
    "assert total != 0",
    "if round(total) == 1775:\n    print('did you count the loan?')",
    "assert isinstance(names, list), 'names should be a list such as [\\'Cash\\']'",
    "assert table.keys() == {'Cash', 'Loan'}",
    ("import hashlib as h\nassert h.sha1(choice.encode()).hexdigest() == "
     "'ae4f281df5a5d0ff3cad6371f76d5c29b6d953ec'"),
]


def findings(folder, make_cell, tests):
    """(code, number of the test) of what is found, all tests in one notebook."""
    made = [make_cell("test", visible + HIDDEN, f"test_{number}", 1)
            for number, visible in enumerate(tests)]
    folder.insert(0, make_cell("text", "Fill `table` for Cash and Loan."),
                  make_cell("answer", SOLUTION, "many"), *made)
    return [(finding.code, int(finding.cell.removeprefix("test_")))
            for finding in folder.check("ps1") if finding.code != "W206"]


def test_each_way_to_show_an_answer_is_found(folder, make_cell):
    found = findings(folder, make_cell, ANSWER_SHOWN)
    assert found == [("E204", number) for number in range(len(ANSWER_SHOWN))]


def test_checks_of_type_shape_range_and_slips_are_left_alone(folder, make_cell):
    assert findings(folder, make_cell, ALL_RIGHT) == []
