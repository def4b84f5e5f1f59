"""What a class costs here and with stock nbgrader: the same submissions, one run, ratios.

    python benchmarks/road.py --quick --json

Each figure `stock_over_ours_*` is the time of nbgrader's own command over ours, for the same
files on the same machine in the same run; `help_over_bare_python` is `kit --help` over a bare
interpreter.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from telling import parser, tell

BESIDE = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Wall-clock and CPU seconds of a command with all its children."""

    wall: float
    cpu: float


def cost(folder: Path, *command: object) -> Cost:
    """Run a command to its end and return what it cost; it must succeed."""
    environment = {**os.environ, "PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run([str(word) for word in command], cwd=folder, env=environment,
                          capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall=wall, cpu=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def class_of(home: Path, template: str, count: int) -> Path:
    """A course of the template with `count` submissions that both graders can read."""
    kit = BESIDE / "kit"
    root = home / "course"
    cost(home, kit, "new", root, "--template", template, "--start", "2027-01-11")
    cost(root, kit, "release", "ps1")
    release = root / "release" / "ps1"
    for number in range(1, count + 1):
        source = root / "source" / "ps1" if number % 3 else release
        target = root / "submitted" / f"learner-{number:04d}" / "ps1"
        shutil.copytree(source, target)
    return root


def measure(template: str, count: int) -> dict[str, float]:
    """Grade and write feedback for the same class by both, and compare."""
    with tempfile.TemporaryDirectory(prefix="kit-bench-") as name:
        ours = class_of(Path(name), template, count)
        stock = Path(name) / "stock"
        shutil.copytree(ours, stock)
        grade = (cost(stock, "nbgrader", "autograde", "ps1"), cost(ours, "kit", "grade", "ps1"))
        again = cost(ours, "kit", "grade", "ps1")
        pages = (cost(stock, "nbgrader", "generate_feedback", "ps1"),
                 cost(ours, "kit", "feedback", "ps1"))
    return {
        "submissions": count,
        f"stock_over_ours_grade_wall_{template}": grade[0].wall / grade[1].wall,
        f"stock_over_ours_grade_cpu_{template}": grade[0].cpu / grade[1].cpu,
        f"first_over_second_run_{template}": grade[1].wall / again.wall,
        f"stock_over_ours_feedback_wall_{template}": pages[0].wall / pages[1].wall,
    }


def starting() -> dict[str, float]:
    """`kit --help` over an interpreter that does nothing; the best of five each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = min(cost(folder, sys.executable, "-c", "pass").wall for _ in range(5))
        shown = min(cost(folder, "kit", "--help").wall for _ in range(5))
    return {"help_seconds": shown, "help_over_bare_python": shown / bare}


def main() -> None:
    """Measure and print."""
    options = parser(__doc__, "a class of 12 rather than 60")
    options.add_argument("--template", default="accounting")
    chosen = options.parse_args()
    tell({**starting(), **measure(chosen.template, 12 if chosen.quick else 60)},
         as_json=chosen.json)


if __name__ == "__main__":
    main()
