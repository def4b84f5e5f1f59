"""Text files that an author saved: UTF-8 is read, and another encoding is told by its name."""

from __future__ import annotations

import codecs
import re

from kit.errors import CourseError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


def decoded(data: bytes, *, name: str) -> str:
    """The text in `data`: UTF-8, or UTF-16 with its byte order mark; line ends stay.

    Raises CourseError with the line in the file `name` and the encoding that it seems to be.
    """
    wide = data.startswith(_UTF_16) and not data.startswith(_UTF_32)
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(data, name if b"\0" in data else f"{name} line {line}") from error
    if "\0" in text:  # never in a text; UTF-16 without a mark reads as UTF-8 full of them
        raise _refused(data, name)
    return text


def _refused(data: bytes, where: str) -> CourseError:
    seems = guessed(data)
    if not seems:
        return CourseError("is not a text file", where=where,
                           hint="put back the file that was there, or write a new one")
    return CourseError("is not UTF-8 text", where=where,
                       hint=f"it seems to be {seems}: save it as UTF-8 in your editor")


def guessed(data: bytes) -> str:
    """What text that is not UTF-8 is encoded in, in words; empty where it is no text."""
    if data.startswith(_UTF_32):
        return "UTF-32"
    if b"\0" in data:
        half = len(data) / 2
        many = max(data[0::2].count(0), data[1::2].count(0))
        return "UTF-16" if data.startswith(_UTF_16) or many > half / 2 else ""
    if len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", data)) > len(data) / 100:
        return ""
    if re.search(rb"[\x80-\xff]{4}", data):  # words of such bytes: not the odd accent
        return "an older encoding of another script, such as Windows-1251 or Shift JIS"
    return "Windows-1252 or Latin-1"
