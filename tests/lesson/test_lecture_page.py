"""A lecture on a page: the transcript follows the recording, and leads to each place in it.

Over HTTP a browser seeks by asking for a part of the recording, which not each server gives; the
preview's does.
"""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Visit

from kit.lesson import lecture

SECONDS = 60
CAPTIONS = "WEBVTT\n" + "".join(
    f"\n00:{at:02}.000 --> 00:{at + 2:02}.000\n<v Speaker>Part <i>{at}</i> &lt; & more.\n"
    for at in range(0, SECONDS - 2, 2))


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A minute of silence with captions, beside the page."""
    folder = tmp_path / "page"
    (folder / "media").mkdir(parents=True)
    monkeypatch.chdir(folder)
    with wave.open("media/one talk.wav", "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(b"\x80" * 8000 * SECONDS)
    return lecture("media/one talk.wav", title="Cash is **not** profit", captions=CAPTIONS)


def ready(page: Any) -> Any:
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    return page.get_by_role("region", name="Cash is not profit")


def marked(page: Any) -> list[str]:
    return page.locator("[aria-current=true]").all_inner_texts()


@pytest.mark.parametrize("over", ["http", "file"])
def test_a_paragraph_leads_to_its_place_and_is_marked(
    opened: Callable[..., Visit], talk: Any, over: str
) -> None:
    page = opened([talk], over=over).page
    ready(page)
    assert marked(page) == []
    page.get_by_role("button", name="Part 20 < & more.").click()
    page.wait_for_function("document.querySelector('video').currentTime >= 20")
    assert "Part 20" in marked(page)[0]
    page.wait_for_function(
        "document.querySelector('[aria-current]').textContent.includes('Part 22')")
    assert len(marked(page)) == 1


@pytest.mark.parametrize("over", ["http", "file"])
def test_captions_are_shown_wherever_the_page_is(
    opened: Callable[..., Visit], talk: Any, over: str
) -> None:
    page = opened([talk], over=over).page
    ready(page)
    page.wait_for_function("document.querySelector('track').readyState === 2")
    first = page.evaluate("""() => {
        const track = document.querySelector('video').textTracks[0];
        const cue = track.cues[1];
        return [track.mode, track.kind, track.cues.length, cue.startTime, cue.endTime,
                cue.getCueAsHTML().textContent];
    }""")
    assert first == ["showing", "captions", SECONDS // 2 - 1, 2, 4, "Part 2 < & more."]


def test_it_scrolls_in_its_own_box_alone(opened: Callable[..., Visit], talk: Any) -> None:
    page = opened([talk], over="file", viewport={"width": 800, "height": 300},
                  reduced_motion="reduce").page
    ready(page)
    page.evaluate("document.querySelector('video').currentTime = 50")
    page.wait_for_function("document.querySelector('.cp-lines').scrollTop > 0")
    assert "Part 50" in marked(page)[0]
    box, row = (page.locator(name).bounding_box() for name in (".cp-lines", "[aria-current]"))
    assert box["y"] <= row["y"] <= box["y"] + box["height"] - row["height"]
    assert page.evaluate("window.scrollY") == 0


def test_who_scrolls_the_transcript_is_left_where_they_are(
    opened: Callable[..., Visit], talk: Any
) -> None:
    page = opened([talk], over="file", reduced_motion="reduce").page
    ready(page)
    page.locator(".cp-lines").dispatch_event("wheel")
    page.evaluate("document.querySelector('video').currentTime = 50")
    page.wait_for_selector("[aria-current]:has-text('Part 50')")
    assert page.evaluate("document.querySelector('.cp-lines').scrollTop") == 0
    page.get_by_role("button", name="Part 4 <").click()
    page.evaluate("document.querySelector('video').currentTime = 40")
    page.wait_for_function("document.querySelector('.cp-lines').scrollTop > 0")


def test_by_keyboard_it_is_one_stop_and_arrows_lead_through_it(
    opened: Callable[..., Visit], talk: Any
) -> None:
    page = opened([talk], over="file").page
    ready(page)
    page.get_by_role("button", name="Part 0 <").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('video').currentTime >= 2")
    assert "Part 2" in marked(page)[0]
    page.keyboard.press("End")
    assert "Part 56" in page.evaluate("document.activeElement.textContent")
    assert page.locator(".cp-lines button[tabindex='0']").count() == 1


def test_where_one_paused_is_kept_over_a_reload(opened: Callable[..., Visit], talk: Any) -> None:
    page = opened([talk], over="file").page
    ready(page)
    page.get_by_role("button", name="Part 30 <").click()
    page.wait_for_function("document.querySelector('video').currentTime > 30")
    page.evaluate("document.querySelector('video').pause()")
    page.wait_for_function("Object.values(localStorage).some((one) => one.includes('\"at\":3'))")
    page.reload()
    page.wait_for_selector("html[data-parts=drawn]")
    page.wait_for_function("document.querySelector('video').currentTime >= 30")
    assert "Part 30" in marked(page)[0]


def test_without_a_video_the_transcript_is_text_without_times(opened: Callable[..., Visit]) -> None:
    page = opened([lecture(title="One", captions=CAPTIONS)]).page
    part = page.get_by_role("region", name="One")
    assert "Part 20 < & more." in part.inner_text()
    assert "0:20" not in part.inner_text()
    assert part.locator("video, button").count() == 0


def test_a_video_that_cannot_be_played_says_so(
    opened: Callable[..., Visit], talk: Any, tmp_path: Path
) -> None:
    (tmp_path / "page" / "broken.mp4").write_bytes(b"no video at all")
    page = opened([lecture("broken.mp4", title="One", transcript="Cash.")]).page
    page.get_by_text("The video cannot be played here.").wait_for()
    page.get_by_text("Transcript").click()
    assert page.get_by_text("Cash.").is_visible()


def test_without_scripts_video_and_transcript_stand_there(
    opened: Callable[..., Visit], talk: Any
) -> None:
    page = opened([talk], java_script_enabled=False).page
    assert page.locator("video[controls]").get_attribute("src") == "media/one%20talk.wav"
    page.get_by_text("Transcript").click()
    assert page.get_by_text("Part 20 < & more.").is_visible()


def test_rows_are_large_and_nothing_is_cut_off_on_a_phone(
    opened: Callable[..., Visit], talk: Any
) -> None:
    page = opened([talk], viewport={"width": 375, "height": 700}).page
    ready(page)
    assert all(row.bounding_box()["height"] >= 44 for row in page.get_by_role("button").all()[:5])
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
