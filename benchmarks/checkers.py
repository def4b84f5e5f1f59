"""What a checker costs beside a bare assert that compares the same: one run, ratios.

    python benchmarks/checkers.py --quick --json

`import_seconds` is the CPU time that `import autograders` adds to a bare interpreter. For each
checker, `check_seconds_*` is one question with that check, from `ag.Question` to its result, and
`check_over_assert_*` is that over an assert of the same values.

Of a check that a release sealed: `guess_seconds` is what trying one answer costs whoever has the
release, `seal_seconds_number` what sealing a number with two known mistakes costs the author, and
`sealed_seconds_number` what a learner waits for a new answer to it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

from telling import parser, tell

import autograders as ag

MARCH = "\n".join(f"2027-03-{day:02d} [{day}]  Dr Cash {day}00 / Cr Revenue {day}00"
                  for day in range(1, 13))


def cpu(program: str, times: int) -> float:
    """The least CPU seconds of a new interpreter that runs this."""
    found = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", program], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(found)


def seconds(work: Callable[[], object], least: float) -> float:
    """Seconds of one call: the best of three rounds, each at least so many seconds long."""
    work()
    best = float("inf")
    for _ in range(3):
        calls, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < least:
            work()
            calls += 1
        best = min(best, passed / calls)
    return best


def checked(check: ag.Check, **names: object) -> Callable[[], object]:
    """A question with this check, which the names pass."""
    def work() -> object:
        question = ag.Question("q", points=1, names=names)
        question.add(check)
        return question.result()

    if work() != 1:
        raise SystemExit(f"the right answer does not pass {check.kind}")
    return work


def pairs() -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Each checker beside an assert that compares the same."""
    import pandas as pd

    frame = pd.DataFrame({"year": range(100), "interest": [year / 7 for year in range(100)]})
    own = frame.copy()
    cases = [(number, number * 2) for number in range(100)]

    def double(value: int) -> int:
        return value * 2

    def plain_number() -> None:
        assert abs(1234.5 - 1234.5) <= 1e-9 * 1234.5

    def plain_journal() -> None:
        assert MARCH.splitlines() == MARCH.splitlines()

    def plain_table() -> None:
        pd.testing.assert_frame_equal(own, frame)

    def plain_function() -> None:
        for value, expected in cases:
            assert double(value) == expected

    return {
        "number": (checked(ag.number("x", 1234.5), x=1234.5), plain_number),
        "journal": (checked(ag.accounting.journal("x", MARCH), x=MARCH), plain_journal),
        "table": (checked(ag.table("x", frame, key="year"), x=own), plain_table),
        "function": (checked(ag.function("x", cases), x=double), plain_function),
    }


def sealing(least: float) -> dict[str, float]:
    """What sealing costs, and what it costs to look behind it."""
    from itertools import count

    from autograders.digests import stretched
    from autograders.sealed import packed, seal_of

    full = ag.number("x", 1234.5, digits=4, mistakes={-1234.5: "Which sign?", 100: "Of what?"})
    fresh = count()

    def seal() -> str:
        assert full.handout is not None
        handout = full.handout()
        assert handout is not None
        return packed(seal_of(handout, str(next(fresh)).encode(), counts=True))

    sealed = ag.sealed("number", "x", seal())

    def answer() -> object:
        return sealed.examine({"x": 2000 + 3 * next(fresh)})

    return {
        "guess_seconds": seconds(lambda: stretched(str(next(fresh)), b"salt"), least),
        "seal_seconds_number": seconds(seal, least),
        "sealed_seconds_number": seconds(answer, least),
    }


def main() -> None:
    """Measure and print."""
    chosen = parser(__doc__, "shorter rounds").parse_args()
    times, least = (5, 0.05) if chosen.quick else (15, 0.5)
    figures = {"import_seconds": cpu("import autograders", times) - cpu("pass", times)}
    for name, (check, plain) in pairs().items():
        ours, bare = seconds(check, least), seconds(plain, least)
        figures |= {f"check_seconds_{name}": ours, f"check_over_assert_{name}": ours / bare}
    tell(figures | sealing(least), as_json=chosen.json)


if __name__ == "__main__":
    main()
