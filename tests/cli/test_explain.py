"""`kit grade --explain`: what would run and why, and nothing is touched."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Kit = Callable[..., tuple[int, str, str]]
ONE, TWO = "learner-0001", "learner-0002"


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*")) if path.is_file()}


def change(root: Path, statement: str) -> None:
    with closing(sqlite3.connect(root / "gradebook.db")) as book, book:
        book.execute(statement)


def asked(kit: Kit, *flags: str) -> dict[str, object]:
    """Reason -> (how many, the examples)."""
    code, out, err = kit("grade", "ps1", "--explain", "--json", *flags)
    assert code == 0, err
    told = json.loads(out)
    assert told["to_run"] == sum(one["submissions"] for one in told["reasons"])
    return {one["reason"]: (one["submissions"], [(some["learner"], some["detail"])
                                                 for some in one["examples"]])
            for one in told["reasons"]} | {"rest": told["unchanged"]}


def test_nothing_would_run_where_nothing_changed(root: Path, kit: Kit) -> None:
    before = files(root)
    assert asked(kit) == {"rest": 2}
    assert "0 of 2 submissions would run   2 are graded already" in kit(
        "grade", "ps1", "--explain")[1]
    assert files(root) == before


def test_each_reason_is_counted_with_examples(root: Path, kit: Kit) -> None:
    sheet = root / "submitted" / ONE / "ps1" / "doubling.ipynb"
    sheet.write_text(sheet.read_text() + "\n")
    shutil.rmtree(root / "autograded" / TWO / "ps1")
    shutil.copytree(root / "submitted" / TWO, root / "submitted" / "learner-0003")
    before = files(root)
    assert asked(kit) == {
        "submission changed": (1, [(ONE, "")]), "graded folder missing": (1, [(TWO, "")]),
        "never graded": (1, [("learner-0003", "")]), "rest": 0}
    assert asked(kit, "--learner", ONE) == {"submission changed": (1, [(ONE, "")]), "rest": 0}
    out = kit("grade", "ps1", "--explain")[1]
    assert "3 of 3 submissions would run" in out
    assert "graded folder missing            1  learner-0002" in out
    assert "kit grade ps1   run them" in out
    assert files(root) == before
    assert kit("grade", "ps1")[0] == 0
    assert asked(kit) == {"rest": 3}


@pytest.mark.parametrize(("statement", "reason", "detail"), [
    ("UPDATE kit_graded SET engine_version = '0'", "engine changed", "local 0, now local "),
    ("UPDATE kit_graded SET release_digest = 'r0'", "release changed", ""),
    ("UPDATE kit_environment SET words = 'Python 3.0.1'", "environment changed",
     "Python 3.0.1, now "),
])
def test_what_changed_is_said(
    root: Path, kit: Kit, statement: str, reason: str, detail: str
) -> None:
    change(root, statement)
    told = asked(kit)
    number, examples = told[reason]  # type: ignore[misc]
    assert (number, [learner for learner, _ in examples], told["rest"]) == (2, [ONE, TWO], 0)
    assert all(one.startswith(detail) for _, one in examples)


def test_force_is_a_reason(root: Path, kit: Kit) -> None:
    assert asked(kit, "--force") == {"forced": (2, [(ONE, ""), (TWO, "")]), "rest": 0}
    assert "kit grade ps1 --force" in kit("grade", "ps1", "--explain", "--force")[1]


def test_a_named_package_belongs_to_the_environment(root: Path, kit: Kit) -> None:
    with (root / "course.yml").open("a") as stream:
        stream.write("environment: {packages: ['click>=8', nowhere-to-be-found]}\n")
    (_, examples) = asked(kit)["environment changed"]  # type: ignore[misc]
    assert "click " in examples[0][1]
    assert "nowhere-to-be-found missing, not named before" in examples[0][1]
    assert kit("grade", "ps1")[0] == 0
    assert asked(kit) == {"rest": 2}


def test_nothing_was_handed_in(root: Path, kit: Kit) -> None:
    shutil.rmtree(root / "submitted")
    assert "nothing was handed in yet" in kit("grade", "ps1", "--explain")[1]


def test_explain_and_diff_are_two_questions(root: Path, kit: Kit) -> None:
    code, _, err = kit("grade", "ps1", "--explain", "--diff")
    assert code == 2
    assert "give one" in err


def test_a_learner_who_handed_in_nothing_is_named(root: Path, kit: Kit) -> None:
    for name in ("learner-0009", "../submitted/learner-0001", "."):
        code, _, err = kit("grade", "ps1", "--explain", "--learner", name)
        assert code != 0
        assert "learner-0001" in err
