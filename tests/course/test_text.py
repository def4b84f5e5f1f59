"""Notebooks as MyST text: whole metadata, ids that stay, and no silent loss."""

from __future__ import annotations

import pytest
from nbgrader.nbgraderformat import MetadataValidator

from kit.course.text import notebook_of, text_of
from kit.errors import NotebookError

HEAD = ("---\njupytext:\n  text_representation: {extension: .md, format_name: myst}\n"
        "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n\n")
TEST = ("```{code-cell} ipython3\n---\nnbgrader: {grade_id: q-test, grade: true, points: 2}\n"
        "---\nassert x == 1\n```\n")
ANSWER = "```{code-cell} ipython3\n---\nnbgrader: {grade_id: q, solution: true}\n---\nx = 1\n```\n"


def test_metadata_is_filled_in_whole_and_nbgrader_accepts_it() -> None:
    import nbformat

    made = notebook_of(f"{HEAD}# Title\n\n{ANSWER}\n{TEST}", name="ps")
    MetadataValidator().validate_nb(nbformat.from_dict(made))
    nbformat.validate(nbformat.from_dict(made))
    assert made["cells"][2]["metadata"]["nbgrader"] == {
        "cell_type": "code", "grade": True, "grade_id": "q-test", "locked": True, "points": 2,
        "schema_version": 3, "solution": False, "task": False,
    }


def test_ids_are_the_same_at_each_reading() -> None:
    text = f"{HEAD}# Title\n\n{ANSWER}\n{TEST}"
    first, second = notebook_of(text, name="a"), notebook_of(text, name="a")
    assert [cell["id"] for cell in first["cells"]] == [cell["id"] for cell in second["cells"]]
    assert first["cells"][1]["id"] == "q"
    assert notebook_of(text_of(first), name="a") == first


@pytest.mark.parametrize(("text", "message"), [
    (ANSWER + ANSWER, "stands twice"),
    (TEST.replace(", points: 2", ""), "has no points"),
    (TEST.replace("q-test", "'q test'"), "is not valid"),
    (TEST.replace("grade: true", "grades: true"), "no key 'grades'"),
    (TEST.replace("{grade_id: q-test, grade: true, points: 2}", "7"), "not a mapping"),
])
def test_a_broken_text_is_refused_with_its_cell(text, message) -> None:
    with pytest.raises(NotebookError) as caught:
        notebook_of(HEAD + text, name="ps1.md")
    assert message in caught.value.message
    assert caught.value.where.startswith("ps1.md")
