"""What of a notebook and of a text may leave the course."""

from __future__ import annotations

import pytest

from kit.course.public import is_public, public_notebook, without_comments


@pytest.mark.parametrize(("text", "left"), [
    ("a\n% note\nb", "a\nb"), ("50 % of it\n% note", "50 % of it"),
    ("a <!-- note --> b", "a  b"), ("a <!-- one\n\ntwo --> b", "a  b"),
    ("`<!-- shown -->` <!-- note -->", "`<!-- shown -->` "),
    ("``a ` <!-- shown -->`` b", "``a ` <!-- shown -->`` b"),
    ("```python\n% magic\n<!-- shown -->\n```\n% note", "```python\n% magic\n<!-- shown -->\n```"),
    ("~~~\n% shown\n```\n~~~\n% note\nx", "~~~\n% shown\n```\n~~~\nx"),
    ("````\n```\n% shown\n````\n", "````\n```\n% shown\n````\n"),
    ("   ```\n% shown", "   ```\n% shown"),
    ("```{note}\n% note\na <!-- note -->\n```\n% note\nb", "```{note}\na \n```\nb"),
    ("````{note}\n```python\n% shown\n```\n% note\n````\n% note",
     "````{note}\n```python\n% shown\n```\n````"),
    (":::{code-cell}\n%matplotlib inline\n:::\n% note", ":::{code-cell}\n%matplotlib inline\n:::"),
    ("```{code-cell}\n%time 1\n```", "```{code-cell}\n%time 1\n```"),
    (":::{tip}\n% note\n:::\n% note\na", ":::{tip}\n:::\na"),
    ("- a\n\n      ```\n      <!-- shown -->\n      ```\n  <!-- note -->",
     "- a\n\n      ```\n      <!-- shown -->\n      ```\n  "),
    ("a\n<!-- never closed", "a\n<!-- never closed"),
])
def test_comments_go_and_code_stays(text: str, left: str) -> None:
    assert without_comments(text) == left


def test_only_what_readers_need_stays_in_a_notebook() -> None:
    cells = [
        {"cell_type": "code", "source": ["x\n", "y"], "outputs": [{"output_type": "stream"}],
         "execution_count": 3, "id": "a",
         "metadata": {"tags": ["hide-input", "mine"], "mine": 1, "editable": False,
                      "nbgrader": {"schema_version": 3, "grade_id": "q", "grade": False,
                                   "solution": True, "locked": False, "task": False, "note": 1}}},
        {"cell_type": "markdown", "source": "![](attachment:b.png)", "metadata": {},
         "attachments": {"a.png": {}, "b.png": {}}},
        {"cell_type": "markdown", "source": "note", "metadata": {"tags": ["instructor-note"]}},
        {"cell_type": "raw", "source": "r", "metadata": {"tags": "no list"}},
    ]
    found = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {
        "mine": 1, "coursewright": {"version": 1},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "env": {"KEY": "x"}}}}
    made = public_notebook(found)
    assert made["metadata"] == {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    code, shown, raw = made["cells"]
    assert code["metadata"] == {"editable": False, "tags": ["hide-input"], "nbgrader": {
        "schema_version": 3, "grade_id": "q", "grade": False, "solution": True, "locked": False,
        "task": False}}
    assert (code["outputs"], code["execution_count"], code["source"]) == ([], None, "x\ny")
    assert shown["attachments"] == {"b.png": {}}
    assert raw["metadata"] == {}
    assert not is_public(found)
    assert is_public(made)
    assert is_public({**made, "metadata": {**made["metadata"], "coursewright": {}}})
