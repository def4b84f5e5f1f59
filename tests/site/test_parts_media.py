"""What components show beside their text on the built page: recordings, and formulas."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit, served
from tinycourse import write_course

from kit.course import load_course
from kit.errors import BuildError
from kit.site import build

LESSON = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Media

```{code-cell}
:tags: [remove-input]
from kit.lesson import lecture, quiz

lecture("media/NAME", title="A talk", captions="WEBVTT\\n\\n00:00.000 --> 00:01.000\\nOne.\\n")
```

```{code-cell}
:tags: [remove-input]
quiz("Which is larger?", {"$a^2$": "Why?", "$b_1$": "Yes."}, right="$b_1$")
```
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_course(tmp_path)
    recording = tmp_path / "lessons" / "media" / "one talk.wav"
    recording.parent.mkdir()
    with wave.open(str(recording), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes(b"\x80" * 8000)
    (tmp_path / "lessons" / "numbers.md").write_text(LESSON.replace("NAME", "one talk.wav"))
    return tmp_path


def test_a_recording_comes_with_the_page_and_formulas_are_set(
    root: Path, visit: Callable[..., Visit]
) -> None:
    site = build(load_course(root), {}).folder
    assert (site / "lessons" / "media" / "one talk.wav").is_file()
    with served(site) as base:
        seen = visit(base, "lessons/numbers.html")
        seen.page.wait_for_selector("section.cp mjx-container")
        assert seen.page.locator("section.cp label mjx-container").count() == 2
        ready = "document.querySelector('video').readyState >= 1"
        seen.page.wait_for_function(ready)
        # Only what asks for an answer is counted.
        assert seen.page.locator(".kept").inner_text().startswith("0 of 1 answered")
        assert (seen.foreign, seen.errors) == ([], [])


def test_a_recording_that_is_not_public_stops_the_build(root: Path) -> None:
    (root / "lessons" / "numbers.md").write_text(LESSON.replace("NAME", "../../source/x.wav"))
    (root / "source" / "x.wav").write_bytes(b"RIFF")
    with pytest.raises(BuildError, match="not among the course's public files"):
        build(load_course(root), {})
