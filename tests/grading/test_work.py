"""The files of a submission: what runs and tests see, and what is left when it is graded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench import Bench, answer, check, code, handed_in, notebook, points

from kit.grading.folder import found, over
from kit.grading.local import grade
from kit.grading.work import work_of
from kit.model import Release, ReleasedNotebook

IGNORED = ("*.pyc",)


def lay(root: Path, *names: str) -> Path:
    """A folder with these files, each with its own name in it."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{root.name}/{name}", encoding="utf-8")
    root.mkdir(exist_ok=True)
    return root


@pytest.fixture(params=[True, False], ids=["box", "folder"])
def work(request: Any, tmp_path: Path) -> Any:
    """Learner's and author's files, as a run gets them."""
    def make(learner: tuple[str, ...], author: tuple[str, ...], *keep: str) -> Any:
        made, repairs = work_of(
            lay(tmp_path / "learner", *learner),
            found(lay(tmp_path / "author", *author), [], ignore=IGNORED),
            tmp_path / "base", "ps1", known=frozenset({"p1.ipynb"}), keep=frozenset(keep),
            ignore=IGNORED, boxed=request.param)
        assert repairs == []
        return made

    return make


def seen(work: Any) -> dict[str, str]:
    """Name and text of what a run sees."""
    files = found(work.folder, [], known=frozenset({"p1.ipynb"})) if work.given is None \
        else work.given
    return {name: path.read_text(encoding="utf-8") for name, path in files.items()}


def test_the_authors_file_stands_over_the_learners(work: Any) -> None:
    made = work(("p1.ipynb", "other.ipynb", "mine.csv", "data/a.csv", "x.pyc"),
                ("data/a.csv", "p1.ipynb", "notes/b.txt"))
    assert seen(made) == {
        "p1.ipynb": "learner/p1.ipynb", "mine.csv": "learner/mine.csv",
        "data/a.csv": "author/data/a.csv", "notes/b.txt": "author/notes/b.txt"}
    assert not made.alike


def test_a_file_that_the_author_lets_stand_is_the_learners_or_none(work: Any) -> None:
    made = work(("kept.csv",), ("kept.csv", "gone.csv", "a.csv"), "kept.csv", "gone.csv")
    assert seen(made) == {"kept.csv": "learner/kept.csv", "a.csv": "author/a.csv"}
    assert not made.alike


def test_the_authors_files_and_a_notebook_are_alike(work: Any) -> None:
    assert work(("p1.ipynb", "a.csv"), ("a.csv", "b/c.csv")).alike


@pytest.mark.parametrize(("learner", "author", "seen_then"), [
    (("data",), ("data/a.csv",), {"data/a.csv"}),
    (("a.csv/x", "a.csv/y/z"), ("a.csv",), {"a.csv"}),
    (("a/b/c", "a/d"), ("a/b",), {"a/b", "a/d"}),
])
def test_a_file_and_a_folder_of_one_name(
    work: Any, learner: tuple[str, ...], author: tuple[str, ...], seen_then: set[str]
) -> None:
    assert set(seen(work(learner, author))) == seen_then


def test_over_takes_nothing_that_does_not_stand_in_the_way(tmp_path: Path) -> None:
    here = dict.fromkeys(("ab", "a.csv", "a-b/c"), tmp_path)
    assert over(here, {"a/b": tmp_path}) == {**here, "a/b": tmp_path}


def test_links_are_told_and_left_out(tmp_path: Path) -> None:
    folder = lay(tmp_path / "learner", "a")
    (folder / "link").symlink_to(tmp_path)
    (folder / "p1.ipynb").symlink_to("/etc/passwd")
    repairs: list[Any] = []
    assert set(found(folder, repairs, known=frozenset({"p1.ipynb"}))) == {"a"}
    assert [one.code for one in repairs] == ["not-a-file"]


def test_nothing_is_laid_out_for_a_box(work: Any) -> None:
    made = work(("p1.ipynb",), ("a.csv",))
    made.prepare()
    made.another()
    assert made.base.exists() == (made.given is None)


def test_what_was_made_on_the_way_goes(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert a == 1"))
    scratch = lay(bench.root / "scratch")
    handed = bench.hand_in(handed_in(bench.release.notebooks[0].cells, {
        "a": "a = 1\nopen('left', 'w').close()"}))
    score = grade(replace(bench.desk(), scratch=scratch), bench.job(handed))
    assert points(score) == {"t": 1}
    assert list(scratch.iterdir()) == []
    assert (bench.root / "autograded/learner-0001/ps1/left").exists()


def test_what_a_run_leaves_stands_over_what_was_handed_in(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert a == 1"))
    (bench.root / "source/ps1").mkdir(parents=True)
    (bench.root / "source/ps1/big.csv").write_bytes(b"x" * (2 << 20))
    bench.grade(handed_in(bench.release.notebooks[0].cells, {
        "a": "a = 1\nimport os\nos.mkdir('new')\nopen('new/b', 'w').write('made')\n"
             "open('mine', 'w').write('changed')\nopen('p1.ipynb', 'w').write('no notebook')"}),
        mine="handed in", yours="left alone")
    graded = bench.root / "autograded/learner-0001/ps1"
    assert {name: path.read_text() for name, path in found(graded, []).items()
            if name != "big.csv"} == {
        "mine": "changed", "yours": "left alone", "new/b": "made"}
    assert (graded / "big.csv").stat().st_size == 2 << 20
    assert {path.stat().st_mode & 0o777 for path in graded.rglob("*") if path.is_file()} == {0o444}
    assert (bench.root / "submitted/learner-0001/ps1/mine").read_text() == "handed in"
    assert bench.written()["cells"][0]["source"][0] == "a = 1\n"


def test_the_second_notebook_sees_what_the_first_left(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert a == 1"))
    first = bench.release.notebooks[0]
    second = ReleasedNotebook(name="p2", kernelspec=first.kernelspec, cells=(
        answer("b"), check("u", "assert b == 'of the first'")))
    bench.release = Release(assignment="ps1", digest="r2", notebooks=(first, second))
    handed = bench.hand_in(handed_in(first.cells, {
        "a": "a = 1\nopen('n', 'w').write('of the first')"}), n="handed in")
    (handed.folder / "p2.ipynb").write_text(json.dumps(notebook(
        handed_in(second.cells, {"b": "b = open('n').read()"}))))
    score = grade(bench.desk(), bench.job(handed))
    assert points(score) == {"t": 1, "u": 1}
    assert (bench.root / "autograded/learner-0001/ps1/n").read_text() == "of the first"


def test_a_run_that_is_repeated_begins_with_the_files_that_were_handed_in(bench: Bench) -> None:
    bench.released(answer("a"), answer("b"), check("t", "assert seen == 'handed in'"))
    score = bench.grade([
        *handed_in(bench.release.notebooks[0].cells[:1], {
            "a": "seen = open('n').read()\nopen('n', 'w').write('changed')"}),
        *handed_in(bench.release.notebooks[0].cells[1:2], {"b": "import os\nos._exit(3)"}),
        *handed_in(bench.release.notebooks[0].cells[2:]), code("1")], n="handed in")
    assert points(score) == {"t": 1}
