"""Every component of the gallery: answered by mouse and by keyboard, from a server and from a
file. See `answering`, and the same of the templates' lessons in the tests of the road."""

from __future__ import annotations

from typing import Any

import pytest
from answering.kinds import KINDS
from answering.visits import pages_to_answer, site_answered

from kit.lesson.component import kinds
from kit.site import Site


@pytest.mark.slow  # minutes
@pytest.mark.parametrize("over", ["http", "file"])
def test_every_component_of_the_gallery_is_answered(
    browser: Any, docs_built: Site, over: str
) -> None:
    pages = pages_to_answer(docs_built.folder)
    assert site_answered(browser, docs_built.folder, pages, over) == set(KINDS)


def test_each_kind_of_component_can_be_answered() -> None:
    assert {name.partition("/")[0] for name in KINDS} == {*kinds(), "run"}
