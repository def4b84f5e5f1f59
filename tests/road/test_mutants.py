"""The tests of each template notice nearly every small fault in its solutions."""

from __future__ import annotations

import pytest

from kit.check import mutate_course, total_score
from kit.model import Course


@pytest.mark.slow
def test_the_tests_of_a_template_notice_small_faults(released: Course) -> None:
    mutated = mutate_course(released)
    total = total_score(mutated)
    assert total is not None
    assert total >= 0.95, [(one.question, [(trial.line, trial.what) for trial in one.survived])
                           for one in mutated if one.survived]
