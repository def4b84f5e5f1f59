"""Reading notebooks: whatever the file, a notebook of the right types or a NotebookError."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.files import digest_bytes
from kit.model import CellKind

CODE = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}


def _bytes(*cells: object, **top: object) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells),
                       **top}).encode()


@pytest.mark.parametrize(("data", "message"), [
    (b"", "the file is empty"),
    (b"  \n", "the file is empty"),
    (b"PK\x03\x04", "line 1 is not JSON"),
    (b"{\n\n]", "line 3 is not JSON"),
    (b"[]", "not a notebook"),
    (b'{"nbformat": "4"}', "not a notebook"),
    (b'{"nbformat": 5, "cells": []}', "format 5"),
    (b'{"nbformat": 4}', "no list of cells"),
    (_bytes("cell"), "cell 1 is not a code"),
    (_bytes(CODE, {"cell_type": "heading"}), "cell 2 is not a code"),
    (b'{"nbformat": 4, "cells": [], "metadata": ' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"}",
     "nests too deep"),
    (b"[" * 100_000, "cannot be read"),
    (b'{"nbformat": ' + b"9" * 5000 + b"}", "cannot be read"),
    (b"\xff\xfe\x00", "is not UTF-16 text"),
    (b"caf\xe9", "is not UTF-8 text"),
])
def test_what_is_no_notebook_is_told_why(data: bytes, message: str) -> None:
    with pytest.raises(NotebookError) as caught:
        notebooks.parse(data, name="x.ipynb")
    assert message in str(caught.value)
    assert caught.value.where == "x.ipynb"


def test_a_file_that_was_cut_off_is_told_in_a_whole_sentence() -> None:
    with pytest.raises(NotebookError) as caught:
        notebooks.parse(b'{\n"cells')
    assert caught.value.message == "line 2 is not JSON: Unterminated string"


def test_a_byte_order_mark_and_utf_16_are_read() -> None:
    text = _bytes({**CODE, "source": "é"}).decode()
    for encoding in ("utf-8-sig", "utf-16"):
        assert notebooks.parse(text.encode(encoding))["cells"][0]["source"] == "é"


def test_format_3_is_upgraded() -> None:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python",
         "outputs": [], "metadata": {}, "collapsed": False}]}]}
    read = notebooks.parse(json.dumps(old).encode())
    assert notebooks.source(read["cells"][0]) == "a = 1\nb = 2"


def test_a_large_file_is_refused_by_its_size(tmp_path) -> None:
    path = tmp_path / "big.ipynb"
    path.write_bytes(_bytes(CODE))
    with pytest.raises(NotebookError, match="more than the 10 that are read"):
        notebooks.read(path, max_bytes=10)


def test_wrong_types_inside_a_cell_become_empty_ones() -> None:
    odd = {"cell_type": "code", "metadata": [], "source": ["a", 1, "b"], "id": 7,
           "outputs": [{"output_type": "stream", "name": 3, "text": "x"}, "no", None],
           "execution_count": "1"}
    cell = notebooks.parse(_bytes(odd))["cells"][0]
    assert cell == {"cell_type": "code", "metadata": {}, "source": "ab", "outputs": [],
                    "execution_count": None}


def test_what_is_written_is_what_nbformat_writes(tmp_path) -> None:
    import nbformat

    cell = {**CODE, "id": "a", "source": "x = 1\nx\n", "execution_count": 1, "outputs": [
        {"output_type": "execute_result", "metadata": {}, "execution_count": 1,
         "data": {"text/plain": "1\n2", "application/json": {"é": 1}, "image/png": "aGk="}},
        {"output_type": "stream", "name": "stdout", "text": "a\nb"}]}
    read = notebooks.parse(_bytes(cell))
    path = tmp_path / "x.ipynb"
    notebooks.write(read, path)
    node = nbformat.from_dict(read)
    assert path.read_text(encoding="utf-8") == nbformat.writes(node, version=4) + "\n"
    assert digest_bytes(path.read_bytes()) == digest_bytes(notebooks.dumps(
        notebooks.read(path)).encode())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner,
                                                                max_size=3),
    max_leaves=8,
)
KEYS = ("schema_version", "grade_id", "grade", "solution", "locked", "task", "points", "checksum",
        "cell_type")
META = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON))


@given(meta=META | JSON, source=JSON, outputs=JSON,
       kind=st.sampled_from(["code", "markdown", "raw"]))
def test_no_metadata_makes_reading_raise(meta, source, outputs, kind) -> None:
    data = _bytes({"cell_type": kind, "metadata": {"nbgrader": meta}, "source": source,
                   "outputs": outputs})
    cell = notebooks.parse(data)["cells"][0]
    full = notebooks.nbgrader_meta(cell)
    assert len(notebooks.checksum(cell)) == 32
    assert (full is None) == (notebooks.kind(cell) is None)
    if full is not None and "points" in full:
        assert 0 <= full["points"] < float("inf")


@pytest.mark.parametrize(("flags", "kind"), [
    ({"grade": True}, CellKind.TEST),
    ({"solution": True}, CellKind.ANSWER),
    ({"grade": True, "solution": True}, CellKind.MANUAL),
    ({"task": True}, CellKind.TASK),
    ({"locked": True}, CellKind.LOCKED),
    ({}, None),
    ({"grade": "true"}, None),
])
def test_kinds(flags, kind) -> None:
    cell = {**CODE, "metadata": {"nbgrader": {"grade_id": "q", "points": 1, **flags}}}
    assert notebooks.kind(cell) is kind


def test_checksums_are_nbgraders() -> None:
    import nbformat
    from nbgrader.utils import compute_checksum

    for flags in ({"grade": True, "points": 2}, {"solution": True},
                  {"grade": True, "solution": True, "points": 1.5}, {"locked": True},
                  {"task": True, "points": 3}):
        meta = {"grade_id": "q-1", "schema_version": 3, "grade": False, "solution": False,
                "locked": False, "task": False, **flags}
        cell = {**CODE, "source": "é = 1\n", "metadata": {"nbgrader": meta}}
        assert notebooks.checksum(cell) == compute_checksum(nbformat.from_dict(cell)), flags
