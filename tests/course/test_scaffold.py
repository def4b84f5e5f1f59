"""New courses from templates: each template, whole, valid for nbgrader, nothing half made."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kit import notebook as notebooks
from kit.course import load_course
from kit.course.scaffold import scaffold, template_names
from kit.errors import TemplateError, UnknownName


def test_the_templates_are_found_by_listing_their_folder() -> None:
    assert {"accounting", "statistics", "blank"} <= set(template_names())


@pytest.mark.parametrize("template", template_names())
def test_each_template_makes_a_course_that_nbgrader_accepts(template, tmp_path) -> None:
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    course = scaffold(template, tmp_path / "c-101", {"start": date(2027, 1, 11)})
    assert course.id == "c-101"
    assert course.start == date(2027, 1, 11)
    assert course.assignments[0].due.date() > course.start
    paths = [course.root / lesson.path for lesson in course.lessons]
    paths += [course.root / "source" / a.name / f"{name}.ipynb"
              for a in course.assignments for name in a.notebooks]
    assert len(paths) >= 2
    for path in paths:
        node = nbformat.from_dict(notebooks.read(path))
        nbformat.validate(node)
        MetadataValidator().validate_nb(node)
    left = [path.name for path in course.root.rglob("*")
            if path.suffix == ".jinja" or path.name in ("copier.yml", "__pycache__")]
    assert left == []
    assert "course_id" not in (course.root / "README.md").read_text()
    schema = json.loads((course.root / ".kit" / "course.schema.json").read_text())
    assert schema["title"] == "course.yml"


def test_scaffolding_twice_gives_the_same_bytes(tmp_path) -> None:
    for name in ("a", "b"):
        scaffold("blank", tmp_path / name / "course-1", {"start": date(2027, 1, 11)})
    trees = [{path.relative_to(tmp_path / name): path.read_bytes()
              for path in (tmp_path / name).rglob("*") if path.is_file()} for name in ("a", "b")]
    assert trees[0] == trees[1]


def test_an_unknown_template_lists_the_nearest(tmp_path) -> None:
    with pytest.raises(UnknownName) as caught:
        scaffold("acounting", tmp_path / "c", {})
    assert caught.value.hint.startswith("choose one of: accounting")


def test_a_folder_that_is_in_use_is_left_alone(tree) -> None:
    root = tree({"mine.txt": "keep"})
    with pytest.raises(TemplateError, match="not empty"):
        scaffold("blank", root, {})
    assert [path.name for path in root.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(("name", "answers", "message"), [
    ("ab", {"course_id": "a b"}, "cannot be a course's id"),
    ("ok", {"start": "soon"}, "is not a date"),
])
def test_bad_answers_leave_nothing_behind(tmp_path, name, answers, message) -> None:
    with pytest.raises(TemplateError, match=message):
        scaffold("blank", tmp_path / name, answers)
    assert list(tmp_path.iterdir()) == []


def test_hostile_titles_stay_text(tmp_path) -> None:
    title = 'He said: "yes" # {{ 7 * 7 }} \\ \' é'
    course = scaffold("blank", tmp_path / "c", {"title": title, "author": "O'Forty-Two: \"X\""})
    assert course.title == title
    assert course.authors[0].name == "O'Forty-Two: \"X\""


def test_the_command_asks_for_what_is_missing(kit, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = kit("new")
    assert code == 1
    assert "kit new accounting-101 --template" in err


def test_the_command_makes_a_course_and_says_what_comes_next(kit, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = kit("new", "b-1", "--template", "blank", "--start", "2027-01-11")
    assert code == 0
    assert "1 lesson, 1 assignment" in out
    assert "kit check" in out
    assert (tmp_path / "b-1" / "course.yml").is_file()


@pytest.mark.parametrize("template", template_names())
def test_a_new_course_is_whole_for_stock_tools_before_anything_is_built(
    kit, tmp_path, monkeypatch, template
) -> None:
    from jupyter_book.config import get_final_config
    from sphinx_external_toc.parsing import parse_toc_yaml

    monkeypatch.chdir(tmp_path)
    code, _, err = kit("new", "c-1", "--template", template, "--start", "2027-01-11")
    assert code == 0, err
    root = tmp_path / "c-1"
    for name in ("course.yml", "syllabus.md", "requirements.txt", "references.bib", "README.md",
                 "data/README.md", "nbgrader_config.py", ".gitignore"):
        assert (root / name).read_text(encoding="utf-8").strip(), name
    final, _ = get_final_config(user_yaml=root / "_config.yml", sourcedir=root, validate=True,
                                cli_config={"latex_individualpages": False},
                                raise_on_invalid=True)
    assert final["bibtex_bibfiles"] == ["references.bib"]
    site = parse_toc_yaml(str(root / "_toc.yml"))
    assert {"syllabus", *(lesson.docname for lesson in load_course(root).lessons)} <= set(site)


@pytest.mark.slow
def test_stock_jupyter_book_builds_a_new_course(kit, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kit("new", "c-1", "--template", "blank", "--start", "2027-01-11")[0] == 0
    done = subprocess.run([str(Path(sys.executable).with_name("jupyter-book")), "build", "c-1"],
                          text=True, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "build succeeded." in done.stdout  # without a warning
    assert "First lesson" in (tmp_path / "c-1/_build/html/lessons/first-lesson.html").read_text()
