"""How a public folder is kept level: what is touched, what is kept, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.errors import PublishError, UnknownName
from kit.model import Course, Publishing
from kit.publish import Published, write_tree
from kit.publish.write import MARKER, WORKFLOW

Write = Callable[..., Published]
TREE = {"README.md": b"ours\n", "site/index.html": b"<p>1", "lessons/one.md": b"# One\n"}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def write(tmp_path: Path, public: Path) -> Write:
    def run(tree: dict[str, bytes], folder: str = "", **how: object) -> Published:
        course = Course(root=tmp_path / "course", id="c", title="C", timezone=ZoneInfo("UTC"),
                        site=Publishing(folder=folder))
        return write_tree(course, tree, public, **how)  # type: ignore[arg-type]

    return run


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.name != MARKER}


def test_a_new_folder_gets_all_of_it_and_a_workflow(write: Write, public: Path) -> None:
    made = write(TREE)
    assert set(made.added) == {*TREE, WORKFLOW}
    found = content(public)
    assert b"path: \"site\"" in found.pop(WORKFLOW)
    assert found == TREE


def test_only_what_differs_is_touched(write: Write, public: Path) -> None:
    write({**TREE, "data/old.csv": b"x"})
    before = {path: path.stat().st_mtime_ns for path in public.rglob("*") if path.is_file()}
    made = write({**TREE, "site/index.html": b"<p>2", "data/new.csv": b"y"})
    assert (made.added, made.changed, made.removed) == (
        ("data/new.csv",), ("site/index.html",), ("data/old.csv",))
    assert made.unchanged == 3
    same = [path for path, when in before.items() if path.exists()
            and path.stat().st_mtime_ns == when]
    assert sorted(path.relative_to(public).as_posix() for path in same) == sorted(
        {WORKFLOW, "README.md", "lessons/one.md"})
    write({"site/index.html": b"<p>2"})
    assert not (public / "data").exists()
    assert not (public / "lessons").exists()


def test_nothing_is_written_where_nothing_changed(write: Write, public: Path) -> None:
    write(TREE)
    before = {path: path.stat().st_mtime_ns for path in public.rglob("*")}
    made = write(TREE)
    assert (made.added, made.changed, made.removed, made.unchanged) == ((), (), (), 4)
    assert {path: path.stat().st_mtime_ns for path in public.rglob("*")} == before


def test_a_fresh_clone_keeps_what_a_host_put_there(write: Write, public: Path) -> None:
    for name in (".git/config", ".gitignore", "CNAME", "README.md", "LICENSE"):
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_text("theirs")
    made = write({**TREE, "LICENSE": b"ours"})
    assert set(made.kept) == {"README.md", "LICENSE"}
    assert (public / "README.md").read_text() == "theirs"
    assert (public / ".git/config").read_text() == "theirs"
    assert write(TREE).kept == ("README.md",)
    assert (public / "LICENSE").read_text() == "theirs"


def test_a_readme_that_was_edited_is_kept_from_then_on(write: Write, public: Path) -> None:
    write(TREE)
    (public / "README.md").write_text("mine")
    assert write({**TREE, "README.md": b"newer"}).kept == ("README.md",)
    assert write({**TREE, "README.md": b"newest"}).kept == ("README.md",)
    assert (public / "README.md").read_text() == "mine"


def test_foreign_files_are_refused_and_nothing_is_written(write: Write, public: Path) -> None:
    (public / "lessons").mkdir(parents=True)
    (public / "lessons/one.md").write_text("somebody's")
    (public / "holiday.jpg").write_text("x")
    before = content(public)
    with pytest.raises(PublishError) as caught:
        write(TREE)
    assert "holiday.jpg" in caught.value.message
    assert "lessons/one.md" in caught.value.message
    assert "--keep" in caught.value.hint
    assert content(public) == before
    assert not (public / MARKER).exists()


def test_files_to_keep_are_remembered(write: Write, public: Path) -> None:
    public.mkdir()
    (public / "holiday.jpg").write_text("x")
    assert write(TREE, keep=("./holiday.jpg",)).kept == ("holiday.jpg",)
    assert write({**TREE, "holiday.jpg": b"ours"}).kept == ("holiday.jpg",)
    assert (public / "holiday.jpg").read_text() == "x"
    with pytest.raises(UnknownName, match=r"holyday\.jpg"):
        write(TREE, keep=("holyday.jpg",))


def test_a_change_made_in_the_folder_is_not_lost(write: Write, public: Path) -> None:
    write({**TREE, "data/a.csv": b"1"})
    (public / "lessons/one.md").write_text("# One, mended\n")
    (public / "data/a.csv").write_text("2")
    with pytest.raises(PublishError) as caught:
        write({**TREE, "site/index.html": b"<p>2"})
    assert "lessons/one.md" in caught.value.message
    assert "data/a.csv" in caught.value.message
    assert (public / "site/index.html").read_bytes() == b"<p>1"
    made = write({**TREE, "lessons/one.md": b"# One, mended\n"}, overwrite=True)
    assert (made.changed, made.removed) == ((), ("data/a.csv",))


def test_a_change_that_was_taken_into_the_course_is_no_trouble(write: Write, public: Path) -> None:
    write(TREE)
    (public / "lessons/one.md").write_text("# One, mended\n")
    assert write({**TREE, "lessons/one.md": b"# One, mended\n"}).unchanged == 4


@pytest.mark.parametrize("stop", ["site/index.html", "lessons/one.md", "README.md"])
def test_a_run_that_was_killed_is_taken_up(
    write: Write, public: Path, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.publish import write as module

    newer = {name: data + b"2" for name, data in TREE.items()}
    write(TREE)
    real = module._write

    def failing(target: Path, data: object) -> None:
        if target == public / stop:
            (public / f".{target.name}.abcd1234.part").write_text("half")
            raise OSError("killed")
        real(target, data)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", failing)
    with pytest.raises(OSError, match="killed"):
        write(newer)
    monkeypatch.setattr(module, "_write", real)
    half = public / Path(stop).parent / f".{Path(stop).name}.abcd1234.part"
    (public / f".{Path(stop).name}.abcd1234.part").replace(half)
    newest = {name: data + b"3" for name, data in TREE.items()}
    write(newest)
    assert {name: data for name, data in content(public).items() if name != WORKFLOW} == newest


@pytest.mark.parametrize("link", ["lessons", "lessons/one.md"])
def test_nothing_is_written_through_a_link(
    write: Write, public: Path, tmp_path: Path, link: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (public / link).parent.mkdir(parents=True, exist_ok=True)
    (public / link).symlink_to(outside if link == "lessons" else outside / "one.md")
    with pytest.raises(PublishError, match="link"):
        write(TREE)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(("where", "message"), [
    ("course", "holds the course"), (".", "holds the course"), ("course/public", "inside")])
def test_the_course_folder_itself_is_refused(
    write: Write, tmp_path: Path, where: str, message: str
) -> None:
    course = Course(root=tmp_path / "course", id="c", title="C", timezone=ZoneInfo("UTC"))
    with pytest.raises(PublishError, match=message):
        write_tree(course, TREE, tmp_path / where)
    assert list(tmp_path.iterdir()) == []
    assert write_tree(course, TREE, tmp_path / "course/_build/public").added


def test_a_course_may_share_a_repository(write: Write, public: Path) -> None:
    public.mkdir()
    (public / "other.txt").write_text("another course's")
    made = write(TREE, folder="books/c")
    assert (public / "books/c/site/index.html").is_file()
    assert (public / "books/c" / MARKER).is_file()
    assert WORKFLOW in made.added
    assert "path: \"books/c/site\"" in (public / WORKFLOW).read_text()
    assert write(TREE, folder="books/c").unchanged == 4


@pytest.mark.parametrize("said", [
    "{", "[]", '{"version": 9}', '{"version": 1, "course": "other", "files": {}, "kept": []}',
    '{"version": 1, "course": "c", "files": {"../../x": ["a"]}, "kept": []}'])
def test_a_marker_that_cannot_be_meant_is_refused(write: Write, public: Path, said: str) -> None:
    public.mkdir()
    (public / MARKER).write_text(said)
    with pytest.raises(PublishError):
        write(TREE)
    assert [path.name for path in public.iterdir()] == [MARKER]


def test_the_marker_holds_names_and_digests_alone(write: Write, public: Path) -> None:
    write(TREE)
    said = json.loads((public / MARKER).read_text())
    assert set(said) == {"version", "course", "files", "kept"}
    assert set(said["files"]) == {*TREE, WORKFLOW}
