"""What lies in `submitted/`: digests are remembered, and a change of a file is never missed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.course import submitted
from kit.course.submitted import Folder, Seen

OLD = 1_700_000_000


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A submission of long ago: times of a change are trusted."""
    monkeypatch.setattr(submitted, "SETTLED_NS", -10**18)
    folder = tmp_path / "learner-0001" / "ps1"
    (folder / "data").mkdir(parents=True)
    (folder / "a.ipynb").write_text("{}")
    (folder / "data" / "b.csv").write_text("1,2")
    (folder / "timestamp.txt").write_text("2030-01-01 00:00:00 UTC\n")
    found = submitted.folder(tmp_path, "ps1", "learner-0001")
    assert found is not None
    return found


def _rewrite(path: Path) -> None:
    """Other bytes, of the same number, with the same time."""
    before = path.stat()
    path.write_text("[]")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replace(path: Path) -> None:
    beside = path.with_name("beside")
    beside.write_text("[]")
    os.utime(beside, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    beside.replace(path)


@pytest.mark.parametrize("change", [
    lambda path: path.write_text("{ }"), _rewrite, _replace,
    lambda path: path.rename(path.with_name("c.ipynb")),
    lambda path: path.with_name("new.txt").touch(),
    lambda path: path.unlink(),
], ids=["longer", "same-size-and-time", "replaced", "renamed", "added", "removed"])
def test_every_change_is_seen(work: Folder, change: Callable[[Path], object]) -> None:
    before = submitted.look(work)
    change(Path(work.path) / "a.ipynb")
    after = submitted.look(work, before)
    assert after.digest != before.digest
    assert after.fingerprint != before.fingerprint


def test_files_are_read_only_where_they_look_otherwise(
    work: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = submitted.look(work)

    def never(_: Path) -> str:
        raise AssertionError("a file was read")

    with monkeypatch.context() as patch:
        patch.setattr(submitted, "digest", never)
        assert submitted.look(work, before) == before
    os.utime(Path(work.path) / "a.ipynb", (OLD, OLD))
    touched = submitted.look(work, before)
    assert touched.digest == before.digest
    assert touched.fingerprint != before.fingerprint


def test_nbgraders_own_files_are_no_part_of_the_work(work: Folder) -> None:
    before = submitted.look(work)
    (Path(work.path) / "timestamp.txt").write_text("2031-01-01 00:00:00 UTC\n")
    assert submitted.look(work) == before
    found = submitted.submission(work, before)
    assert (found.digest, found.received_at and found.received_at.year) == (before.digest, 2031)


def test_a_file_of_this_moment_is_not_trusted(
    work: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitted, "SETTLED_NS", 10**15)
    seen = submitted.look(work)
    assert seen.fingerprint == ""
    _rewrite(Path(work.path) / "a.ipynb")
    assert submitted.look(work, seen).digest != seen.digest


def test_links_and_hidden_names_are_nobodys_work(work: Folder, tmp_path: Path) -> None:
    (tmp_path / "learner-0002").symlink_to("learner-0001")
    (tmp_path / "learner-0003").mkdir()
    (tmp_path / "learner-0003" / "ps1").symlink_to(work.path)
    (tmp_path / ".hidden" / "ps1").mkdir(parents=True)
    (tmp_path / "a file").touch()
    assert [one.learner for one in submitted.folders(tmp_path, "ps1")] == ["learner-0001"]
    assert submitted.folder(tmp_path, "ps1", "../" + tmp_path.name + "/learner-0001") is None
    assert list(submitted.folders(tmp_path / "nowhere", "ps1")) == []


def test_known_by_another_look_is_read_again(work: Folder) -> None:
    stale = Seen(digest="other", fingerprint="looks")
    assert submitted.look(work, stale) == submitted.look(work)
