"""Options of an author's own nbgrader_config.py: each that is used, and the naming of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bench import Bench, answer, check, handed_in, points

from kit.course.author import configured
from kit.course.lateness import cost
from kit.errors import KitError
from kit.grading import unused
from kit.grading.assemble import limited
from kit.grading.config import USUAL, settings
from kit.grading.local import grade
from kit.model import Grading, LatePolicy, Limits, Score

NOISE = "import sys\nprint('Warning: soon gone', file=sys.stderr)"


def configure(bench: Bench, *lines: str) -> None:
    (bench.root / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]))


def graded(bench: Bench, answers: dict[str, str], **files: str) -> Score:
    course, assignment = configured(bench.course, bench.assignment)
    submission = bench.hand_in(handed_in(bench.release.notebooks[0].cells, answers), **files)
    job = replace(bench.job(submission), course=course, assignment=assignment,
                  settings=settings(course, assignment))
    return grade(bench.desk(job.settings), job)


def test_ignore_pattern_takes_stderr_out_before_the_score(bench: Bench) -> None:
    bench.released(answer("a"), check("t1", NOISE), check("t2", NOISE.replace("soon", "long")))
    bench.ways("stderr-noise")
    assert points(graded(bench, {"a": "1"})) == {"t1": 0, "t2": 0}
    configure(bench, "c.IgnorePattern.pattern = 'soon gone'")
    assert points(graded(bench, {"a": "1"})) == {"t1": 0, "t2": 0}, "off unless enabled"
    configure(bench, "c.IgnorePattern.pattern = 'soon gone'", "c.IgnorePattern.enabled = True")
    assert points(graded(bench, {"a": "1"})) == {"t1": 1, "t2": 0}
    cells = bench.written()["cells"]
    assert cells[1]["outputs"] == []
    assert "long gone" in "".join(cells[2]["outputs"][0]["text"])


def test_limit_output_cuts_at_the_authors_lines(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "pass"))
    configure(bench, "c.LimitOutput.max_lines = 4", "c.LimitOutput.max_traceback = 3")
    graded(bench, {"a": "print(*range(9), sep='\\n')\ndef f(n):\n    return f(n - 1) if n else 1/0"
                        "\nf(8)"})
    stream, error = bench.written()["cells"][0]["outputs"]
    assert "".join(stream["text"]) == "0\n1\n2\n... Output truncated ..."
    assert error["traceback"][1] == "... Traceback truncated ..."
    assert len(error["traceback"]) == 3


def test_limit_output_may_be_off() -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x\n" * 3000}
    error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"] * 300}
    off = replace(USUAL, max_lines=-1, max_traceback=-1)
    assert limited([output, error], off) == [output, error]
    assert len(limited([output, error])[0]["text"].split("\n")) == 1000


def test_files_are_left_out_or_kept_as_the_author_says(bench: Bench) -> None:
    source = bench.root / "source" / "ps1"
    source.mkdir(parents=True)
    for name in ("mine.txt", "theirs.txt", "draft.tmp"):
        (source / name).write_text("author")
    configure(bench, "c.CourseDirectory.ignore.append('*.tmp')",
              "c.Autograde.exclude_overwriting = {'ps1': ['theirs.txt']}")
    bench.released(answer("a"), check("t", "import pathlib\n"
                   "assert pathlib.Path('theirs.txt').read_text() == 'learner'\n"
                   "assert pathlib.Path('mine.txt').read_text() == 'author'"))
    files = dict.fromkeys(("mine.txt", "theirs.txt", "draft.tmp", "x.pyc"), "learner")
    assert points(graded(bench, {"a": "1"}, **files)) == {"t": 1}
    left = {path.name for path in (bench.root / "autograded/learner-0001/ps1").iterdir()}
    assert left == {"p1.ipynb", "mine.txt", "theirs.txt"}


def test_the_authors_timeout_stops_a_cell(bench: Bench) -> None:
    bench.assignment = replace(bench.assignment, limits=Limits())
    bench.released(answer("a"), check("t", "import time\ntime.sleep(20)"))
    configure(bench, "c.ExecutePreprocessor.timeout = 1")
    score = graded(bench, {"a": "1"})
    assert points(score) == {"t": 0}
    assert score.review[0].reason == "t ran past its 1 s"


LATE = """\
from nbgrader.plugins import BasePlugin

class Late(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {"a": None, "b": -3, "c": 2.5, "d": 99, "e": float("nan")}[student_id]
"""


@pytest.mark.parametrize(("learner", "taken"), [
    ("a", None), ("b", 0.0), ("c", 2.5), ("d", 4.0), ("e", None)])
def test_a_late_class_is_held_within_the_score(bench: Bench, learner: str,
                                               taken: float | None) -> None:
    (bench.root / "lateness.py").write_text(LATE)
    configure(bench, "c.AssignLatePenalties.plugin_class = 'lateness.Late'")
    course, _ = configured(bench.course, bench.assignment)
    assert cost(course.grading.late, learner, 4.0, 60.0) == taken
    assert cost(course.grading.late, learner, 4.0, 0.0) is None


def test_a_late_class_that_fails_leaves_the_submission_pending(bench: Bench) -> None:
    (bench.root / "lateness.py").write_text(LATE)
    configure(bench, "c.AssignLatePenalties.plugin_class = 'lateness.Late'")
    bench.released(answer("a"), check("t", "pass"))
    course, assignment = configured(bench.course, bench.assignment)
    job = bench.job(bench.hand_in(handed_in(bench.release.notebooks[0].cells)))
    late = job.submission.received_at
    assert late is not None
    score = grade(bench.desk(), replace(
        job, course=course, assignment=assignment, due=late.replace(year=2029)))
    assert score.results[0].points == 1.0, "the work ran; only its penalty is not known"
    assert score.review[0].code == "late-policy"
    assert "lateness.Late" in score.review[0].reason
    assert "KeyError: 'learner-0001'" in score.review[0].reason


@pytest.mark.parametrize(("line", "message"), [
    ("c.IgnorePattern.pattern = '('\nc.IgnorePattern.enabled = True", "no regular expression"),
    ("c.LimitOutput.max_lines = 'many'", "LimitOutput.max_lines makes no sense: many"),
    ("c.CourseDirectory.ignore = '*.tmp'", "CourseDirectory.ignore makes no sense"),
    ("c.Autograde.exclude_overwriting = ['x.py']", "exclude_overwriting makes no sense"),
    ("c.Autograde.exclude_overwriting = {'ps1': 'x.py'}", "exclude_overwriting makes no sense"),
])
def test_an_option_without_sense_is_named(bench: Bench, line: str, message: str) -> None:
    configure(bench, line)
    with pytest.raises(KitError, match=message):
        settings(bench.course, bench.assignment)


@pytest.mark.parametrize(("line", "said"), [
    ("c.Execute.extra_arguments = ['--x']", "Execute.extra_arguments"),
    ("c.Execute.interrupt_on_timeout = False", "Execute.interrupt_on_timeout"),
    ("c.Execute.error_on_timeout = {'ename': 'Slow'}", "Execute.error_on_timeout"),
    ("c.ExecutePreprocessor.startup_timeout = 9", "ExecutePreprocessor.startup_timeout"),
    ("c.Execute.enabled = False", "Execute.enabled"),
    ("c.ClearOutput.enabled = False", "ClearOutput.enabled"),
    ("c.ClearMetadataPreprocessor.enabled = True", "ClearMetadataPreprocessor.enabled"),
    ("c.OverwriteCells.missing_cell_notification = 'x'",
     "OverwriteCells.missing_cell_notification"),
    ("c.DeduplicateIds.enabled = False", "DeduplicateIds.enabled"),
    ("c.Autograde.sanitize_preprocessors = []", "Autograde.sanitize_preprocessors"),
    ("c.Autograde.autograde_preprocessors = ['mine.Step']", "Autograde.autograde_preprocessors"),
    ("c.BaseConverter.post_convert_hook = print", "BaseConverter.post_convert_hook"),
    ("c.CourseDirectory.student_id_exclude = 'x'", "CourseDirectory.student_id_exclude"),
    ("c.CourseDirectory.notebook_id = 'p1'", "CourseDirectory.notebook_id"),
    ("c.CourseDirectory.groupshared = True", "CourseDirectory.groupshared"),
])
def test_what_is_not_used_is_named(bench: Bench, line: str, said: str) -> None:
    configure(bench, line)
    assert unused(bench.course, bench.assignment) == (
        (f"nbgrader_config.py sets {said}, which this engine does not use; "
         "--engine reference does"),)
    assert unused(bench.course, bench.assignment, engine="reference") == ()


@pytest.mark.parametrize("line", [
    "c.Execute.timeout = 5", "c.Execute.interrupt_on_timeout = True",
    "c.Execute.execute_retries = 3", "c.OverwriteCells.add_missing_cells = True",
    "c.CourseDirectory.course_id = 'x'", "c.CourseDirectory.ignore = ['*.tmp']",
    "c.CourseDirectory.max_dir_size = 5", "c.Exchange.root = '/x'",
    "c.LimitOutput.max_lines = 5", "c.ClearSolutions.code_stub = {}",
    "c.ClearMetadataPreprocessor.enabled = False",
])
def test_nothing_is_said_of_what_is_used_or_changes_nothing(bench: Bench, line: str) -> None:
    configure(bench, line)
    assert unused(bench.course, bench.assignment) == ()


def test_what_course_yml_overrules_and_what_only_nbgrader_uses_is_named(bench: Bench) -> None:
    bench.course = replace(bench.course, grading=Grading(late=LatePolicy(name="percent")))
    configure(bench, "c.Execute.timeout = 9", "c.LateSubmissionPlugin.penalty_method = 'zero'",
              "c.CourseDirectory.db_url = 'sqlite:////x.db'",
              "c.GenerateFeedback.force = True", "c.HTMLExporter.template_name = 'mine'")
    assert unused(bench.course, bench.assignment) == (
        ("nbgrader_config.py sets Execute.timeout, LateSubmissionPlugin.penalty_method; "
        "course.yml says otherwise and counts"),
        ("nbgrader_config.py sets CourseDirectory.db_url; the kit uses its usual folders and "
        "gradebook.db"),
        ("nbgrader_config.py sets GenerateFeedback.force, HTMLExporter.template_name, which "
        "only nbgrader's own feedback uses"),
    )
