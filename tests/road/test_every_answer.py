"""Every component of every lesson of each template: answered wrongly and rightly, by mouse and by
keyboard, from a server and from a file; and what was answered is there at the next visit.

What is right stands in the page, so that nothing here knows a lesson. See `answering`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answering.visits import pages_to_answer, site_answered

from kit.course.scaffold import template_names


@pytest.mark.slow  # minutes
@pytest.mark.parametrize("over", ["http", "file"])
@pytest.mark.parametrize("template", template_names())
def test_every_component_of_a_template_is_answered(
    browser: Any, site_of: Callable[[str], Path], template: str, over: str
) -> None:
    folder = site_of(template)
    pages = pages_to_answer(folder)
    assert bool(pages) == (template != "blank")
    site_answered(browser, folder, pages, over)
