"""Cells that run in the page."""

from __future__ import annotations

from typing import Any

from answering.parts import Part

_EDIT = "\n# looked at"
_SLOW = 90  # seconds until Python is there, on a busy machine


def edit(part: Part, hand: Any) -> None:
    """An edit is told, and kept. It changes nothing that the cell gives."""
    if not part.has("button:^Run", 0):
        return
    hand.press(part, "^Edit")
    part.until("answering.find(at, ['.run-editor [contenteditable]', 0])")
    hand.click(part, ".run-editor [contenteditable]", 0)
    part.page.keyboard.press("ControlOrMeta+End")
    part.page.keyboard.insert_text(_EDIT)
    part.until("answering.find(at, ['.run-bar [role=status]', 0]).textContent.startsWith('Edited')")


def run(part: Part, hand: Any) -> None:
    """It gives what it gave when the page was made; from a file the page says why it cannot."""
    if not part.has("button:^Run", 0):
        assert part.words(".run-note", 0), "a cell that cannot run here does not say so"
        return
    made = part.words(".cell_output:not(.run-output)", 0)
    hand.press(part, "^Run")
    if part.page.url.startswith("file:"):
        assert "openasafile,andthereabrowserstartsnoPython" in part.words(".run-output", 0)
        return
    told = "answering.find(at, ['.run-bar [role=status]', 0]).textContent"
    part.until(f"/^Done|^Stopped|could not|^Cell/.test({told})", seconds=_SLOW)
    said = part.ask(told)
    assert said == "Done.", said
    if hand.name == "by keyboard":
        hand.must_be_at(part, "button:^Run", 0)
    assert part.words(".run-output", 0) == made


def is_kept(part: Part) -> bool:
    """Whether the edit stands in the cell."""
    return not part.has("button:^Run", 0) or part.words(".cell_input pre", 0).endswith(
        "".join(_EDIT.split()))
