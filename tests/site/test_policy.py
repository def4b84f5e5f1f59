"""What the grading page says in words, for every policy that course.yml can hold."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.model import Assignment, Course, Grading, Group, LatePolicy
from kit.site.pages.homework import Handed
from kit.site.pages.policy import has_policy, policy, sums_of

GROUPS = (Group(name="sets", title="Sets <b>", weight=3, number=3, drop=1),
          Group(name="exam", title="Exam", weight=1))
CUTOFFS = (("A", 90.0), ("B", 75.0))
WORK = (Assignment(name="ps1", title="Set one", group="sets"),
        Assignment(name="ps2", title="Set two", group="sets"),
        Assignment(name="final", title="The *exam*", group="exam"))


def course(grading: Grading, work: tuple[Assignment, ...] = WORK, **more: object) -> Course:
    return Course(root=Path("/nowhere"), id="c", title="C", timezone=ZoneInfo("UTC"),
                  assignments=work, grading=grading, **more)  # type: ignore[arg-type]


def page(of: Course, points: float | None = None) -> str:
    """The page's text without markup."""
    handed = [Handed(assignment=one, pages=(), points=points) for one in of.assignments]
    plain = re.sub(r"<[^>]*>", " ", policy(of, handed))
    return " ".join(plain.replace("\\", "").split())


def test_groups_weigh_in_percent_and_say_what_falls() -> None:
    text = page(course(Grading(groups=GROUPS, cutoffs=CUTOFFS)))
    assert "Sets &lt;b&gt; 75% 3 assignments, the lowest is left out" in text
    assert "Exam 25% 1 assignment `" in text
    assert "A 90% B 75%" in text


@pytest.mark.parametrize(("late", "said"), [
    (LatePolicy(), "Late work costs nothing."),
    (LatePolicy(name="zero"), "Work that comes in after it was due counts 0."),
    (LatePolicy(name="zero", grace=timedelta(minutes=90)),
     "Work that comes in more than 1 hour and 30 minutes after it was due counts 0."),
    (LatePolicy(name="percent", percent_a_day=15),
     "Each day that has begun costs 15% of what the work earned."),
    (LatePolicy(name="percent", grace=timedelta(hours=1), floor=50),
     "After that, each day that has begun costs 10% of what the work earned. At least 50%"),
    (LatePolicy(name="house-rule"), "follows a rule of this course's own (house-rule): ask."),
])
def test_lateness_in_words(late: LatePolicy, said: str) -> None:
    assert said in page(course(Grading(groups=GROUPS, late=late)))


def test_what_is_left_of_late_work_is_what_grading_would_leave() -> None:
    late = LatePolicy(name="percent", grace=timedelta(hours=1), percent_a_day=10, floor=50)
    text = page(course(Grading(groups=GROUPS, late=late)))
    assert "1 hour 100 12 hours 90 2 days 80 4 days 60 7 days 50" in text


def test_where_learners_set_the_pace_nothing_is_late() -> None:
    text = page(course(Grading(groups=GROUPS, late=LatePolicy(name="zero")), pace="self"))
    assert "Late work" not in text
    assert "does not count against you" in text


def test_what_the_last_one_has_to_bring() -> None:
    text = page(course(Grading(groups=GROUPS, cutoffs=CUTOFFS)))
    assert "The percent that you need on The *exam*, when everything else" in text
    # 75% of the grade at 80 leaves 30 points of 100 for the B, 60 for the A
    assert "80% out of reach 60%" in text
    assert "100% 60% reached" in text


def test_a_course_without_groups_counts_points_once_they_are_known() -> None:
    of = course(Grading(cutoffs=CUTOFFS))
    handed = [Handed(assignment=one, pages=(), points=points)
              for one, points in zip(WORK, (10, 20, 30), strict=True)]
    sums = sums_of(of, handed)
    assert [(group.weight, group.drop) for group in sums.groups] == [(10, 0), (20, 0), (30, 0)]
    assert "counts by its points" in page(of, 10)
    assert "Where you stand" in page(of, 10)
    unknown = page(of)
    assert "Where you stand" not in unknown
    assert "The percent that you need" not in unknown


def test_one_thing_alone_has_no_last_one() -> None:
    alone = course(Grading(groups=(Group(name="exam", title="Exam", weight=1),), cutoffs=CUTOFFS),
                   work=WORK[2:])
    assert "The percent that you need" not in page(alone)
    assert "Where you stand" not in page(alone)


def test_a_course_that_says_nothing_of_grading_has_no_page_for_it() -> None:
    assert not has_policy(course(Grading()))
    assert not has_policy(course(Grading(groups=GROUPS), work=()))
    assert has_policy(course(Grading(cutoffs=CUTOFFS)))


def test_a_late_rule_of_the_authors_own_config_counts(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    (tmp_path / "course.yml").write_text("id: c\ntitle: C\n")
    of = Course(root=tmp_path, id="c", title="C", timezone=ZoneInfo("UTC"), assignments=WORK,
                grading=Grading(groups=GROUPS))
    assert "counts 0" in page(of)
    (tmp_path / "nbgrader_config.py").write_text("import a_module_of_the_grading_server\n")
    assert "follows a rule of this course's own: ask" in page(of)
