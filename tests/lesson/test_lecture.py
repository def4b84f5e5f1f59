"""A lecture in Python: captions are read with care, and what cannot be played is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.lesson import lecture
from kit.lesson.lectures import cues_of, paragraphs

CAPTIONS = """\ufeffWEBVTT - Harbour Coffee
Kind: captions

STYLE
::cue { color: red }

NOTE made by ear
00:00.000 --> 00:09.000 is no cue here

first
00:00.500 --> 00:02.000 align:start position:10%
<v.loud Narrator>Cash is <i>not</i>
profit &amp; loss.

00:02.000 --> 00:03.250
- 1 &lt; 2, and

00:00:03.250 --> 01:00:04,000
<00:03.500><c.name>this</c> goes on


00:09.000 --> 00:10.000
<v Narrator></v>
"""


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a lesson, with a video and captions in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "büro 1.mp4").write_bytes(b"video")
    (tmp_path / "one.vtt").write_text(CAPTIONS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cues_are_times_and_words_alone(end: str) -> None:
    found = cues_of(CAPTIONS.replace("\n", end))
    assert [(cue.start, cue.end, cue.text) for cue in found] == [
        (0.5, 2.0, "Cash is not profit & loss."), (2.0, 3.25, "- 1 < 2, and"),
        (3.25, 3604.0, "this goes on")]


def test_the_transcript_is_sentences_with_the_time_they_begin(beside: Path) -> None:
    made = lecture("media/büro 1.mp4", title="One", captions="one.vtt")
    assert [(one["start"], one["text"]) for one in made.spec["paragraphs"]] == [
        (0.5, "Cash is not profit & loss."), (2.0, "- 1 < 2, and this goes on")]
    assert made.spec["video"] == "media/b%C3%BCro%201.mp4"
    assert len(made.spec["cues"]) == 3
    assert made.spec == lecture("media/büro 1.mp4", title="One", captions=beside / "one.vtt").spec
    assert made.spec == lecture("media/büro 1.mp4", title="One", captions=CAPTIONS).spec


def test_a_long_run_without_an_end_is_cut_into_paragraphs() -> None:
    cues = "".join(f"\n00:{at:02}.000 --> 00:{at + 1:02}.000\n{'word ' * 10}\n" for at in range(30))
    found = paragraphs(cues_of(f"WEBVTT\n{cues}"))
    assert all(len(one.text) <= 240 for one in found)
    assert len(found) < 10


def test_to_read_sentences_stand_in_paragraphs_that_a_pause_ends() -> None:
    cues = ("\n00:01.000 --> 00:02.000\nOne.\n\n00:02.500 --> 00:03.000\nTwo.\n"
            "\n00:05.000 --> 00:06.000\nThree.\n")
    made = lecture(title="One", captions=f"WEBVTT\n{cues}")
    assert [one["text"] for one in made.spec["paragraphs"]] == ["One. Two.", "Three."]


def test_where_nothing_runs_the_video_and_what_is_said_stand_there(beside: Path) -> None:
    made = lecture("https://example.org/a.mp4?x=1&y=2", title="A **talk**", captions="one.vtt")
    text = made.static_html()
    assert 'src="https://example.org/a.mp4?x=1&amp;y=2"' in text
    assert "<strong>talk</strong>" in text
    assert "<p>- 1 &lt; 2, and this goes on</p>" in text
    alone = lecture(title="A talk", captions="one.vtt").static_html()
    assert "<video" not in alone
    assert "profit &amp; loss" in alone
    assert "0:00" not in alone


def test_a_transcript_of_ones_own_goes_before_the_captions(beside: Path) -> None:
    made = lecture("media/büro 1.mp4", title="One", captions="one.vtt",
                   transcript=[(0, "Cash is **not** profit."), (7.5, "Why?")])
    assert [(one["start"], one["end"], one["text"]) for one in made.spec["paragraphs"]] == [
        (0, 7.5, "Cash is not profit."), (7.5, 3607.5, "Why?")]
    text = lecture("media/büro 1.mp4", title="One", transcript="Cash.\n\n**Profit**.")
    assert text.spec["text"] == "<p>Cash.</p><p><strong>Profit</strong>.</p>"
    assert made.answer == 0
    made.state = {"at": 12.5}
    assert made.answer == 12.5


@pytest.mark.parametrize(("text", "match"), [
    ("00:01.000 --> 00:02.000\nHi\n", "line 1: a WebVTT file begins"), ("WEBVTTX\n", "line 1"),
    ("WEBVTT\n\n", "no cue"), ("WEBVTT\n\nNOTE only\n", "no cue"),
    ("WEBVTT\n\n00:01 --> 00:02\nHi\n", "line 3: a time is written"),
    ("WEBVTT\n\na\n00:61.000 --> 00:62.000\nHi\n", "line 4: a time"),
    ("WEBVTT\n\nHi there\n", "line 3: a time"), ("WEBVTT\n\nname\nHi there\n", "line 4: a time"),
    ("WEBVTT\n\n00:02.000 --> 00:02.000\nHi\n", "line 3: the cue ends before"),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n00:02.000 --> 00:03.000\nHo\n",
     "line 5: a blank line is missing"),
])
def test_captions_that_cannot_be_read_are_told_with_their_line(text: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        cues_of(text)


def test_cues_out_of_order_are_put_in_order() -> None:
    found = cues_of("WEBVTT\n\n00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n")
    assert [cue.text for cue in found] == ["a", "b"]


@pytest.mark.parametrize(("how", "match"), [
    ({}, "give a video"), ({"video": "media/büro 1.mp4"}, "needs captions= or transcript="),
    ({"video": "media/two.mp4", "transcript": "x"}, "there is no 'media/two.mp4'"),
    ({"video": "/media/one.mp4", "transcript": "x"}, "a path from the lesson"),
    ({"video": "javascript:alert(1)", "transcript": "x"}, "a path from the lesson"),
    ({"video": "C:\\one.mp4", "transcript": "x"}, "a path from the lesson"),
    ({"video": "https://www.youtube.com/watch?v=1", "transcript": "x"}, "a page with a video"),
    ({"video": 3, "transcript": "x"}, "is a file beside"),
    ({"poster": "no.png", "transcript": "x"}, "there is no 'no.png'"),
    ({"captions": "two.vtt"}, "there is no 'two.vtt'"), ({"captions": "latin.vtt"}, "not UTF-8"),
    ({"transcript": []}, "is a text, or a list"), ({"transcript": [("a", "b")]}, "number of sec"),
    ({"transcript": [(1, "a"), (1, "b")]}, "stands after"), ({"transcript": [(1, 2)]}, "seconds"),
    ({"transcript": "x", "id": "a b"}, "an id is"),
])
def test_what_an_author_does_wrong_is_told_at_once(beside: Path, how: Any, match: str) -> None:
    (beside / "latin.vtt").write_bytes(b"WEBVTT\n\n00:01.000 --> 00:02.000\ncaf\xe9\n")
    with pytest.raises((TypeError, ValueError), match=match):
        lecture(title="One", **how)
