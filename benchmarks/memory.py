"""Whether grading takes more memory the longer it goes on: real submissions, one after another.

    python benchmarks/memory.py --quick --json

A class of trivial notebooks, no two the same, is graded through `kit.grading.grade` with two
workers; the resident memory of this process and of all processes below it is read at the first
tenth and at the end.

- `mb_grown`, `mb_grown_below`: by how much they grew between, in MB.
- `mb_a_hundred_thousand`: the slope of this process, for 100,000 submissions: the median of what
  it grew by in each fiftieth. A table that is made larger once is no slope.
- `submissions`, `a_second`: how many, and how fast.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from grading import TRIVIAL, course, hand_in
from telling import parser, tell

from kit.course import load_course
from kit.gradebook import read_release
from kit.grading import grade

WORKERS = 2


def resident(*, below: bool) -> float:
    """MB of this process, or of all below it: pages that they share count once."""
    if not below:
        return _megabytes(Path("/proc/self/smaps_rollup"))
    total, waiting = 0.0, _children("self")
    while waiting:
        pid = waiting.pop()
        waiting += _children(pid)
        total += _megabytes(Path(f"/proc/{pid}/smaps_rollup"))
    return total


def _children(pid: str) -> list[str]:
    found: list[str] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += task.read_text().split()
        except OSError:
            continue
    return found


def _megabytes(path: Path) -> float:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def measure(count: int) -> dict[str, float]:
    """Grade so many."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as folder:
        root = load_course(hand_in(course(Path(folder) / "course", TRIVIAL), TRIVIAL, count))
        (assignment,) = root.assignments
        release = read_release(root, assignment)
        assert release is not None
        early = (0, 0.0, 0.0)
        steps: list[float] = []
        began = time.perf_counter()
        for done, _ in enumerate(grade(root, assignment, release, root.root / "submitted",
                                       workers=WORKERS), start=1):
            if done == count // 10:
                early = (done, resident(below=False), resident(below=True))
            if done >= count // 10 and done % (count // 50) == 0:
                steps.append(resident(below=False))
            if done == count - WORKERS:
                late = resident(below=False), resident(below=True)
        seconds = time.perf_counter() - began
    grown = late[0] - early[1]
    return {"mb_grown": grown, "mb_grown_below": late[1] - early[2],
            "mb_a_hundred_thousand": statistics.median(
                later - one for one, later in pairwise(steps)) * 100_000 / (count // 50),
            "submissions": count, "a_second": count / seconds}


def main() -> None:
    """Measure and print."""
    chosen = parser(__doc__, "1,000 submissions rather than 20,000").parse_args()
    tell(measure(1000 if chosen.quick else 20_000), as_json=chosen.json)


if __name__ == "__main__":
    main()
