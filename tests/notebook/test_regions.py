"""Marker regions: found, taken out, and unbalanced ones named by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import notebook as notebooks
from kit.errors import NotebookError
from kit.notebook import HIDDEN_TESTS, SOLUTION

TEXT = "a\n### BEGIN SOLUTION\nb\nc\n### END SOLUTION\nd"


def test_a_region_is_found_and_taken_out() -> None:
    (region,) = notebooks.regions(TEXT, SOLUTION)
    assert (region.first, region.last, region.text) == (1, 4, "b\nc")
    assert notebooks.without_regions(TEXT, SOLUTION) == "a\nd"
    assert notebooks.regions(TEXT, HIDDEN_TESTS) == ()


@pytest.mark.parametrize(("text", "line", "message"), [
    ("### BEGIN SOLUTION\nx", "line 1", "has no END SOLUTION"),
    ("x\n### END SOLUTION", "line 2", "without BEGIN SOLUTION"),
    ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "line 2", "stands twice"),
])
def test_unbalanced_markers_are_named_by_line(text, line, message) -> None:
    with pytest.raises(NotebookError) as caught:
        notebooks.regions(text, SOLUTION)
    assert line in caught.value.where
    assert message in caught.value.message


@given(st.lists(st.sampled_from(["x", "", "# BEGIN SOLUTION", "# END SOLUTION"])))
def test_nothing_of_a_region_stays_or_it_is_refused(lines) -> None:
    text = "\n".join(lines)
    try:
        rest = notebooks.without_regions(text, SOLUTION)
    except NotebookError:
        assert "SOLUTION" in text
    else:
        assert "SOLUTION" not in rest
        assert rest.count("x") <= text.count("x")
