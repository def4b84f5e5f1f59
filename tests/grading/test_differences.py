"""Where ours differs from stock nbgrader: a test for each row of docs/differences.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bench import (
    Bench,
    answer,
    as_cell,
    check,
    code,
    essay,
    handed_in,
    locked,
    notebook,
    points,
)

from kit.model import NBGRADER_WAYS

RIGHT = "def half(x):\n    return x / 2"


@pytest.fixture
def half(bench: Bench) -> Bench:
    bench.released(
        locked("setup", "import math"),
        answer("half"),
        check("test_half", "assert half(4) == 2", 2, hidden="assert half(3) == 1.5"),
        check("test_zero", "assert half(0) == 0", 1),
        essay("why"),
    )
    return bench


def cells(bench: Bench, **answers: str) -> list[dict[str, object]]:
    return handed_in(bench.release.notebooks[0].cells, answers)


# ------------------------------------------------------------------- what is mended (repairs)


def test_duplicate_cells(half: Bench) -> None:
    copied = cells(half, half=RIGHT)
    copied.insert(3, copied[2])
    score = half.grade(copied)
    assert points(score) == {"test_half": 2, "test_zero": 1, "why": 0}
    assert [r.code for r in score.repairs] == ["duplicate"]
    assert score.repairs[0].message == "two cells named test_half; the first was graded"
    assert not score.review


def test_schema_version(half: Bench) -> None:
    old = cells(half, half=RIGHT)
    del old[2]["metadata"]["nbgrader"]["schema_version"]  # type: ignore[index]
    old[3]["metadata"]["nbgrader"]["schema_version"] = 99  # type: ignore[index]
    score = half.grade(old)
    assert points(score)["test_half"] == 2
    assert points(score)["test_zero"] == 1
    assert [r.code for r in score.repairs] == ["schema-version", "schema-version"]


def test_unknown_cell(half: Bench) -> None:
    other = as_cell(check("test_old", "assert False", 5), "assert False")
    score = half.grade([*cells(half, half=RIGHT), other])
    assert points(score) == {"test_half": 2, "test_zero": 1, "why": 0}
    assert [r.code for r in score.repairs] == ["unknown-cell"]


def test_missing_cell(half: Bench) -> None:
    left = [cell for cell in cells(half, half=RIGHT)
            if cell["metadata"]["nbgrader"]["grade_id"] != "test_half"]  # type: ignore[index]
    score = half.grade(left)
    assert points(score)["test_half"] == 2
    assert [r.code for r in score.repairs] == ["missing"]
    order = [cell["metadata"].get("nbgrader", {}).get("grade_id")
             for cell in half.written()["cells"]]
    assert order == ["setup", "half", "test_half", "test_zero", "why"]


def test_altered_cell(half: Bench) -> None:
    score = half.answers(half="def half(x):\n    return 0", test_half="assert True")
    assert points(score)["test_half"] == 0
    assert [r.code for r in score.repairs] == ["altered"]


def test_cell_type(half: Bench) -> None:
    changed = cells(half, half=RIGHT)
    changed[2] = {"cell_type": "markdown", "source": changed[2]["source"],
                  "metadata": changed[2]["metadata"]}
    score = half.grade(changed)
    assert points(score)["test_half"] == 2
    assert "cell-type" in [r.code for r in score.repairs]


def test_metadata_matched(half: Bench) -> None:
    """An editor lost all metadata: tests are known by their text, answers by their place."""
    bare = [{**cell, "metadata": {}} for cell in cells(half, half=RIGHT)]
    bare[4] = {**bare[4], "source": "YOUR ANSWER HERE\n\nBecause it is half."}
    score = half.grade(bare)
    assert points(score) == {"test_half": 2, "test_zero": 1, "why": None}
    assert {r.code for r in score.repairs} == {"metadata-matched"}


def test_answer_not_found(half: Bench) -> None:
    bare = [{**cell, "metadata": {}} for cell in cells(half, half=RIGHT)]
    bare[4] = {**bare[4], "source": "0123456789 " * 30}
    bare.append({**bare[4], "source": "Another text."})
    score = half.grade(bare)
    assert [r.code for r in score.review] == ["answer-not-found"]
    assert points(score)["test_half"] == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_mark(half: Bench, encoding: str) -> None:
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {},
                       "cells": cells(half, half=RIGHT)})
    assert points(half.grade(text.encode(encoding)))["test_half"] == 2


def test_cell_ids(half: Bench) -> None:
    same = [{**cell, "id": "same"} for cell in cells(half, half=RIGHT)]
    half.grade(json.dumps(notebook(same, minor=5)).encode())
    ids = [cell["id"] for cell in half.written()["cells"]]
    assert len(set(ids)) == len(ids)


# --------------------------------------------------------------------- what a test cell earns


def test_stderr_noise(bench: Bench) -> None:
    bench.released(answer("a"), check(
        "t", "import warnings; warnings.warn('old')\nassert a == 1", 2))
    score = bench.answers(a="a = 1")
    assert points(score) == {"t": 2}
    assert score.results[0].tags == ("stderr-noise",)
    bench.ways("stderr-noise")
    assert points(bench.answers(a="a = 1")) == {"t": 0}


@pytest.mark.parametrize(("value", "earned"), [
    ("0.5", 0.5), ("1", 1), ("np.float64(0.5)", 0.5), ("np.int64(2)", 2),
    ("Fraction(3, 2)", 1.5), ("Decimal('0.25')", 0.25), ("2.0000001", 2),
])
def test_partial_credit_numbers(bench: Bench, value: str, earned: float) -> None:
    bench.released(check("t", "import numpy as np\nfrom fractions import Fraction\n"
                         f"from decimal import Decimal\npart = {value}\npart", 2))
    score = bench.answers()
    assert points(score) == {"t": earned}
    assert not score.review


@pytest.mark.parametrize("value", [
    "False", "float('nan')", "-1.0", "'full'", "(0.5, 'half')", "float('inf')", "7",
    "np.float64('nan')",
])
def test_partial_credit_values(bench: Bench, value: str) -> None:
    bench.released(check("t", f"import numpy as np\npart = {value}\npart", 2))
    score = bench.answers()
    assert points(score) == {"t": 0}
    assert [r.code for r in score.review] == ["no-points-value"]
    bench.ways("partial-credit-values")
    assert points(bench.answers()) == {"t": 2}


def test_call_that_returns_something_is_a_pass(bench: Bench) -> None:
    """As in nbgrader: a helper that returns a text or True, and did not raise, passed."""
    bench.released(check("t", "def good():\n    return 'all tests passed'\ngood()", 2))
    assert points(bench.answers()) == {"t": 2}


def test_error_after_a_value(bench: Bench) -> None:
    bench.released(answer("f"), check("t", "assert f() == 3", 3))
    score = bench.answers(f="def f():\n    get_ipython().displayhook(3.0)\n    return 0")
    assert points(score) == {"t": 0}


def test_several_results(bench: Bench) -> None:
    bench.released(answer("f"), check("t", "value = 1.0 if f() == 3 else 0.0\nvalue", 3))
    score = bench.answers(f="def f():\n    get_ipython().displayhook(3.0)\n    return 0")
    assert points(score) == {"t": 0}
    assert [r.code for r in score.review] == ["several-results"]


# -------------------------------------------------------------------------- cheap forgeries


def test_skip_tag(half: Bench) -> None:
    tagged = cells(half, half="def half(x):\n    return 0")
    tagged[2]["metadata"]["tags"] = ["skip-execution"]  # type: ignore[index]
    score = half.grade(tagged)
    assert points(score)["test_half"] == 0
    assert [r.code for r in score.repairs] == ["skip-tag"]


TRICKS = {
    "input": """get_ipython().input_transformers_post.append(
    lambda lines: [line for line in lines if 'assert' not in line])""",
    "ast": """import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())""",
    "builtins": """import builtins
builtins.AssertionError = type('Never', (Exception,), {})
get_ipython().showtraceback = lambda *a, **k: None""",
    "shell": "type(get_ipython()).run_code = lambda *a, **k: False",
}


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_machinery_restored(bench: Bench, trick: str) -> None:
    bench.released(answer("a"), check("t", "assert a == 1", 2))
    assert points(bench.answers(a=f"a = 0\n{trick}")) == {"t": 0}


def test_display_formatter(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "value = float(a)\nvalue", 3))
    trick = ("a = 0\nget_ipython().display_formatter.formatters['text/plain']"
             ".for_type(float, lambda value, p, cycle: p.text('3.0'))")
    score = bench.answers(a=trick)
    assert points(score) == {"t": 0}
    assert score.repairs[0].code == "machinery-restored"


def test_gradebook_out_of_the_way(bench: Bench) -> None:
    """The run does not happen inside the course: the usual way to the gradebook leads nowhere."""
    (bench.root / "gradebook.db").write_text("marks")
    bench.released(answer("a"), check("t", "assert a", 1))
    score = bench.answers(a="import os\na = os.path.exists('../../../gradebook.db')")
    assert points(score) == {"t": 0}


# -------------------------------------------------------------------- what cannot be graded


@pytest.mark.parametrize(("data", "why"), [
    (b"", "the file is empty"),
    (b"{\n oops", "line 2 is not JSON"),
    (b"[]", "not a notebook"),
    (b"{" * 5000, "cannot be read"),
])
def test_unreadable(half: Bench, data: bytes, why: str) -> None:
    score = half.grade(data)
    assert not score.results
    assert [r.code for r in score.review] == ["unreadable"]
    assert why in score.review[0].reason


def test_no_notebook(half: Bench) -> None:
    submission = half.hand_in(b"{}")
    (submission.folder / "p1.ipynb").rename(submission.folder / "homework.ipynb")
    from kit.grading.local import grade

    score = grade(half.desk(), half.job(submission))
    assert [r.code for r in score.review] == ["no-notebook"]


def test_timeout_keeps_the_rest(half: Bench) -> None:
    score = half.answers(half=RIGHT, why="text", setup="import math")
    stuck = half.grade([*cells(half, half=RIGHT), code("while True: pass")])
    assert points(stuck) == {**points(score), "why": 0}
    assert [r.code for r in stuck.review] == ["timeout"]
    half.ways("timeout")
    asked = half.grade([*cells(half, half=RIGHT), code("while True: pass")])
    assert (points(asked), asked.review) == (points(stuck), ())


def test_a_test_that_times_out_is_zero_and_nbgraders_way_asks_nobody(half: Bench) -> None:
    slow = "import time\ndef half(n):\n    time.sleep(60)"
    score = half.answers(half=slow)
    assert {review.code for review in score.review} == {"timeout"}, score.review
    assert [points(score)[review.grade_id] for review in score.review] == [0] * len(score.review)
    half.ways("timeout")
    again = half.answers(half=slow)
    assert (points(again), again.review) == (points(score), ())


def test_killed_keeps_the_rest(bench: Bench) -> None:
    bench.released(answer("a"), check("t", "assert a == 1"), answer("b"),
                   check("u", "import os\nassert b() == 1"), check("v", "assert a == 1"))
    score = bench.answers(a="a = 1", b="import os\ndef b():\n    os._exit(0)")
    assert points(score) == {"t": 1, "u": 0, "v": 1}
    assert [(r.code, r.grade_id) for r in score.review] == [("killed", "u")]


def test_unknown_kernel(bench: Bench) -> None:
    bench.released(check("t", "1 +", 1), kernelspec={"name": "blarg", "language": "blarg"})
    score = bench.answers()
    assert [r.code for r in score.review] == ["no-kernel"]
    assert "blarg" in score.review[0].reason


# ------------------------------------------------------------------------------- the document


def test_each_row_of_the_document_has_its_test(repository: Path) -> None:
    text = (repository / "docs" / "differences.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| `(test_\w+)` \|$", text, re.MULTILINE)
    tests = "".join(path.read_text() for path in (repository / "tests").rglob("test_*.py"))
    assert len(rows) == len(re.findall(r"^\| `", text, re.MULTILINE)) >= 20
    assert [test for _, test in rows if f"def {test}(" not in tests] == []


def test_the_document_says_of_each_row_whether_it_can_be_set_back(repository: Path) -> None:
    text = (repository / "docs" / "differences.md").read_text()
    found = dict(re.findall(r"^\| `([a-z-]+)` \|.*\| ([^|]+) \| `test_\w+` \|$", text,
                            re.MULTILINE))
    assert {row for row, word in found.items() if word == "yes"} == set(NBGRADER_WAYS)
    assert set(found.values()) == {
        "yes", "with the next row", "no: security", "no: class", "no: elsewhere",
        "no: same score"}
