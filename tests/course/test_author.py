"""What an author's own nbgrader_config.py says, and course.yml over it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.course import assignment_of, load_course
from kit.course.author import A_DAY, configured, read_config
from kit.course.derived import HEADER
from kit.errors import CourseError
from kit.files import digest_tree

YAML = "id: c\ntitle: C\nassignments:\n  - name: ps1\n{more}"
PLUGIN = """\
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

import rates


class PerHour(LateSubmissionPlugin):
    share = Float(0.1).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        if student_id == "learner-0007":
            return None
        hours = total_seconds_late / 3600
        return score * self.share * hours * rates.FACTOR * Path("rates.py").is_file()
"""


def configure(tree, config: str, *, more: str = "", **files: str):
    root = tree({"course.yml": YAML.format(more=more), "source/ps1/a.ipynb": "{}",
                 "nbgrader_config.py": f"c = get_config()\n{config}\n",
                 **{name.replace("__", "/") + ".py": text for name, text in files.items()}})
    course = load_course(root)
    return configured(course, assignment_of(course, "ps1"))


@pytest.mark.parametrize(("config", "seconds", "computing"), [
    ("c.Execute.timeout = 5", 5, 300),
    ("c.ExecutePreprocessor.timeout = 90", 90, 900),
    ("c.ExecutePreprocessor.timeout = 90\nc.Execute.timeout = 60", 60, 600),
    ("c.Execute.timeout = None", A_DAY, 10 * A_DAY),
    ("c.Execute.timeout = -1", A_DAY, 10 * A_DAY),
])
def test_the_time_limit_counts_where_course_yml_is_silent(tree, config, seconds, computing):
    _, ps1 = configure(tree, config)
    assert (ps1.limits.cell_seconds, ps1.limits.cpu_seconds) == (seconds, computing)


@pytest.mark.parametrize(("more", "seconds", "computing"), [
    ("limits: {cell_seconds: 30}\n", 30, 300),
    ("    limits: {cell_seconds: 20}\n", 20, 300),
    ("limits: {cpu_seconds: 77}\n", 90, 77),
    ("limits: {memory_mb: 512}\n", 90, 900),
])
def test_what_course_yml_says_of_limits_wins(tree, more, seconds, computing):
    _, ps1 = configure(tree, "c.Execute.timeout = 90", more=more)
    assert (ps1.limits.cell_seconds, ps1.limits.cpu_seconds) == (seconds, computing)


def test_nbgraders_penalty_method_counts_unless_course_yml_names_a_policy(tree):
    method = "c.LateSubmissionPlugin.penalty_method = 'zero'"
    assert configure(tree, method)[0].grading.late.name == "zero"
    course, _ = configure(tree, method, more="grading: {late: {grace_minutes: 5}}\n")
    assert (course.grading.late.name, course.grading.late.grace.total_seconds()) == ("zero", 300)
    course, _ = configure(tree, method, more="grading: {late: {policy: none}}\n")
    assert course.grading.late.name == "none"
    course, _ = configure(tree, f"{method}\nc.AssignLatePenalties.enabled = False")
    assert course.grading.late.name == "none"


@pytest.mark.parametrize(("config", "place"), [
    ("c.AssignLatePenalties.plugin_class = 'lateness.PerHour'", "lateness"),
    ("from lateness import PerHour\nc.AssignLatePenalties.plugin_class = PerHour", "lateness"),
    (("import os, sys\nsys.path.insert(0, os.path.abspath('plugins'))\n"
     "c.AssignLatePenalties.plugin_class = 'lateness.PerHour'"), "plugins__lateness"),
    (("import sys\nsys.path.append('plugins')\n"
     "c.AssignLatePenalties.plugin_class = 'lateness.PerHour'"), "plugins__lateness"),
    ("c.AssignLatePenalties.plugin_class = 'plugins.lateness.PerHour'", "plugins__lateness"),
])
def test_a_late_class_is_found_and_run_as_nbgrader_does(tree, config, place, monkeypatch):
    monkeypatch.chdir("/")
    paths, modules = list(sys.path), set(sys.modules)
    course, _ = configure(tree, f"{config}\nc.PerHour.share = 0.2", rates="FACTOR = 1",
                          **{place: PLUGIN})
    late = course.grading.late
    assert late.name.endswith("lateness.PerHour")
    assert late.ask(late, "learner-0001", 10.0, 7200.0) == pytest.approx(4.0)
    assert late.ask(late, "learner-0007", 10.0, 7200.0) is None
    assert Path.cwd() == Path("/")
    assert sys.path == paths
    assert not {"rates", "lateness", "plugins.lateness"} & (set(sys.modules) - modules)


def test_two_courses_may_have_a_class_of_the_same_name(tmp_path):
    asked = []
    for factor in (1, 2):
        root = tmp_path / f"course{factor}"
        for name, text in {
            "course.yml": YAML.format(more=""), "rates.py": f"FACTOR = {factor}",
            "lateness.py": PLUGIN, "source/ps1/a.ipynb": "{}",
            "nbgrader_config.py": "c = get_config()\n"
            "c.AssignLatePenalties.plugin_class = 'lateness.PerHour'\n",
        }.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        course = load_course(root)
        late = configured(course, course.assignments[0])[0].grading.late
        asked.append(late.ask(late, "learner-0001", 10.0, 3600.0))
    assert asked == [pytest.approx(1.0), pytest.approx(2.0)]


@pytest.mark.parametrize(("config", "message"), [
    ("c.AssignLatePenalties.plugin_class = 'nowhere.Late'", "nowhere.Late cannot be used: No mod"),
    ("c.AssignLatePenalties.plugin_class = 'math.pi'", "math.pi cannot be used"),
    ("import nowhere_at_all", "cannot be read: No module"),
    ("raise SystemExit(3)", "cannot be read: 3"),
    ("c.Execute.timeout = 'long'", "Execute.timeout is no number: 'long'"),
])
def test_what_cannot_be_used_is_told_before_anything_is_graded(tree, config, message):
    with pytest.raises(CourseError, match=message) as told:
        configure(tree, config)
    assert told.value.where == "nbgrader_config.py"


def test_a_class_that_fails_is_named(tree):
    broken = PLUGIN.replace("hours =", "hours = 1 / 0 #")
    course, _ = configure(tree, "c.AssignLatePenalties.plugin_class = 'lateness.PerHour'",
                          lateness=broken, rates="FACTOR = 1")
    late = course.grading.late
    with pytest.raises(CourseError, match="failed: ZeroDivisionError") as told:
        late.ask(late, "learner-0001", 10.0, 7200.0)
    assert told.value.where == "lateness.PerHour"


def test_old_sections_are_renamed_and_lists_are_added_to(tree):
    root = tree({"nbgrader_config.py": "c = get_config()\nc.NbGrader.course_id = 'old-101'\n"
                 "c.AutogradeApp.exclude_overwriting = {'ps1': ['x.py']}\n"
                 "c.CourseDirectory.ignore.append('*.tmp')\n"})
    config = read_config(root)
    assert config.get(("CourseDirectory",), "course_id") == "old-101"
    assert config.get(("Autograde",), "exclude_overwriting") == {"ps1": ["x.py"]}
    assert config.get(("CourseDirectory",), "ignore", ["a"]) == ["a", "*.tmp"]


def test_a_derived_file_says_nothing_of_its_own_and_nothing_is_written(tree):
    root = tree({"nbgrader_config.py": f"# {HEADER}\nc = get_config()\nc.Execute.timeout = 5\n",
                 "course.yml": YAML.format(more=""), "source/ps1/a.ipynb": "{}"})
    before = digest_tree(root)
    course = load_course(root)
    assert configured(course, course.assignments[0]) == (course, course.assignments[0])
    assert digest_tree(root) == before
