"""Components in a real JupyterLab: they draw, answer, and their value reaches the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labpage import told


def test_a_quiz_answers_and_the_kernel_knows(run: Callable[..., Any]) -> None:
    page = run("quiz", "from kit.lesson import quiz\n"
               "q = quiz('Can she pay 50?', {'Yes': 'Where is the cash?', 'No': 'It is 12.'}, "
               "right='No')\nq", "print(q.answer, q.is_right)")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    part.get_by_label("Yes").check()
    part.get_by_role("button", name="Check").click()
    assert "Where is the cash?" in part.inner_text()
    # Arrow keys choose, and do not leave the component for another cell.
    part.get_by_label("Yes").focus()
    page.keyboard.press("ArrowDown")
    assert part.get_by_label("No").is_checked()
    part.get_by_role("button", name="Check again").click()
    assert part.get_attribute("data-state") == "right"
    assert told(page) == "No True"
