"""myst.yml, which Jupyter Book 2 reads: its keys, and the files that it names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tinycourse import write_course

from kit.course import load_course
from kit.site import derive_book_config

Tree = Callable[[dict[str, str]], Path]
PROJECT = {"title", "authors", "license", "bibliography", "toc"}
AUTHOR = {"name", "email", "affiliations"}


def derived(root: Path) -> dict[str, Any]:
    derive_book_config(load_course(root))
    said: dict[str, Any] = yaml.safe_load((root / "myst.yml").read_text(encoding="utf-8"))
    return said


def files(entries: list[dict[str, Any]]) -> list[str]:
    found = []
    for entry in entries:
        assert set(entry) in ({"file"}, {"title", "children"})
        found += [entry["file"]] if "file" in entry else files(entry["children"])
    return found


def test_it_names_the_files_that_are_there_in_their_order(tmp_path: Path) -> None:
    write_course(tmp_path)
    said = derived(tmp_path)
    assert set(said) == {"version", "project", "site"}
    assert said["version"] == 1
    assert said["site"] == {"template": "book-theme", "title": "A tiny course"}
    assert set(said["project"]) <= PROJECT
    assert said["project"]["license"] == "CC-BY-4.0"
    toc = said["project"]["toc"]
    assert files(toc) == ["syllabus.md", "lessons/numbers.md", "lessons/words.md", "glossary.md"]
    assert all((tmp_path / name).is_file() for name in files(toc))
    assert toc[0] == {"file": "syllabus.md"}  # the first is the project's front page


def test_people_a_bibliography_and_released_homework_are_in_it(tree: Tree) -> None:
    root = tree({
        "course.yml": "id: c\ntitle: C\nlicence: all rights reserved\n"
                      "authors: [{name: An Author, email: a@example.org, affiliation: Here},"
                      " {name: Another}]\n"
                      "parts: [{title: P, lessons: [lessons/one]}]\nassignments: [{name: ps1}]\n",
        "lessons/one.ipynb": "{}", "index.md": "# C\n", "references.bib": "",
        "source/ps1/a.ipynb": "{}", "release/ps1/a.ipynb": "{}"})
    project = derived(root)["project"]
    assert project["authors"] == [
        {"name": "An Author", "email": "a@example.org", "affiliations": ["Here"]},
        {"name": "Another"}]
    assert all(set(author) <= AUTHOR for author in project["authors"])
    assert project["bibliography"] == ["references.bib"]
    assert "license" not in project  # that is no identifier
    assert files(project["toc"]) == ["index.md", "lessons/one.ipynb", "release/ps1/a.ipynb"]


@pytest.mark.parametrize("name", ["myst.yml", "_config.yml", "_toc.yml"])
def test_the_authors_own_file_is_kept(tree: Tree, name: str) -> None:
    root = tree({"course.yml": "id: c\ntitle: C\n", name: "mine: true\n"})
    states = {file.path.name: file.state for file in derive_book_config(load_course(root))}
    assert states.pop(name) == "author"
    assert set(states.values()) == {"written"}
    assert (root / name).read_text(encoding="utf-8") == "mine: true\n"
