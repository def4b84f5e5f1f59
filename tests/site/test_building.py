"""What `build` executes, caches, refuses and publishes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from tinycourse import CANARIES, homework, stamps

from kit import notebook
from kit.course import load_course
from kit.errors import BuildError
from kit.model import Course
from kit.site import build
from kit.site.lessons.reading import read_lesson

Tiny = tuple[Course, Path]


def edit(course: Course, name: str, old: str, new: str) -> None:
    path = course.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_site_holds_every_page_and_the_released_homework(tiny: Tiny) -> None:
    _, site = tiny
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert pages == {"index.html", "syllabus.html", "schedule.html", "grading.html",
                     "lessons/numbers.html", "lessons/words.html", "homework/ps1/doubling.html",
                     "glossary.html", "licences.html", "search.html", "404.html"}
    assert "total 7" in (site / "lessons/numbers.html").read_text()
    assert "ZeroDivisionError" in (site / "lessons/numbers.html").read_text()
    home = (site / "index.html").read_text()
    assert "21 January 2027, 23:59" in home
    assert "Problem set 2 (not released yet)" in home
    assert (site / "files/ps1/doubling.ipynb").is_file()
    assert (site / "files/ps1/tiny-ps1.zip").is_file()
    page = (site / "homework/ps1/doubling.html").read_text()
    assert 'href="../../files/ps1/doubling.ipynb"' in page
    lesson = (site / "lessons/numbers.html").read_text()
    assert 'href="../files/book/lessons/numbers.ipynb" download' in lesson
    assert "downloads" not in (site / "lessons/words.html").read_text()  # nothing to run
    assert not any("git-pull" in text or "colab" in text for text in (page, lesson))


def test_a_lesson_is_downloaded_as_a_notebook_that_runs(tiny: Tiny) -> None:
    course, site = tiny
    made = notebook.read(site / "files/book/lessons/numbers.ipynb")
    shown = read_lesson(course, course.lessons[0])
    assert shown is not None
    assert [cell["source"] for cell in made["cells"]] == [cell["source"] for cell in shown.cells]
    assert made["cells"][0]["source"].startswith("# Numbers first")
    assert not any(cell.get("outputs") for cell in made["cells"])
    assert set(made["metadata"]) == {"kernelspec"}
    node = nbformat.from_dict(made)
    nbformat.validate(node)
    NotebookClient(node, resources={"metadata": {"path": str(course.root / "lessons")}}).execute()
    assert node.cells[1].outputs[0].text == "total 7\n"


def test_no_solution_hidden_test_or_mark_scheme_reaches_the_site(tiny: Tiny) -> None:
    _, site = tiny
    import zipfile

    for path in site.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                data = b"".join(packed.read(name) for name in packed.namelist())
        for canary in CANARIES:
            assert canary.lower().encode() not in data.lower(), path
    assert b"doubling" in (site / "searchindex.js").read_bytes()


def test_a_release_folder_with_the_source_in_it_is_refused(copied: Course) -> None:
    path = copied.root / "release/ps1/doubling.ipynb"
    path.write_text(json.dumps(homework()), encoding="utf-8")
    from kit.release import read_release

    found = read_release(copied, copied.assignments[0])
    assert found is not None
    with pytest.raises(BuildError, match="BEGIN SOLUTION"):
        build(copied, {"ps1": found})


def test_a_released_cell_that_was_edited_is_refused(copied: Course) -> None:
    from kit.release import read_release

    found = read_release(copied, copied.assignments[0])
    assert found is not None
    edit(copied, "release/ps1/doubling.ipynb", "assert double(0) == 0", "assert double(3) == 6")
    with pytest.raises(BuildError, match="differs") as caught:
        build(copied, {"ps1": found})
    assert caught.value.hint == "kit release ps1"


def test_homework_that_was_not_handed_in_as_a_release_stays_out(copied: Course) -> None:
    site = build(copied, {})
    assert not (site.folder / "homework").exists()
    assert [path.name for path in (site.folder / "files").iterdir()] == ["book"]
    assert site.homework == ()


@pytest.mark.parametrize("way", [
    "[solution](../source/ps1/doubling.ipynb)",
    "{download}`solution <../../../../source/ps1/doubling.ipynb>`",
    "```{literalinclude} ../../../../source/ps1/doubling.ipynb\n```",
    "```{include} ../../../../roster.csv\n```",
    "![](../../../../source/ps1/plot.png)",
])
def test_a_page_cannot_reach_what_is_private(copied: Course, way: str) -> None:
    (copied.root / "source/ps1/plot.png").write_bytes(b"\x89PNG CANARYSOLUTION")
    words = copied.root / "lessons/words.md"
    words.write_text(f"# Words\n\n{way}\n", encoding="utf-8")
    with suppress(BuildError):  # a link that leads nowhere is a warning, the rest are refused
        build(copied, {})
    out = b"".join(p.read_bytes() for p in (copied.root / "_build/html").rglob("*")
                   if p.is_file())
    assert b"CANARYSOLUTION" not in out
    assert b"learner-0042" not in out


def test_nothing_is_done_when_nothing_changed(copied: Course) -> None:
    build(copied, {})
    before = stamps(copied.root / "_build/html")
    again = build(load_course(copied.root), {})
    assert (again.state, again.executed) == ("unchanged", 0)
    assert stamps(copied.root / "_build/html") == before


def test_a_change_of_prose_executes_nothing(copied: Course) -> None:
    edit(copied, "lessons/numbers.md", "A formula:", "A famous formula:")
    site = build(copied, {})
    assert (site.executed, site.cached) == (0, 1)
    page = (site.folder / "lessons/numbers.html").read_text()
    assert "famous" in page
    assert "total 7" in page


@pytest.mark.parametrize("change", [
    ("lessons/numbers.md", '"total"', '"sum"'), ("data/prices.csv", "cake,4", "cake,5"),
])
def test_a_change_of_code_or_data_executes(copied: Course, change: tuple[str, str, str]) -> None:
    edit(copied, *change)
    assert build(copied, {}).executed == 1


def test_a_lesson_that_raises_fails_with_cell_line_and_traceback(copied: Course) -> None:
    edit(copied, "lessons/numbers.md", 'print("total"', 'fail = rows["x"]\nprint("total"')
    before = (copied.root / "_build/html/index.html").read_bytes()
    with pytest.raises(BuildError, match="TypeError") as caught:
        build(copied, {})
    assert caught.value.where == "lessons/numbers.md, line 17 (cell 2)"
    assert 'fail = rows["x"]' in caught.value.hint
    assert "raises-exception" in caught.value.hint
    assert (copied.root / "_build/html/index.html").read_bytes() == before


def test_a_notebook_that_raises_names_its_cell(copied: Course) -> None:
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Words"},
             {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [],
              "execution_count": None, "source": "x = 1\nmissing"}]
    (copied.root / "lessons/words.md").unlink()
    notebook.write({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells},
                   copied.root / "lessons/words.ipynb")
    with pytest.raises(BuildError, match="NameError") as caught:
        build(load_course(copied.root), {})
    assert caught.value.where == "lessons/words.ipynb, cell 2, line 2"


def test_code_cells_without_a_kernel_are_named(copied: Course) -> None:
    (copied.root / "lessons/words.md").write_text("# W\n\n```{code-cell}\n1\n```\n")
    with pytest.raises(BuildError, match="no kernel") as caught:
        build(copied, {})
    assert caught.value.where == "lessons/words.md, line 4"


def test_a_solution_in_a_lesson_is_refused(copied: Course) -> None:
    (copied.root / "lessons/words.md").unlink()
    notebook.write(homework(), copied.root / "lessons/words.ipynb")
    with pytest.raises(BuildError, match="would publish it"):
        build(load_course(copied.root), {})


def test_a_course_of_plain_pages_builds(tree: Callable[[dict[str, str]], Path]) -> None:
    root = tree({
        "course.yml": "id: docs\ntitle: The manual\ntimezone: UTC\n"
                      "parts: [{title: How to, lessons: [one]}]\n",
        "one.md": "# One\n\n```python\nx = 1\n```\n",
    })
    site = build(load_course(root), {})
    assert (site.pages, site.executed, site.warnings) == (3, 0, ())
    assert {path.name for path in site.folder.glob("*.html")} == {
        "index.html", "one.html", "licences.html", "search.html", "404.html"}
    assert not (site.folder / "sitemap.xml").exists()
    assert not (site.folder / "schedule.ics").exists()
    assert "One" in (site.folder / "index.html").read_text()


def test_the_authors_own_config_wins(copied: Course) -> None:
    (copied.root / "_config.yml").write_text("title: Mine\nparse:\n  myst_substitutions:\n"
                                             "    who: nobody\n")
    edit(copied, "lessons/words.md", "Nothing to run here.", "Nothing for {{ who }}.")
    site = build(copied, {})
    assert site.derived["_config.yml"] == "author"
    assert (copied.root / "_config.yml").read_text().startswith("title: Mine")
    assert "Nothing for nobody." in (site.folder / "lessons/words.html").read_text()


def test_a_config_that_jupyter_book_refuses_is_named(copied: Course) -> None:
    (copied.root / "_config.yml").write_text("title: [not, a, title]\n")
    with pytest.raises(BuildError) as caught:
        build(copied, {})
    assert caught.value.where == "_config.yml"


def test_stock_jupyter_book_builds_in_the_folder(copied: Course) -> None:
    environment = {**os.environ, "HOME": str(copied.root)}
    done = subprocess.run(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", ".",
         "--path-output", "stock"],
        cwd=copied.root, capture_output=True, text=True, check=False, env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = copied.root / "stock/_build/html"
    assert (made / "lessons/words.html").is_file()
    assert "total 7" in (made / "lessons/numbers.html").read_text()
    assert (made / "release/ps1/doubling.html").is_file()
    assert not (made / "source").exists()


@pytest.mark.parametrize(("text", "listed"), [
    ("# Alone\n\nNothing is cited.\n", False), ("# Alone\n\nSee {cite}`one1999`.\n", True),
    ("# Alone\n\nSee {cite:t}`one1999`.\n\n```{bibliography}\n```\n", False)])
def test_references_are_listed_where_something_is_cited(
    tree: Callable[[dict[str, str]], Path], text: str, listed: bool
) -> None:
    root = tree({
        "course.yml": "id: c\ntitle: C\nparts: [{title: P, lessons: [lessons/alone]}]\n",
        "lessons/alone.md": text,
        "references.bib": "@misc{one1999, title = {One}, year = {1999}}\n"})
    site = build(load_course(root), {})
    assert (site.folder / "references.html").is_file() is listed
    assert site.warnings == ()
