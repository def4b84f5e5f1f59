"""Every component of every lesson of each template: answered wrongly and rightly, by mouse and by
keyboard, from a server and from a file; and what was answered is there at the next visit.

What is right stands in the page, so that nothing here knows a lesson. See `answering`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from answering.visits import answered, pages_to_answer
from browser import served

from kit.course.scaffold import template_names


@pytest.mark.parametrize("template", [
    # The lessons take minutes.
    pytest.param(name, marks=[] if name == "blank" else [pytest.mark.slow])
    for name in template_names()])
@pytest.mark.parametrize("over", ["http", "file"])
def test_every_component_of_a_template_is_answered(
    browser: Any, site_of: Callable[[str], Path], over: str, template: str
) -> None:
    folder = site_of(template)
    # Without movement: whether the focus is to be seen is asked the moment it arrives.
    context = browser.new_context(viewport={"width": 1280, "height": 900},
                                  reduced_motion="reduce")
    try:
        if over == "file":
            for name in pages_to_answer(folder):
                answered(context, f"{folder.as_uri()}/", name)
        else:
            with served(folder) as base:
                for name in pages_to_answer(folder):
                    answered(context, base, name)
    finally:
        context.close()
