"""How many tests of whole courses are judged apart from the learner's code, as they were written.

    python benchmarks/verified.py --json

The courses that the templates make, and nbgrader's own of its user guide, with and without
generated tests. The author's solution is handed in and graded as any submission is, sandbox on.

- `verified_share_COURSE`: of the test cells that it passes, those that were judged apart from it.
- `verified_share`: the same over all courses. `tests_COURSE`: how many there are.

A course whose author's solution fails a test ends it: then there would be nothing to count.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import nbgrader
from road import BESIDE, cost
from telling import parser, tell

from kit.course import load_course
from kit.gradebook import read_release
from kit.grading import grade
from kit.model import CellKind, Roster

GUIDE = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
"""nbgrader's example course, which it installs."""

GUIDE_COURSE = """id: guide
title: nbgrader's example course
authors: [{name: The authors}]
timezone: UTC
parts: []
assignments: [{name: ps1, title: One}, {name: ps1_autotest, title: With generated tests}]
"""


def of_template(template: str) -> Callable[[Path], None]:
    """What makes the course of a template in a folder that is not there yet."""
    def make(root: Path) -> None:
        cost(root.parent, BESIDE / "kit", "new", root, "--template", template,
             "--start", "2027-01-11")
    return make


def of_guide(root: Path) -> None:
    """nbgrader's example course in a folder that is not there yet."""
    root.mkdir()
    (root / "course.yml").write_text(GUIDE_COURSE, encoding="utf-8")
    shutil.copytree(GUIDE / "source", root / "source")
    shutil.copy(GUIDE / "autotests.yml", root)


COURSES: dict[str, Callable[[Path], None]] = {
    "accounting": of_template("accounting"), "statistics": of_template("statistics"),
    "guide": of_guide}
QUICK = ("guide",)


def ways(root: Path) -> Iterator[str]:
    """How the author's pass of each test of a course is known."""
    course = load_course(root)
    for assignment in course.assignments:
        cost(root, BESIDE / "kit", "release", assignment.name)
        release = read_release(course, assignment)
        assert release is not None
        shutil.copytree(root / "source" / assignment.name,
                        root / "submitted" / "learner-0001" / assignment.name)
        for score in grade(course, assignment, release, root / "submitted", roster=Roster()):
            for one in score.results:
                if one.kind is CellKind.TEST and one.points != one.max_points:
                    raise SystemExit(f"{root.name}: {one.grade_id} is failed by the solution")
                if one.kind is CellKind.TEST:
                    yield one.how


def verified_shares(courses: Sequence[str] = tuple(COURSES)) -> dict[str, float]:
    """The figures, of these courses."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        known = {}
        for name in courses:
            COURSES[name](Path(folder) / name)
            known[name] = list(ways(Path(folder) / name))
    found = {"verified_share": share([one for each in known.values() for one in each])}
    found |= {f"verified_share_{name}": share(each) for name, each in known.items()}
    return found | {f"tests_{name}": float(len(each)) for name, each in known.items()}


def share(known: list[str]) -> float:
    """The part of passes that are verified."""
    return known.count("verified") / len(known)


def main() -> None:
    """Measure and print."""
    chosen = parser(__doc__, "nbgrader's example course alone").parse_args()
    tell(verified_shares(QUICK if chosen.quick else tuple(COURSES)), as_json=chosen.json)


if __name__ == "__main__":
    main()
