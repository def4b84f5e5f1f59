"""Explore in a real JupyterLab: the kernel answers for the states that a page does not hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labpage import told

CELL = """import warnings
from kit.lesson import bars, explore
warnings.simplefilter("ignore")
ran = []
def f(n):
    ran.append(n)
    if n == 998:
        raise ValueError("no <b>998</b>")
    return bars({"n": n}), f"n is {n}"
e = explore(f, n=range(1000), start={"n": 500})
before = len(ran)
e"""


def test_the_kernel_answers_between_the_steps(run: Callable[..., Any]) -> None:
    page = run("explore", CELL, "print(e.values, ran[before:])")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    slider = part.get_by_role("slider")
    words = part.locator("figure").nth(1)
    assert words.inner_text() == "n is 500"
    assert slider.get_attribute("max") == "999"
    slider.focus()
    # Arrow keys move the slider, and do not leave the component for another cell.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    words.filter(has_text="n is 502").wait_for(timeout=30_000)
    assert part.get_by_role("img", name="n 502").is_visible()
    page.keyboard.press("End")
    words.filter(has_text="n is 999").wait_for(timeout=30_000)
    page.keyboard.press("ArrowLeft")
    problem = part.locator(".cp-problem")
    problem.filter(has_text="ValueError: no <b>998</b>").wait_for(timeout=30_000)
    page.keyboard.press("ArrowLeft")
    words.filter(has_text="n is 997").wait_for(timeout=30_000)
    assert problem.inner_text() == ""
    # The page holds 501, so the kernel was not asked for it.
    assert told(page) == "{'n': 997} [502, 998, 997]"
