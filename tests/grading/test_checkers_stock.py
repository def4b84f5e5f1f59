"""The same test cell of checkers gives the same score in stock nbgrader and in our grader."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sourcecells import cell
from stockrelease import released_by_stock

from kit import notebook as notebooks
from kit.collect import submissions
from kit.gradebook import read_release
from kit.grading import grade
from kit.model import Assignment, Course, Limits, Roster

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

CELLS = [
    cell("locked", "import autograders as ag", "setup"),
    cell("answer", "### BEGIN SOLUTION\nrevenue, profit = 100, 40\n### END SOLUTION", "a"),
    cell("test", "q = ag.Question('profit', points=3)\n"
         "q.add(ag.number('revenue', 100, slips=False), weight=0)\n"
         "### BEGIN HIDDEN TESTS\n"
         "q.add(ag.number('revenue', 100))\n"
         "q.add(ag.number('profit', 40, mistakes={140: ag.mistake('added', 'costs added', "
         "credit=0.25)}), weight=2)\n"
         "### END HIDDEN TESTS\nq.result()", "a-test", 3),
    cell("answer", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
         "b"),
    cell("test", "q = ag.Question('double', points=1)\n"
         "def _look(names):\n"
         "    got = ag.call(names['double'], 3)\n"
         "    return ag.passed() if got.value == 6 else ag.failed('no')\n"
         "q.add(ag.Check(label='double', kind='mine', examine=_look))\nq.result()", "b-test", 1),
]

LEARNERS = {
    "learner-0001": ("revenue, profit = 100, 40", "def double(x): return 2 * x"),
    "learner-0002": ("revenue, profit = 100, 140", "def double(x): return x"),
    "learner-0003": ("profit = '40'", "def double(x): raise SystemExit"),
    "learner-0004": (None, None),
    "learner-0005": ("import warnings\nrevenue, profit = float('nan'), 40",
                     "def double(x):\n    warnings.warn('x')\n    print('noise')\n    return 6"),
    # Puts a number on show where the score is read, by each way that is known.
    "learner-0006": (
        ("%precision 0\nrevenue, profit = 100, 1\n"
        "_format = get_ipython().display_formatter.formatters['text/plain']\n"
        "_format.for_type(float, lambda value, printer, cycle: printer.text('3.0'))\n"
        "_hook = get_ipython().displayhook"),
        ("def double(x):\n    _hook(1.0)\n    get_ipython().displayhook(float('nan'))\n"
        "    return 0")),
    # Lies about what it equals.
    "learner-0007": (
        ("class Yes(int):\n    __eq__ = __le__ = lambda self, other: True\n"
        "    __sub__ = __rsub__ = __float__ = __int__ = lambda self, *other: 0.0\n"
        "    __abs__ = lambda self: 0\n    __hash__ = int.__hash__\n"
        "revenue = profit = Yes(7)"), "def double(x): return 0"),
}
EXPECTED = {
    "learner-0001": [3.0, 1.0], "learner-0002": [1.5, 0.0], "learner-0003": [0.0, 0.0],
    "learner-0004": [0.0, 0.0], "learner-0005": [2.0, 1.0], "learner-0006": [1.0, 0.0],
    "learner-0007": [0.0, 0.0],
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Released by stock nbgrader, handed in by each learner."""
    root = tmp_path_factory.mktemp("stock")
    release = released_by_stock(root, CELLS)
    for learner, answers in LEARNERS.items():
        work = notebooks.read(release / "p1.ipynb")
        for one in work["cells"]:
            text = dict(zip("ab", answers, strict=True)).get(notebooks.grade_id(one) or "")
            one["source"] = text if text is not None else one["source"]
        folder = root / "submitted" / learner / "ps1"
        folder.mkdir(parents=True)
        notebooks.write(work, folder / "p1.ipynb")
    assignment = Assignment(name="ps1", title="One", notebooks=("p1",),
                            limits=Limits(cell_seconds=20))
    return Course(root=root, id="c", title="C", timezone=ZoneInfo("UTC"),
                  assignments=(assignment,))


@pytest.mark.parametrize("engine", [
    "local", pytest.param("reference", marks=pytest.mark.slow)])
def test_each_engine_gives_what_the_checks_earned(course: Course, engine: str) -> None:
    (assignment,) = course.assignments
    release = read_release(course, assignment)
    assert release is not None
    scores = grade(course, assignment, release, submissions(course, assignment),
                         roster=Roster(), workers=1, engine=engine)
    found = {score.learner: [result.points for result in score.results] for score in scores}
    assert found == EXPECTED
