"""Questions to start from: each works, has visible and hidden tests, and passes `kit check`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Collection
from typing import Any

from kit.notebook import OTHER_ANSWER, SCHEMA_VERSION, WRONG_ANSWER, Cell

_LONGEST = 40


def slug(title: str, otherwise: str = "") -> str:
    """A file name or grade_id of a title: small letters, digits and hyphens.

    `otherwise` is the name of a title without a Latin letter or digit.
    """
    import unicodedata

    # casefold makes "ss" of a sharp s, which ASCII alone would drop.
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or otherwise


def question(kind: str, title: str, *, taken: Collection[str]) -> list[Cell]:
    """The cells of a question; its grade_ids are none of `taken`."""
    first = name = slug(title, "question")
    number = 2
    while {name, f"{name}-test", f"{name}-data"} & set(taken):
        name = f"{first}-{number}"
        number += 1
    return KINDS[kind](title, name)


def text(source: str, name: str) -> Cell:
    """An ordinary Markdown cell."""
    return {"cell_type": "markdown", "id": name[:64], "metadata": {}, "source": source}


def graded(source: str, name: str, *, grade: bool = False, solution: bool = False,
           task: bool = False, points: float | None = None, markdown: bool = False) -> Cell:
    """A cell of nbgrader's, with whole metadata of schema version 3."""
    cell_type = "markdown" if markdown else "code"
    meta: dict[str, Any] = {
        "cell_type": cell_type, "grade": grade, "grade_id": name, "locked": not solution,
        "schema_version": SCHEMA_VERSION, "solution": solution, "task": task,
    }
    if points is not None:
        meta["points"] = points
    cell: Cell = {"cell_type": cell_type, "id": name[:64], "metadata": {"nbgrader": meta},
                  "source": source}
    if not markdown:
        cell |= {"outputs": [], "execution_count": None}
    return cell


def _variable(name: str) -> str:
    made = re.sub(r"\W", "_", name)
    return f"q_{made}" if made[0].isdigit() or keyword.iskeyword(made) else made


def _trial(sort: str, source: str, name: str) -> Cell:
    """An answer that tries the tests; it is never released."""
    return {"cell_type": "code", "id": name[:64], "metadata": {"tags": [sort]}, "source": source,
            "outputs": [], "execution_count": None}


def _number(title: str, name: str) -> list[Cell]:
    variable = _variable(name)
    return [
        text(f"## {title} (2 points)\n\n"
             f"Four customers waited 4, 8, 9 and 15 minutes. Put their mean wait into "
             f"`{variable}`.", f"{name}-text"),
        graded(f"### BEGIN SOLUTION\n{variable} = (4 + 8 + 9 + 15) / 4\n### END SOLUTION", name,
               solution=True),
        _trial(WRONG_ANSWER, f"# scores 0.5: the median\n{variable} = (8 + 9) / 2",
               f"{name}-wrong"),
        _trial(OTHER_ANSWER, f"# scores: whole minutes\n{variable} = 9", f"{name}-other"),
        graded("import autograders as ag\n\n"
               f"q = ag.Question({name!r}, points=2)\n"
               "# A release seals this check: it knows the right answer, and does not show it.\n"
               f"q.add(ag.number({variable!r}, 9, mistakes={{\n"
               '    8.5: ag.mistake("median", "That is the median: half wait longer than it.", '
               "credit=0.25),\n"
               '    36: ag.mistake("sum", "That is all minutes together: by how many?"),\n'
               "}))\n"
               "q.result()", f"{name}-test", grade=True, points=2),
    ]


def _function(title: str, name: str) -> list[Cell]:
    function = _variable(name)
    return [
        text(f"## {title} (3 points)\n\n"
             f"Write `{function}(values)`. It returns the largest of the values less the smallest. "
             "It must work for any list of numbers that is not empty, and leave it as it was.",
             f"{name}-text"),
        graded(f"def {function}(values):\n    ### BEGIN SOLUTION\n"
               "    return max(values) - min(values)\n    ### END SOLUTION", name, solution=True),
        _trial(WRONG_ANSWER, "# scores 1: takes the list for sorted\n"
               f"def {function}(values):\n    return values[-1] - values[0]", f"{name}-wrong"),
        _trial(OTHER_ANSWER, f"def {function}(values):\n    ordered = sorted(values)\n"
               "    return ordered[-1] - ordered[0]", f"{name}-other"),
        graded("import autograders as ag\n\n"
               f"q = ag.Question({name!r}, points=3)\n"
               f"q.add(ag.function({function!r}, [([3, 8], 5)]))  # learners try this example\n"
               "### BEGIN HIDDEN TESTS\n"
               "def _takes_it_for_sorted(values):\n    return values[-1] - values[0]\n\n\n"
               f"q.add(ag.function({function!r}, [([7], 0), ([-4, 2.5, -10], 12.5), "
               "([9, 1, 4], 8)], mistakes={\n"
               '    _takes_it_for_sorted: ag.mistake("takes-it-for-sorted", '
               '"The list need not be in order."),\n'
               "}), weight=2)\n"
               "### END HIDDEN TESTS\n"
               "q.result()", f"{name}-test", grade=True, points=3),
    ]


def _table(title: str, name: str) -> list[Cell]:
    variable = _variable(name)
    return [
        text(f"## {title} (2 points)\n\n"
             f"`sales` lists what two branches sold. Make a table `{variable}` with the columns "
             "`branch` and `amount`: one row a branch, with the sum of its sales.",
             f"{name}-text"),
        graded("import pandas as pd\n\nsales = pd.DataFrame({\n"
               '    "branch": ["north", "south", "north", "south", "north"],\n'
               '    "amount": [120, 75, 60, 45, 30],\n})\nsales', f"{name}-data"),
        graded(f'### BEGIN SOLUTION\n{variable} = sales.groupby("branch", as_index=False)'
               '["amount"].sum()\n### END SOLUTION', name, solution=True),
        _trial(WRONG_ANSWER, "# scores 0: the means\n"
               f'{variable} = sales.groupby("branch", as_index=False)["amount"].mean()',
               f"{name}-wrong"),
        _trial(OTHER_ANSWER, "# scores: by hand, in another order\n"
               f'{variable} = pd.DataFrame({{"branch": ["south", "north"], "amount": [120, 210]}})',
               f"{name}-other"),
        graded("import autograders as ag\n\n"
               f"q = ag.Question({name!r}, points=2)\n"
               '_sums = pd.DataFrame({"branch": ["north", "south"], "amount": [210, 120]})\n'
               f'q.add(ag.table({variable!r}, _sums, key="branch", credit="rows"))\n'
               "q.result()", f"{name}-test", grade=True, points=2),
    ]


def _written(title: str, name: str) -> list[Cell]:
    return [
        text(f"## {title} (3 points)\n\n"
             "Which would you promise to a customer, the mean wait or the median? Answer in two or "
             "three sentences, with a reason.", f"{name}-text"),
        graded("The model answer stands here; learners get an empty cell. The median: one long "
               "wait moves the mean, while half of all customers wait no longer than the "
               "median.\n\n1 point for a choice, 1 for the effect of a long wait, 1 for what the "
               "median says.", name, grade=True, solution=True, points=3, markdown=True),
    ]


def _task(title: str, name: str) -> list[Cell]:
    return [
        graded(f"## {title} (3 points)\n\n"
               "Draw the waits of question 1 as a chart in a new cell below, and name its axes.\n\n"
               "### BEGIN MARK SCHEME\n"
               "1 point for a chart that fits single values, 1 for the axes, 1 for units.\n"
               "### END MARK SCHEME", name, task=True, points=3, markdown=True),
    ]


KINDS: dict[str, Callable[[str, str], list[Cell]]] = {
    "number": _number, "function": _function, "table": _table, "written": _written, "task": _task,
}
"""What `kit add question --kind` knows."""
