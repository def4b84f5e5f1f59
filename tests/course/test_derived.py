"""Derived files: ours are rewritten, the author's own are left alone."""

from __future__ import annotations

from kit.course import derive_nbgrader_config, load_course, write_derived


def test_only_a_file_with_our_header_is_rewritten(tmp_path) -> None:
    path = tmp_path / "x.yml"
    assert write_derived(path, "a: 1\n").state == "written"
    assert write_derived(path, "a: 1\n").state == "unchanged"
    assert write_derived(path, "a: 2\n").state == "written"
    path.write_text("mine: true\n")
    assert write_derived(path, "a: 3\n").state == "author"
    assert path.read_text() == "mine: true\n"


def test_nbgrader_reads_the_derived_config(tree) -> None:
    from traitlets.config.loader import PyFileConfigLoader

    course = load_course(tree({
        "course.yml": "id: c-1\ntitle: C\ntimezone: Europe/Rome\n"
                      "assignments: [{name: a, limits: {cell_seconds: 7}}]\n"
                      "grading: {late: {policy: zero}}\n",
    }))
    assert derive_nbgrader_config(course).state == "written"
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    assert config.CourseDirectory.course_id == "c-1"
    assert config.Exchange.timezone == "Europe/Rome"
    assert config.ExecutePreprocessor.timeout == 7
    assert config.LateSubmissionPlugin.penalty_method == "zero"
