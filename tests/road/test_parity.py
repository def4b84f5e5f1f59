"""Ours against stock nbgrader, question by question, over a simulated class of hundreds."""

from __future__ import annotations

import pytest

from kit.regrading import regrade

COUNT = 300
UNJUDGED = ("not-judged", "unreadable", "no-notebook", "repaired")
"""What stock nbgrader stumbles over: doubled or lost cells, files that are not JSON."""


@pytest.mark.slow
@pytest.mark.parametrize("template", ["accounting", "statistics"])
def test_scores_are_stock_nbgraders_but_for_the_documented_rows(course_of, copy_of, kit, template
                                                                ) -> None:
    course = copy_of(course_of(template))
    at = ("--course", course.root)
    assert kit("simulate", "ps1", "--count", COUNT, "--seed", "11", "--roster", *at)[0] == 0
    assert kit("collect", "ps1", course.root / ".kit/simulated/ps1", *at)[0] == 0
    assert kit("grade", "ps1", *at)[0] == 0
    (assignment,) = course.assignments
    with regrade(course, assignment, engine="reference") as found:
        assert found.graded == COUNT
    refused = {one.learner for one in found.differences if one.cause in UNJUDGED}
    other = [one for one in found.differences if one.learner not in refused]
    assert other == []
    assert len(refused) <= COUNT // 10
