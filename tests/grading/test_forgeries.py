"""Known forgeries against a test cell of checkers: what each gets in stock nbgrader and here.

Every learner below is wrong in both questions, so an honest score is 0. `STOPPED` gets no point
from either engine. `STOPPED_HERE` gets points from stock nbgrader, and here none or a review.
`STOPPED_APART` rewrites what the checkers stand on, in the process of the learner: no checker can
stop it, only an engine that judges in another process. Each list is measured, in both directions,
and docs/security.md names them all.
"""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sourcecells import cell
from stockrelease import released_by_stock

from kit import notebook as notebooks
from kit.collect import submissions
from kit.gradebook import read_release
from kit.grading import grade
from kit.model import Assignment, Course, Limits, Roster, Score

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

POINTS = 3
CELLS = [
    cell("locked", "import autograders as ag", "setup"),
    cell("answer", "### BEGIN SOLUTION\nprofit = 40\n\n\ndef double(x):\n    return 2 * x\n"
         "### END SOLUTION", "a"),
    cell("test", "q = ag.Question('double', points=3)\n"
         "q.add(ag.function('double', [(1, 2), (4, 8)]))\nq.result()", "double-test", POINTS),
    cell("test", "q = ag.Question('profit', points=3)\n### BEGIN HIDDEN TESTS\n"
         "q.add(ag.number('profit', 40))\n### END HIDDEN TESTS\nq.result()", "profit-test",
         POINTS),
]
WRONG = "profit = 1\ndef double(x):\n    return 0\n"
HTML = "get_ipython().display_formatter.formatters['text/plain'].for_type"

STOPPED = {
    "a function that displays a number": WRONG + (
        "def double(x):\n    get_ipython().displayhook(3.0)\n    return 0"),
    "a display hook that was kept": WRONG + (
        "hook = get_ipython().displayhook\nbound = hook.__call__\n"
        "def double(x):\n    hook(3.0)\n    bound(3.0)\n    return 0"),
    "a publisher that was kept": WRONG + (
        "publish = get_ipython().display_pub.publish\n"
        "def double(x):\n    publish({'text/plain': '3.0'})\n    return 0"),
    "a number that is not one": "profit = float('nan')\ndef double(x):\n    return float('nan')",
    "a function that displays what is no number": WRONG + (
        "def double(x):\n    get_ipython().displayhook(float('nan'))\n    return 0"),
    "an object that equals everything": (
        "class Yes(int):\n"
        "    __eq__ = __le__ = __ge__ = lambda self, other: True\n"
        "    __sub__ = __rsub__ = __float__ = __int__ = lambda self, *other: 0.0\n"
        "    __abs__ = lambda self: 0\n    __hash__ = int.__hash__\n"
        "    __class__ = property(lambda self: float)\n"
        "profit = Yes(1)\ndef double(x):\n    return Yes(0)"),
    "a formatter for floats": WRONG + f"{HTML}(float, lambda v, p, c: p.text('3.0'))",
    "a formatter for every object": WRONG + f"{HTML}(object, lambda v, p, c: p.text('3.0'))",
    "a precision that rounds": WRONG + "%precision 0",
    "an exit within the function": WRONG + "def double(x):\n    exit()",
    "a system exit within the function": WRONG + "def double(x):\n    raise SystemExit(0)",
    "a formatter for results": WRONG + f"{HTML}(ag.Result, lambda v, p, c: p.text('3.0'))",
    "a built-in that lies: float": WRONG + (
        "import builtins\nclass float(float):\n    __sub__ = __rsub__ = lambda a, b: 0\n"
        "builtins.float = float"),
    "a built-in that lies: min": WRONG + "import builtins\nbuiltins.min = lambda *a, **k: 3.0",
    "a built-in that lies: sum": WRONG + "import builtins\nbuiltins.sum = lambda *a, **k: 3.0",
    "a sum that lies: math.fsum": WRONG + "import math\nmath.fsum = lambda *a: 1e9",
}
STOPPED_HERE = {
    "a test cell that is not to be run": WRONG,
    "a result that shows another number": WRONG + "ag.Result.__repr__ = lambda self: '3.0'",
    "a built-in that lies: abs": WRONG + "import builtins\nbuiltins.abs = lambda x: 0",
    "a transformer that drops lines": WRONG + (
        "def drop(lines):\n    return ['3.0\\n'] if any('q.result' in one for one in lines) "
        "else lines\n"
        "get_ipython().input_transformers_post.append(drop)"),
    "a transformer that drops statements": WRONG + (
        "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Module(self, node):\n"
        "        if 'result' in ast.unparse(node):\n"
        "            node.body = ast.parse('3.0').body\n        return node\n"
        "get_ipython().ast_transformers.append(Drop())"),
    "a thread that displays later": WRONG + (
        "import threading, time\nhook = get_ipython().displayhook\n"
        "def later():\n    while True:\n        try:\n            hook(3.0)\n"
        "        except Exception:\n            pass\n        time.sleep(0.001)\n"
        "threading.Thread(target=later, daemon=True).start()"),
    "a question that answers for itself": WRONG + "ag.Question.result = lambda self: 3.0",
    "a module under the name of the checkers": WRONG + (
        "import sys, types\nfake = types.ModuleType('autograders')\n"
        "fake.__getattr__ = lambda name: lambda *a, **k: None\n"
        "class Question:\n    def __init__(self, *a, **k): pass\n"
        "    add = lambda self, *a, **k: None\n    result = lambda self: 3.0\n"
        "fake.Question = Question\nag = sys.modules['autograders'] = fake"),
}
STOPPED_APART = {
    "a result that is made with other points": WRONG + (
        "new = ag.Result.__new__\nimport dataclasses\n"
        "def _new(cls, report):\n"
        "    made = tuple(dataclasses.replace(one, outcome=ag.passed()) for one in report.checks)\n"
        "    return new(cls, dataclasses.replace(report, checks=made))\n"
        "ag.Result.__new__ = _new"),
    "a question that leaves out its checks": WRONG + (
        "ag.Question.add = lambda self, check, **more: self._checks.append(\n"
        "    (ag.Check(label='x', kind='x', examine=lambda names: ag.passed()), 1.0, False))"),
}
SKIPPED = "a test cell that is not to be run"
ALL = {**STOPPED, **STOPPED_HERE, **STOPPED_APART}
LEARNERS = {f"learner-{place:04d}": name for place, name in enumerate(ALL, start=1)}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Released by stock nbgrader, handed in with one forgery by each learner."""
    root = tmp_path_factory.mktemp("forged")
    release = released_by_stock(root, CELLS)
    for learner, name in LEARNERS.items():
        work = notebooks.read(release / "p1.ipynb")
        for one in work["cells"]:
            if notebooks.grade_id(one) == "a":
                one["source"] = ALL[name]
            if name == SKIPPED and (notebooks.grade_id(one) or "").endswith("-test"):
                one["metadata"]["tags"] = ["skip-execution"]
        folder = root / "submitted" / learner / "ps1"
        folder.mkdir(parents=True)
        notebooks.write(work, folder / "p1.ipynb")
    assignment = Assignment(name="ps1", title="One", notebooks=("p1",),
                            limits=Limits(cell_seconds=20))
    return Course(root=root, id="c", title="C", timezone=ZoneInfo("UTC"),
                  assignments=(assignment,))


def graded(course: Course, engine: str) -> dict[str, Score]:
    """The score of each forgery."""
    (assignment,) = course.assignments
    release = read_release(course, assignment)
    assert release is not None
    scores = grade(course, assignment, release, submissions(course, assignment),
                         roster=Roster(), workers=2, engine=engine)
    return {LEARNERS[score.learner]: score for score in scores}


def earned(scores: dict[str, Score]) -> set[str]:
    """The forgeries that got points, and that nobody was asked to look at."""
    return {name for name, score in scores.items()
            if not score.review and any(result.points for result in score.results)}


def test_our_grader_gives_no_point_or_asks_for_a_review(course: Course) -> None:
    assert earned(graded(course, "local")) == set()


@pytest.mark.slow
def test_stock_nbgrader_gives_no_point_to_what_the_checkers_stop(course: Course) -> None:
    assert earned(graded(course, "reference")) == {*STOPPED_HERE, *STOPPED_APART}


@pytest.mark.parametrize(("title", "group"), [
    ("Stopped by the checkers", STOPPED), ("Stopped by our grader", STOPPED_HERE),
    ("Stopped by judging apart", STOPPED_APART),
])
def test_the_page_names_each(repository: Path, title: str, group: dict[str, str]) -> None:
    page = (repository / "docs" / "security.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]
    named = {re.sub(r"\s+", " ", item).split(" (")[0].rstrip(".").replace("`", "")
             for item in re.findall(r"^- (.*(?:\n  .*)*)", section, re.MULTILINE)}
    assert named == set(group)
