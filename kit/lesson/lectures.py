"""Lecture: a video with captions, and a transcript that follows it and leads to each place."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from kit.lesson.component import Component, identity
from kit.lesson.markup import html_of, inline, plain
from kit.lesson.saying import say

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_ENDS = re.compile(r"[.!?…。！？][\"'’”)]*$")
_PAGES_OF_VIDEOS = re.compile(r"(?:^|\.)(?:youtube\.com|youtu\.be|vimeo\.com)$")
_SENTENCE = 240
"""Letters that a row of the transcript has at most."""
_PAUSE = 1.5
"""Seconds of silence after which a new paragraph begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What is said from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


class Lecture(Component):
    """A video with its transcript. Made by `lecture`."""

    kind: ClassVar[str] = "lecture"

    @property
    def answer(self) -> float:
        """Where the learner paused, in seconds from the start; 0 at the end."""
        return float(self.state.get("at", 0.0))

    def static_html(self) -> str:
        """The video where there is one, and what is said in it."""
        spec = self.spec
        video = ""
        if spec["video"]:
            shown = f' poster="{html.escape(spec["poster"])}"' if spec["poster"] else ""
            video = (f'<video controls preload="none" src="{html.escape(spec["video"])}"'
                     f'{shown}></video>')
        said = spec["text"] or "".join(
            f'<p>{html.escape(one["text"])}</p>' for one in spec["paragraphs"])
        if video and said:
            said = f"<details><summary>{say('Transcript')}</summary>{said}</details>"
        return (f'<section class="cp"><header><h3>{spec["question"]}</h3>'
                f'<span class="cp-kind">{html.escape(spec["label"])}</span></header>{video}{said}'
                "</section>")


def lecture(
    video: str = "", *, title: str, poster: str = "", captions: str | Path = "",
    transcript: str | Sequence[tuple[float, str]] | None = None, label: str = "",
    id: str | None = None,  # noqa: A002 - the word of the page
) -> Lecture:
    """A video (or a recording without pictures) with captions and a transcript beside it.

    `video` and `poster` are files beside the lesson, or addresses that begin with https://.
    `captions` is a WebVTT file, or its text. The transcript is made of them; `transcript` gives
    another: a text, or a list of (seconds from the start, text). Where there is no video, the
    transcript is shown as text.

    Raises ValueError or TypeError for captions that cannot be read, with their line, and for a
    video that a page cannot play.
    """
    cues = _read(captions) if captions else []
    own = html_of(transcript) if isinstance(transcript, str) else ""
    timed = _timed(transcript) if transcript is not None and not own else paragraphs(
        cues, to_read=not video)
    if not (video or own or timed):
        raise ValueError("give a video, captions or a transcript")
    if video and not (own or timed):
        raise ValueError("a video needs captions= or transcript=: not all hear, and not all can "
                         "play it")
    spec = {"asks": False, "question": inline(title), "name": plain(title),
            "label": label or say("Lecture"),
            "video": _address(video, "video"), "poster": _address(poster, "poster"), "text": own,
            "cues": [asdict(cue) for cue in cues],
            "paragraphs": [] if own else [asdict(one) for one in timed]}
    return Lecture({"id": identity("lecture", id, title, video), **spec})


def cues_of(text: str, *, name: str = "the captions") -> list[Cue]:
    """The cues of a WebVTT text in order of time; notes, styles, places and voices are left out.

    Raises ValueError, with the line, for what is no WebVTT.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.match(r"WEBVTT(?:\s|$)", lines[0]):
        raise ValueError(f"{name}, line 1: a WebVTT file begins with WEBVTT, not {lines[0][:30]!r}")
    found = []
    for first, block in _blocks(lines):
        if first > 1 and not _ASIDE.match(block[0]):
            found += _cue(first, block, name)
    if not found:
        raise ValueError(f"{name}: no cue is in it; one is a line such as "
                         "00:01.000 --> 00:04.000 and a line of text")
    return sorted(found, key=lambda cue: (cue.start, cue.end))


def _blocks(lines: Sequence[str]) -> Iterable[tuple[int, list[str]]]:
    """What stands between blank lines: (number of its first line from 1, its lines)."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str], name: str) -> list[Cue]:
    at = 0 if "-->" in block[0] or len(block) == 1 else 1  # a cue may have a name of its own
    where = f"{name}, line {first + at}"
    timing = _TIMING.fullmatch(block[at])
    if not timing:
        raise ValueError(f"{where}: a time is written 00:01.000 --> 00:04.000, not "
                         f"{block[at].strip()[:60]!r}")
    start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
    if end <= start:
        raise ValueError(f"{where}: the cue ends before it begins")
    stray = next((n for n, line in enumerate(block[at + 1:], at + 1) if "-->" in line), None)
    if stray is not None:
        raise ValueError(f"{name}, line {first + stray}: a blank line is missing before this cue")
    said = re.sub(r"<[^<>]*>", "", " ".join(block[at + 1:]))
    said = " ".join(html.unescape(said).split())
    return [Cue(start=start, end=end, text=said)] if said else []


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def paragraphs(cues: Sequence[Cue], *, to_read: bool = False) -> list[Cue]:
    """Cues put together to sentences, as one seeks in them, or to paragraphs, as one reads."""
    made: list[Cue] = []
    for cue in cues:
        last = made[-1] if made else None
        if last and _goes_on(last, cue, to_read=to_read):
            made[-1] = Cue(start=last.start, end=max(last.end, cue.end),
                           text=f"{last.text} {cue.text}")
        else:
            made.append(cue)
    return made


def _goes_on(last: Cue, cue: Cue, *, to_read: bool) -> bool:
    letters = len(last.text) + len(cue.text)
    if not _ENDS.search(last.text):
        return letters < _SENTENCE or to_read
    return to_read and letters < 2 * _SENTENCE and cue.start - last.end < _PAUSE


def _timed(transcript: Any) -> list[Cue]:
    """A transcript of the author's with times; each paragraph lasts until the next begins."""
    if not isinstance(transcript, list | tuple) or not transcript:
        raise TypeError("a transcript is a text, or a list of (seconds, text); not "
                        f"{transcript!r}")
    found: list[tuple[float, str]] = []
    for one in transcript:
        if not isinstance(one, tuple | list) or len(one) != 2 or not isinstance(one[1], str):
            raise TypeError(f"a paragraph of a transcript is (seconds, text); not {one!r}")
        at = one[0]
        if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < math.inf:
            raise ValueError(f"a paragraph begins at a number of seconds from 0, not {at!r}")
        if found and at <= found[-1][0]:
            raise ValueError(f"the paragraph at {at:g} s stands after that at {found[-1][0]:g} s")
        found.append((float(at), plain(one[1])))
    ends = [*(at for at, _ in found[1:]), found[-1][0] + 3600.0]
    return [Cue(start=at, end=end, text=text)
            for (at, text), end in zip(found, ends, strict=True)]


def _read(captions: str | Path) -> list[Cue]:
    if isinstance(captions, str) and (captions.lstrip("\ufeff").startswith("WEBVTT")
                                      or "\n" in captions):
        return cues_of(captions)
    path = Path(captions)
    try:
        return cues_of(path.read_text(encoding="utf-8"), name=path.name)
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not UTF-8 text; save it as UTF-8") from None
    except OSError:
        raise ValueError(f"there is no {str(captions)!r} to read captions from; put the file "
                         "beside the lesson") from None


def _address(given: str, what: str) -> str:
    """An address that a page can load, checked.

    Raises ValueError for a file that is not there or is named from the root of a disk.
    """
    if not isinstance(given, str | Path):
        raise TypeError(f"{what}= is a file beside the lesson or an address, not {given!r}")
    given = given.as_posix() if isinstance(given, Path) else given
    if not given:
        return ""
    parts = urlsplit(given)
    if parts.scheme in ("http", "https"):
        if _PAGES_OF_VIDEOS.search(parts.hostname or ""):
            raise ValueError(f"{given} is a page with a video, not a video: link to it in the "
                             "text, and give the transcript alone")
        return given
    if parts.scheme or given.startswith(("/", "\\", "~")):
        raise ValueError(f"{what}= is a path from the lesson, such as media/one.mp4, or an address "
                         f"that begins with https://; not {given!r}")
    if not Path(given).is_file():
        raise ValueError(f"there is no {given!r} beside the lesson; put the {what} there")
    return "/".join(re.sub(r"[^\w.~!$&'()*+,;=@-]", _escaped, part, flags=re.ASCII)
                    for part in given.replace("\\", "/").split("/"))


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
