"""Steps, hints, a solution and a lecture in a real JupyterLab: what a learner did, the kernel
reads."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from labpage import told

STEPS = """from kit.lesson import steps
s = steps("Used up?", [("A month costs", 200), ("Which account?", "Insurance expense"),
                       ("How much?", 800, {1600: "That is what is left."})], blank=2)
s"""

OTHERS = """from IPython.display import display
from kit.lesson import hints, solution
h = hints("Stuck?", ["Which accounts?", "Which grows?"])
o = solution("Compare", "It was **earned**.", after="elsewhere", attempt="Why is it 1,500?")
display(h, o)"""

LECTURE = """from kit.lesson import lecture
captions = "WEBVTT\\n\\n00:00.000 --> 00:05.000\\nOne.\\n\\n00:05.000 --> 00:09.000\\nTwo.\\n"
v = lecture("media/a talk.wav", title="Talk", captions=captions)
v"""


def test_steps_are_typed_and_the_kernel_knows(run: Callable[..., Any]) -> None:
    page = run("steps", STEPS, "print(s.answer, s.is_right)")
    part = page.locator("section.cp")
    part.wait_for(timeout=60_000)
    part.get_by_label("Which account?").focus()
    # Letters and Enter are typed, and are no commands of the notebook.
    page.keyboard.type("insurance expense")
    page.keyboard.press("Enter")
    page.keyboard.type("1600")
    page.keyboard.press("Enter")
    assert "That is what is left." in part.inner_text()
    page.keyboard.press("Control+a")
    page.keyboard.type("800")
    page.keyboard.press("Enter")
    assert part.get_attribute("data-state") == "right"
    assert told(page) == "['insurance expense', 800] True"


def test_hints_open_and_an_attempt_opens_the_solution(run: Callable[..., Any]) -> None:
    page = run("others", OTHERS, "print(h.answer, o.answer, o.is_open)")
    page.get_by_role("button", name="Hint 1 of 2").click()
    page.get_by_label("Why is it 1,500?").fill("It was earned in March")
    page.get_by_role("button", name="Show the solution").click()
    part = page.get_by_role("region", name="Compare")
    assert "It was earned.\n" in part.inner_text()
    assert told(page) == "1 It was earned in March True"


@pytest.mark.slow
def test_a_lecture_finds_its_recording_beside_the_notebook(
    run: Callable[..., Any], lab: tuple[str, Path]
) -> None:
    (lab[1] / "part" / "media").mkdir(parents=True)
    with wave.open(str(lab[1] / "part" / "media" / "a talk.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * 10)
    page = run("part/talk", LECTURE, "print(v.answer > 5)")
    page.get_by_role("button", name="Two.").click(timeout=60_000)
    page.wait_for_function("document.querySelector('video').currentTime > 5")
    page.evaluate("document.querySelector('video').pause()")
    page.wait_for_function("document.querySelector('video').paused")
    assert told(page) == "True"
