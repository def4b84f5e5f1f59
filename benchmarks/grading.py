"""What grading costs here, with stock nbgrader, and at the limit: the same submissions, one run.

    python benchmarks/grading.py --quick --json

Each notebook has an import, six answers, six test cells and an answer that a person marks; of
six learners one gives wrong answers. Three kinds: `trivial` (plain Python), `pandas`, `figure`
(one drawn with matplotlib).

- `stock_over_ours_KIND`: CPU seconds a submission of `nbgrader autograde`, one after another,
  over those of `kit grade`.
- `stock_over_ours_wall_KIND`: the same in wall time; ours has two workers.
- `parallel_over_ours_wall_KIND`: two processes of stock side by side, each with half the class.
- `stock_over_ours_data`: the same for a notebook that reads a table of 50 MB at its top.
- `two_process_cost`: CPU of `kit grade` over the same with tests run in the learner's process.
- `verified_share`: of the tests that authors' solutions pass in whole courses, those judged apart
  from them: see `verified.py`. `verified_share_KIND`: the same of these notebooks.
- `ms_STEP_KIND`: wall time of a step, one worker: see `stages.py`. `mb_worker`: largest process.
- `ours_over_limit_KIND`: CPU, with nothing shared at the top of the notebooks, over a fork of the
  same warm process in which the cells are given to `exec` and nothing else is done. For `data`
  both share the table: it was read once by the process that is forked.

A submission costs what a larger class costs more than a smaller one, by the number that it has
more: starting the program and importing packages once is left out on each side. They take turns,
three times, and the middle time counts; with --quick once. `ms_*` are milliseconds a submission.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from road import BESIDE, Cost, cost
from stages import STEPS, right, stages
from telling import parser, tell
from verified import COURSES, QUICK, verified_shares

WORKERS, ROUNDS = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A class of notebook: what it imports, its answers (right, wrong), and a test of each."""

    packages: Sequence[str]
    imports: str
    questions: Sequence[tuple[str, str, str]]
    rows: int = 0
    """Rows of a table that comes with it, of about 50 bytes each."""


TRIVIAL = Kind(packages=(), imports="import math", questions=(
    ("def area(r):\n    return math.pi * r ** 2", "def area(r):\n    return math.pi * r",
     "assert abs(area(2) - 12.566370614359172) < 1e-9"),
    ("total = sum(range(101))", "total = sum(range(100))", "assert total == 5050"),
    ("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)", "def fact(n):\n    return n",
     "assert [fact(n) for n in range(6)] == [1, 1, 2, 6, 24, 120]"),
    ("words = sorted({'pear', 'fig', 'plum'}, key=len)", "words = ['fig']",
     "assert words[0] == 'fig' and len(words) == 3"),
    ("def is_prime(n):\n    return n > 1 and all(n % d for d in range(2, n))",
     "def is_prime(n):\n    return n % 2 == 1",
     "assert [n for n in range(20) if is_prime(n)] == [2, 3, 5, 7, 11, 13, 17, 19]"),
    ("table = {n: n * n for n in range(10)}", "table = {}", "assert table[7] == 49"),
))

PANDAS = Kind(
    packages=("numpy", "pandas"), imports="import numpy as np\nimport pandas as pd",
    questions=(
        ("sales = pd.DataFrame({'shop': list('aabbcc') * 20, 'units': range(120)})",
         "sales = pd.DataFrame({'shop': ['a'], 'units': [1]})",
         "assert sales.shape == (120, 2)"),
        ("by_shop = sales.groupby('shop').units.sum()", "by_shop = sales.units",
         "assert by_shop['a'] == 2300"),
        ("mean = sales.units.mean()", "mean = 0", "assert np.isclose(mean, 59.5)"),
        ("def top(frame, n):\n    return frame.nlargest(n, 'units')",
         "def top(frame, n):\n    return frame.head(n)",
         "assert list(top(sales, 2).units) == [119, 118]"),
        ("joined = sales.merge(pd.DataFrame({'shop': list('abc'), 'town': list('xyz')}))",
         "joined = sales", "assert set(joined.columns) == {'shop', 'units', 'town'}"),
        (("wide = sales.assign(day=np.arange(120) // 6).pivot_table("
         "index='day', columns='shop', values='units')"), "wide = sales",
         "assert wide.shape == (20, 3)"),
    ))

FIGURE = Kind(
    packages=("numpy", "pandas", "matplotlib"),
    imports="import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
    questions=(
        (("x = np.linspace(0, 6, 100)\nfig, ax = plt.subplots()\nax.plot(x, np.sin(x))\n"
         "ax.set_title('sine')\nplt.show()"), "x = np.zeros(3)", "assert len(x) == 100"),
        *PANDAS.questions[:5]))

DATA = Kind(
    packages=("numpy", "pandas"), rows=1_000_000,
    imports="import numpy as np\nimport pandas as pd\nsales = pd.read_csv('sales.csv')",
    questions=(
        ("total = sales.units.sum()", "total = 0", "assert total == 499999500000"),
        ("size = sales.shape", "size = 0", "assert size == (1_000_000, 4)"),
        ("best = sales.loc[sales.units.idxmax(), 'shop']", "best = ''",
         "assert best == 'shop-0'"),
        ("def above(n):\n    return int((sales.units > n).sum())", "def above(n):\n    return n",
         "assert above(999989) == 10"),
        ("mean = sales.price.mean()", "mean = 0", "assert np.isclose(mean, 4.5)"),
        ("first = sales.head(3)", "first = sales.tail(3)", "assert list(first.units) == [0, 1, 2]"),
    ))

KINDS = {"trivial": TRIVIAL, "pandas": PANDAS, "figure": FIGURE}


def cell(kind: str, source: str, name: str, **flags: Any) -> dict[str, Any]:
    """A cell with nbgrader's metadata."""
    told = {"grade": False, "solution": False, "locked": False, "task": False,
            "schema_version": 3, "grade_id": name, **flags}
    made: dict[str, Any] = {"cell_type": kind, "id": name, "source": source,
                            "metadata": {"nbgrader": told}}
    if kind == "code":
        made.update(outputs=[], execution_count=None)
    return made


def notebook(kind: Kind, answers: Sequence[str]) -> str:
    """The problem set with these answers, as text."""
    cells = [cell("code", kind.imports, "imports", locked=True)]
    for place, (answer, (_, _, test)) in enumerate(zip(answers, kind.questions, strict=True)):
        cells.append(cell("code", answer, f"answer-{place}", solution=True))
        cells.append(cell("code", test, f"test-{place}", grade=True, locked=True, points=1))
    cells.append(cell("markdown", "It grows.", "explain", grade=True, solution=True, points=1))
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}})


def course(root: Path, kind: Kind) -> Path:
    """A course whose problem set is released; nobody handed in yet."""
    (root / "source" / "ps1").mkdir(parents=True)
    packages = ", ".join(kind.packages)
    (root / "course.yml").write_text(
        "id: bench\ntitle: A class\nauthors: [{name: The authors}]\ntimezone: UTC\nparts: []\n"
        "assignments: [{name: ps1, title: One}]\n"
        f"environment: {{packages: [{packages}]}}\n", encoding="utf-8")
    solution = notebook(kind, [f"### BEGIN SOLUTION\n{good}\n### END SOLUTION"
                               for good, _, _ in kind.questions])
    (root / "source" / "ps1" / "ps1.ipynb").write_text(solution, encoding="utf-8")
    if kind.rows:
        (root / "source" / "ps1" / "sales.csv").write_text("shop,units,price,note\n" + "".join(
            f"shop-{row * 5 % 7},{row},{row % 10},a note of some thirty letters\n"
            for row in range(kind.rows)), encoding="utf-8")
    cost(root, BESIDE / "kit", "release", "ps1", "--force")
    return root


def hand_in(root: Path, kind: Kind, count: int) -> Path:
    """Have `count` learners of the course hand in; no two notebooks are the same."""
    for number in range(1, count + 1):
        learner = f"learner-{number:04d}"
        answers = [f"# {number}\n{good if right(learner) else wrong}"
                   for good, wrong, _ in kind.questions]
        folder = root / "submitted" / learner / "ps1"
        folder.mkdir(parents=True)
        (folder / "ps1.ipynb").write_text(notebook(kind, answers), encoding="utf-8")
    return root


def classes(folder: Path, kind: Kind, **counts: int) -> list[Path]:
    """Classes of one course, by name, with so many learners each."""
    released = course(folder / "released", kind)
    return [hand_in(shutil.copytree(released, folder / name), kind, count)
            for name, count in counts.items()]


def stock(root: Path, *students: str) -> Cost:
    """`nbgrader autograde`, one process."""
    named = [f"--student={one}" for one in students]
    return cost(root, BESIDE / "nbgrader", "autograde", "ps1", "--force", *named)


def parallel(root: Path) -> float:
    """Wall seconds of two stock processes, each with the learners of odd or of even number."""
    halves = ["*[13579]", "*[02468]"]
    began = time.perf_counter()
    threads = [threading.Thread(target=stock, args=(root, half)) for half in halves]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return time.perf_counter() - began


KIT = "import sys\nfrom kit.cli.main import main\nsys.exit(main(sys.argv[1:]))\n"
BESIDE_LEARNERS = """
from dataclasses import replace
from kit.grading import desk
apart = desk.trials
desk.trials = lambda *given: replace(apart(*given), by_id={})
"""
EACH_FROM_ITS_TOP = """
from kit.grading import running
running.same_top = lambda sources: ()
"""


def ours(root: Path, change: str = "") -> Cost:
    """`kit grade` of the whole class, with a change made to it before."""
    return cost(root, sys.executable, "-c", change + KIT, "grade", "ps1", "--force",
                "--workers", WORKERS)


LIMIT = """
import json, os, sys
packages, top, books = json.loads(sys.stdin.read())
from kit.sandbox.pages import make_room
room = make_room()
from kit.sandbox.warming import warm_up
warm_up(packages, room)
shared = {}
exec(top, shared)
before = os.times()
for cells in books:
    pid = os.fork()
    if pid == 0:
        names = dict(shared)
        for source in cells:
            try:
                exec(compile(source, 'cell', 'exec'), names)
            except Exception:
                pass
        os._exit(0)
    os.waitpid(pid, 0)
after = os.times()
print(sum(after[:4]) - sum(before[:4]))
"""


def limit(root: Path, kind: Kind) -> float:
    """CPU seconds a submission of a fork and `exec`; of a process that has read the table, where
    one comes with the notebook."""
    top = kind.imports if kind.rows else ""
    books = []
    for path in sorted(root.glob("submitted/*/ps1/ps1.ipynb")):
        book = json.loads(path.read_text(encoding="utf-8"))
        cells = [one["source"] for one in book["cells"] if one["cell_type"] == "code"]
        books.append([source for source in cells if source != top])
    done = subprocess.run(
        [sys.executable, "-c", LIMIT], input=json.dumps([kind.packages, top, books]),
        text=True, capture_output=True, check=True, cwd=root / "source" / "ps1",
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    return float(done.stdout.split()[-1]) / len(books)


Grades = Callable[[bool], Cost]
"""Grades the small class, or the large one."""


def each(
    runs: Mapping[str, tuple[Grades, int]], limited: Callable[[], float], rounds: int
) -> tuple[dict[str, Cost], float]:
    """What one submission more costs, by name, and at the limit; the number is how many more the
    large class has.

    All take turns, so that a machine which is slower for a minute is so for all; of the times of
    several rounds the middle one counts. The least would be that of a machine at its fastest, which
    it is for a short run more often than for a long one.
    """
    few: dict[str, list[Cost]] = {name: [] for name in runs}
    many: dict[str, list[Cost]] = {name: [] for name in runs}
    limits = [limited()]
    for _ in range(rounds):
        for name, (run, _) in runs.items():
            few[name].append(run(False))
            many[name].append(run(True))
        limits.append(limited())
    return {name: Cost(
        wall=(median(one.wall for one in many[name])
              - median(one.wall for one in few[name])) / more,
        cpu=(median(one.cpu for one in many[name]) - median(one.cpu for one in few[name])) / more)
        for name, (_, more) in runs.items()}, median(limits)


def measure(name: str, kind: Kind, *, quick: bool) -> dict[str, float]:
    """All figures of one kind of notebook."""
    slow, rounds = name == "figure", 1 if quick else ROUNDS
    few, many = (10, 30 if slow else 60) if quick else (20, 220 if slow else 420)
    some, more = (1, 4 if slow else 6) if quick else (2, 18)
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        small, large, theirs = classes(Path(folder), kind, small=few, large=many, stock=more)
        both = small, large
        runs: dict[str, tuple[Grades, int]] = {
            "there": (lambda whole: stock(theirs, *some_of(some, whole)), more - some),
            "here": (lambda whole: ours(both[whole]), many - few),
            "alone": (lambda whole: ours(both[whole], BESIDE_LEARNERS), many - few)}
        if not slow:
            runs["whole"] = lambda whole: ours(both[whole], EACH_FROM_ITS_TOP), many - few
        found, bare = each(runs, lambda: limit(large, kind), rounds)
        steps = stages(small)
        beside = parallel(theirs) / more
    there, here = found["there"], found["here"]
    figures = {
        f"stock_over_ours_{name}": there.cpu / here.cpu,
        f"stock_over_ours_wall_{name}": there.wall / here.wall,
        f"parallel_over_ours_wall_{name}": beside / here.wall,
        f"ms_stock_{name}": 1000 * there.cpu, f"ms_ours_{name}": 1000 * here.cpu,
        f"ms_wall_ours_{name}": 1000 * here.wall, f"ms_limit_{name}": 1000 * bare,
    }
    figures |= {f"{step}_{name}": value for step, value in steps.items()}
    figures[f"two_process_cost_{name}"] = here.cpu / found["alone"].cpu
    if not slow:
        figures[f"ours_over_limit_{name}"] = found["whole"].cpu / bare
    return figures


def some_of(few: int, whole: bool) -> tuple[str, ...]:
    """The learners of a class for stock nbgrader: all, or the first few."""
    return () if whole else (f"learner-000[1-{few}]",)


WORDS = {
    "stock_over_ours": "stock `nbgrader autograde` over ours, CPU",
    "stock_over_ours_wall": "the same, wall time, ours with two workers",
    "parallel_over_ours_wall": "two stock processes side by side over ours, wall time",
    "ours_over_limit": "ours over a bare fork and `exec`, CPU",
    "two_process_cost": "ours over the same with tests in the learner's process, CPU",
    "ms_stock": "stock, ms of CPU", "ms_ours": "ours, ms of CPU",
    "ms_wall_ours": "ours, ms of wall time", "ms_limit": "bare fork and `exec`, ms of CPU",
}


def page(figures: dict[str, float], *, quick: bool) -> str:
    """The page of figures."""
    lines = [
        "# What grading costs", "",
        (f"Made by `python benchmarks/grading.py {'--quick ' if quick else ''}--page "
         f"docs/performance.md`, which says how each figure is measured. One run, all on the same "
         f"submissions: {platform.machine()}, {os.cpu_count()} cores, Python "
         f"{platform.python_version()}, Linux {platform.release().partition('-')[0]}. Each "
         "notebook has 13 code cells; sandbox and judging in two processes are on."
         + (" It was a quick run of small classes: the next may differ by a third." if quick
            else "")), "",
        "| a submission | trivial | pandas | figure | 50 MB table |", "|---|---|---|---|---|"]
    lines += [f"| {words} | " + " | ".join(
        shown(figures[key]) if (key := f"{name}_{kind}") in figures else ""
        for kind in (*KINDS, "data")) + " |" for name, words in WORDS.items()]
    lines += ["", "Where the wall time of one worker goes, in milliseconds a submission:", "",
              "| step | trivial | pandas | figure |", "|---|---|---|---|"]
    lines += [f"| {step} | " + " | ".join(
        shown(figures[f"ms_{step}_{kind}"]) for kind in KINDS) + " |"
        for step in (*STEPS, "other")]
    largest = ", ".join(f"{figures[f'mb_worker_{kind}']:.0f} MB ({kind})" for kind in KINDS)
    tests = sum(value for name, value in figures.items() if name.startswith("tests_"))
    lines += ["", (f"Of the {tests:.0f} tests of {'' if quick else 'the templates and '}nbgrader's "
                   f"example course, {figures['verified_share']:.0%} are verified, as they were "
                   f"written. The largest process had {largest}.")]
    return "\n".join(lines) + "\n"


def shown(value: float) -> str:
    """A figure with three digits that say something."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def with_data(*, quick: bool) -> dict[str, float]:
    """`stock_over_ours_data`: a table of 50 MB read at the top, which runs share."""
    rounds = 1 if quick else ROUNDS
    few, many = (4, 34) if quick else (4, 304)
    some, more = (1, 4) if quick else (2, 8)
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        *both, theirs = classes(Path(folder), DATA, small=few, large=many, stock=more)
        found, bare = each({
            "there": (lambda whole: stock(theirs, *some_of(some, whole)), more - some),
            "here": (lambda whole: ours(both[whole]), many - few)},
            lambda: limit(both[True], DATA), rounds)
    there, here = found["there"], found["here"]
    return {"ours_over_limit_data": here.cpu / bare, "ms_limit_data": 1000 * bare,
            "stock_over_ours_data": there.cpu / here.cpu, "ms_stock_data": 1000 * there.cpu,
            "stock_over_ours_wall_data": there.wall / here.wall, "ms_ours_data": 1000 * here.cpu,
            "ms_wall_ours_data": 1000 * here.wall}


def main() -> None:
    """Measure and print."""
    asked = parser(__doc__, "small classes, in one round")
    asked.add_argument("--page", type=Path, help="write the figures to this page")
    chosen = asked.parse_args()
    figures: dict[str, float] = {}
    for name, kind in KINDS.items():
        figures |= measure(name, kind, quick=chosen.quick)
    figures |= with_data(quick=chosen.quick)
    figures["two_process_cost"] = sum(
        figures[f"two_process_cost_{kind}"] for kind in KINDS) / len(KINDS)
    figures |= verified_shares(QUICK if chosen.quick else tuple(COURSES))
    figures["mb_most"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if chosen.page:
        chosen.page.write_text(page(figures, quick=chosen.quick), encoding="utf-8")
    tell(figures, as_json=chosen.json)


if __name__ == "__main__":
    main()
