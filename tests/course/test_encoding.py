"""course.yml as editors save it: UTF-8 and UTF-16 are read, other encodings named."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from kit.course import load_course
from kit.course.add import add_lesson
from kit.course.encoding import decoded
from kit.course.reschedule import reschedule
from kit.errors import CourseError

TEXT = "id: c\ntitle: Größen und Maße\nstart: 2027-01-11\nparts: [{title: A, lessons: []}]\n"


def saved(root: Path, data: bytes) -> Path:
    (root / "course.yml").write_bytes(data)
    return root


@pytest.mark.parametrize("data", [
    TEXT.encode("utf-8-sig"), TEXT.encode("utf-16"), TEXT.replace("\n", "\r\n").encode("utf-16"),
    codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
], ids=["utf-8 with a mark", "utf-16", "utf-16 with CRLF", "utf-16 big-endian"])
def test_what_editors_of_windows_save_is_read_and_changed(tmp_path: Path, data: bytes) -> None:
    course = load_course(saved(tmp_path, data))
    assert course.title == "Größen und Maße"
    add_lesson(course, "One")
    reschedule(load_course(tmp_path), date(2027, 1, 18))
    again = load_course(tmp_path)
    assert (again.start, len(again.lessons)) == (date(2027, 1, 18), 1)
    assert "Größen" in (tmp_path / "course.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("data", "where", "seems"), [
    (TEXT.encode("cp1252"), "course.yml line 2", "Windows-1252 or Latin-1"),
    ("id: c\n\ntitle: Статистика\n".encode("cp1251"), "course.yml line 3", "Windows-1251"),
    ("id: c\ntitle: 統計学入門\n".encode("shift-jis"), "course.yml line 2", "Shift JIS"),
    (TEXT.encode("utf-16-le"), "course.yml", "UTF-16"),
    (TEXT.encode("utf-32"), "course.yml", "UTF-32"),
    (TEXT.encode("utf-16")[:-1], "course.yml", "UTF-16"),
], ids=["cp1252", "cp1251", "shift-jis", "utf-16 without a mark", "utf-32", "cut"])
def test_another_encoding_is_named(tmp_path: Path, data: bytes, where: str, seems: str) -> None:
    with pytest.raises(CourseError) as caught:
        load_course(saved(tmp_path, data))
    assert (caught.value.message, caught.value.where) == ("is not UTF-8 text", where)
    assert seems in caught.value.hint
    assert "save it as UTF-8" in caught.value.hint


@pytest.mark.parametrize("data", [bytes(range(256)), b"PK\x03\x04\x00\x00\xff\xfe" * 9,
                                  b"\x89PNG\r\n\x1a\n\x01\x02\x03\x04"])
def test_what_is_no_text_is_told(data: bytes) -> None:
    with pytest.raises(CourseError, match="not a text file"):
        decoded(data, name="course.yml")
