"""Every known reason for review: what a person does about it, and what learners are told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do about a reason for review.

    `settled_by` is `review` (a person gives points, or accepts those that stand), `collect`
    (another version of the work), `grade` or `course` (a change in course.yml). `told` is what
    learners read after the question's name, in place of the reason and of what the test said;
    where it is empty they read these.
    """

    text: str
    settled_by: str = "review"
    told: str = ""


_LOOK_AT_IT = "how it was answered"

ADVICE = {
    "timeout": Advice(text="Read the answer. If the limit is at fault, raise it under limits in "
                           "course.yml and grade again with --force; else give points."),
    "killed": Advice(text="It took more memory or processes than it may, or ended itself. Read "
                          "the answer; raise the limits in course.yml or give points."),
    "not-run": Advice(text="Something before it ended the run. Look there first, then give "
                           "points."),
    "not-found": Advice(text="The test was not in the notebook. See whether the answer is, and "
                             "give points for it."),
    "answer-not-found": Advice(text="The answer lost its mark. Find it in the notebook and give "
                                    "points for it."),
    "several-results": Advice(text="The cell showed more than one result, which the shell does "
                                   "not do by itself. Read what the answer displays."),
    "odd-result": Advice(text="The result does not follow from its checks: the answer may have "
                              "changed what is shown. Read it, then give points."),
    "no-points-value": Advice(text="The test gives a value that is no number of points. Mend the "
                                   "test and grade again, or give points."),
    "check-error": Advice(text="A check of yours raised an error. Mend it in source/, release and "
                               "grade again; that settles it for everyone."),
    "check-unjudged": Advice(text="A check could not judge this answer. Read it and give points."),
    "disagrees": Advice(told=_LOOK_AT_IT, text=(
        "The test gave more beside the learner's own code than apart from it. Read the answer: it "
        "may lean on something that is missing there, or fool the test.")),
    "shared": Advice(told=_LOOK_AT_IT, text=(
        "The answer is of a kind that the author's is not, such as an object of a class of its "
        "own, which may say what it likes. Read it, then give points.")),
    "not-verified": Advice(told=_LOOK_AT_IT, text=(
        "The test could only be judged beside the learner's code, and course.yml asks for more. "
        "Read the answer, then give points; kit check says how to rewrite the test.")),
    "tampered": Advice(told=_LOOK_AT_IT, text=(
        "The run changed what grades it. Read the notebook before you give points, and speak "
        "with the learner before you call it cheating.")),
    "missing-result": Advice(text="The engine said nothing of this question. Grade it again with "
                                  "--force, or give points."),
    "unreadable": Advice(settled_by="collect", text=(
        "Ask the learner for a file that can be read, collect it and grade again.")),
    "no-notebook": Advice(settled_by="collect", text=(
        "Ask the learner for the notebook of this assignment, collect it and grade again.")),
    "no-kernel": Advice(text="The kernel that the notebook names is not installed here. Install "
                             "it and grade again with --force."),
    "cannot-grade": Advice(text="The engine refused the hand-in. See to the cause that it names "
                                "and grade again with --force."),
    "engine-error": Advice(text="The engine itself failed. Grade it again with --force; report it "
                                "if it stays."),
    "nbgrader-failed": Advice(text="Stock nbgrader could not grade it. Grade it with the engine "
                                   "local, or give points."),
    "late-policy": Advice(settled_by="course", text=(
        "The late policy failed. Mend it in course.yml; nothing has to be graded again.")),
    "not-graded": Advice(settled_by="grade", text="It was handed in and waits to be graded."),
}
"""By the code of the review. A code that is not here is an engine's own: `advice_of` has words."""


def advice_of(code: str) -> Advice:
    """What to do about a reason of that code; general words where it is not a known one."""
    return ADVICE.get(code, Advice(text="Look at the notebook, then give points or accept those "
                                        "that stand."))
