"""What a learner may put into an archive or a folder: refused by name, and the rest goes on."""

from __future__ import annotations

import io
import os
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.collect import Bounds, Ways, collect, refusals
from kit.collect import names as safe
from kit.collect.archive import Unpacking, zip_members
from kit.collect.model import Refusal
from kit.course import assignment_of

ON_TIME = Ways(unknown_times="on-time")


@pytest.fixture
def ps1(course):
    return assignment_of(course, "ps1")


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def reasons(found) -> dict[str, str]:
    return {refusal.name: refusal.reason for refusal in found.refused}


def test_bad_names_and_links_in_a_zip(course, roster, ps1, origin, make, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("first.ipynb", make("a", "b"))
        archive.writestr(entry("../../escape.py"), b"x")
        archive.writestr(entry("/etc/absolute"), b"x")
        archive.writestr(entry("C:\\windows\\x.txt"), b"x")
        archive.writestr(entry("link", stat.S_IFLNK | 0o777), b"/etc/passwd")
        archive.writestr(entry("pipe", stat.S_IFIFO | 0o644), b"")
        archive.writestr(entry("aux.txt"), b"x")
        archive.writestr(entry("what?.txt"), b"x")
        archive.writestr(entry("dot."), b"x")
        archive.writestr(entry("First.IPYNB"), b"x")
        archive.writestr(entry("work.rar"), b"x")
        archive.writestr(entry("timestamp.txt"), b"1999-01-01 00:00:00 UTC")
    found = collect(course, roster, ps1, origin({"learner-0001/work.zip": out.getvalue()}),
                    ways=ON_TIME)
    kept = course.root / "submitted/learner-0001/ps1"
    assert [path.name for path in kept.iterdir()] == ["first.ipynb"]
    told = {name.removeprefix("learner-0001/work.zip/"): why
            for name, why in reasons(found).items()}
    assert set(told) == {
        "../../escape.py", "/etc/absolute", "C:/windows/x.txt", "link", "pipe", "aux.txt",
        "what?.txt", "dot.", "First.IPYNB", "work.rar"}
    assert told["../../escape.py"] == "leads out of its folder"
    assert told["link"] == "is a link"
    assert not list(tmp_path.rglob("escape.py"))
    assert {refusal.learner for refusal in refusals(course, "ps1")} == {"learner-0001"}


def test_bombs(course, roster, ps1, origin, make, zipped):
    bounds = Bounds(file_bytes=3_000_000, total_bytes=4_000_000, files=5, small_bytes=1000)
    bomb = zipped({"zeros.csv": bytes(2_000_000)})
    nested = zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": zipped({})})})})
    found = collect(course, roster, ps1, origin({
        "learner-0001/first.ipynb": make("a", "b"),
        "learner-0001/bomb.zip": bomb,
        "learner-0001/large.bin": os.urandom(3_000_001),
        "learner-0001/nested.zip": nested,
        "learner-0002/first.ipynb": make("a", "b"),
        "learner-0002/many.zip": zipped({f"{n}.txt": b"x" for n in range(7)}),
        "learner-0003/broken.zip": b"PK\x03\x04 broken",
        "learner-0003/first.ipynb": make("a", "b"),
    }), ways=Ways(unknown_times="on-time", bounds=bounds))
    told = reasons(found)
    assert told["learner-0001/bomb.zip/zeros.csv"].endswith("(a zip bomb)")
    assert told["learner-0001/large.bin"] == "is larger than 3,000,000 bytes"
    assert told["learner-0001/nested.zip/b.zip/c.zip/d.zip"] == "is an archive inside 3 others"
    assert "more than 5" in told["learner-0002/many.zip"]
    assert told["learner-0003/broken.zip"].startswith("is not a zip")
    assert found.submitted == 3


def test_links_and_pipes_in_a_folder(course, roster, ps1, origin, make, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("answers")
    folder = origin({"learner-0001/first.ipynb": make("a", "b")})
    (folder / "learner-0001/peek.txt").symlink_to(secret)
    (folder / "learner-0001/out").symlink_to(tmp_path)
    os.mkfifo(folder / "learner-0001/pipe")
    found = collect(course, roster, ps1, folder, ways=ON_TIME)
    assert reasons(found) == {
        "learner-0001/out": "is a link", "learner-0001/peek.txt": "is a link",
        "learner-0001/pipe": "is a device or a pipe"}
    kept = course.root / "submitted/learner-0001/ps1"
    assert [path.name for path in kept.iterdir()] == ["first.ipynb"]


def test_an_encrypted_file_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"x")
    data = bytearray(out.getvalue())
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    refused: list[Refusal] = []
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        assert list(zip_members(archive, refused, Bounds(), depth=1)) == []
    assert [refusal.reason for refusal in refused] == ["is encrypted"]


def test_bad_names_at_the_top_of_an_export(course, roster, ps1, make, tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("learner-0001_first.ipynb", make("a", "b"))
        archive.writestr(entry("../../learner-0002_first.ipynb"), make("a", "b"))
    found = collect(course, roster, ps1, tmp_path / "export.zip", ways=ON_TIME)
    assert reasons(found) == {"../../learner-0002_first.ipynb": "leads out of its folder"}
    assert found.submitted == 1


def test_nothing_taken_is_said(course, roster, ps1, origin):
    found = collect(course, roster, ps1, origin({"learner-0001/work.rar": b"Rar!"}), ways=ON_TIME)
    assert [note.message for note in found.notes] == ["no file could be taken"]
    assert found.submitted == 0


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40) | st.sampled_from(
    ["../x", "a/../../x", "/x", "a//b", "a/b/c.txt", "..\\x", "C:x", "NUL", "a\x00b", ".", "a/."]),
    min_size=1, max_size=8))
def test_no_name_leads_out_of_the_folder(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in entries:
            try:
                archive.writestr(zipfile.ZipInfo(name), b"x")
            except (UnicodeEncodeError, ValueError):
                continue
            except UserWarning:  # the same name twice
                continue
    with tempfile.TemporaryDirectory() as outer:
        inside = Path(outer) / "in"
        inside.mkdir()
        unpacking = Unpacking(inside, Bounds())
        with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
            members = list(zip_members(archive, unpacking.refused, Bounds(), depth=1))
            for member in members:
                unpacking.add(member.name, member, shown=member.name)
        assert [path.name for path in Path(outer).iterdir()] == ["in"]
        written = [path for path in inside.rglob("*") if path.is_file()]
        assert len(written) + len(unpacking.refused) >= len(members)
        for path in written:
            assert safe.problem(path.relative_to(inside).as_posix()) == ""
            assert path.resolve().is_relative_to(inside.resolve())
