"""Components in a real JupyterLab: they draw, answer, and their value reaches the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
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


@pytest.mark.slow
def test_a_copy_from_a_course_in_spanish_speaks_it(run: Callable[..., Any]) -> None:
    page = run("copia", "from kit.lesson import journal_entry\n"
               "entry = journal_entry('Cobro', expected='Dr Caja 500 / Cr Ventas 500', "
               "kinds={'Caja': 'asset', 'Ventas': 'revenue'})\nentry",
               "print(entry.answer, entry.is_right)", lang="es-AR")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    part.get_by_role("button", name="Comprobar").click()
    assert "Primero completa una línea: una cuenta y un importe." in part.inner_text()
    for line, account, side in ((1, "Caja", "Debe"), (2, "Ventas", "Haber")):
        part.get_by_label(f"Cuenta, línea {line}").select_option(account)
        part.get_by_label(f"{side}, línea {line}").fill("500")
    part.get_by_role("button", name="Comprobar").click()
    part.get_by_text("Asiento contable, correcto").wait_for(timeout=30_000)
    assert "Activo 500 = Pasivo 0 + Patrimonio neto 500" in part.inner_text()
    assert told(page) == "Dr Caja 500 / Cr Ventas 500 True"


def test_two_views_of_a_component_follow_each_other_and_the_kernel(
    run: Callable[..., Any]
) -> None:
    page = run("twice", "from kit.lesson import explore, quiz\n"
               "q = quiz('Is it?', {'Yes': 'Why?', 'No': 'So it is.'}, right='No')\n"
               "e = explore(lambda n: f'n is {n}', n=range(5))\n"
               "display(q, q, e, e)", "e.state = {'at': {'n': 0}}; print(q.answer)")
    parts = page.locator("section.cp")
    parts.nth(3).wait_for(timeout=60_000)
    parts.nth(0).get_by_label("No").check()
    parts.nth(0).get_by_role("button", name="Check").click()
    assert parts.nth(0).get_attribute("data-state") == "right"
    assert parts.nth(1).get_attribute("data-state") == "right"
    parts.nth(3).get_by_role("slider").press("End")
    assert parts.nth(2).locator("figure").inner_text() == "n is 4"
    assert parts.nth(3).get_by_role("slider").evaluate("e => e === document.activeElement")
    assert told(page) == "No"
    for place in (2, 3):
        parts.nth(place).locator("figure").filter(has_text="n is 0").wait_for(timeout=30_000)
