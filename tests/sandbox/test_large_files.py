"""Large files of a stage are laid out once: each run reads them, and none can change them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.model import Execution, Limits
from kit.sandbox import Code, Pool, Stage
from kit.sandbox.keeper import LARGE

LIMITS = Limits(cell_seconds=10, file_bytes=4 * LARGE)
TEXT = "0123456789abcdef" * (LARGE // 16)
READ = "import hashlib\nprint(len(open('sub/data.txt').read()))"


@pytest.fixture
def authors(tmp_path: Path) -> Path:
    folder = tmp_path / "authors" / "ps1"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "data.txt").write_text(TEXT)
    return folder


@pytest.fixture
def stage(authors: Path) -> Stage:
    return Stage(folder=authors, limits=LIMITS, cells=(Code(source="n = 1", trusted=True),))


def run(pool: Pool, stage: Stage, folder: Path, *sources: str) -> Execution:
    cells = [*stage.cells, *(Code(source=one) for one in sources)]
    return pool.run(cells, LIMITS, cwd=folder, stage=stage)[0]


def said(execution: Execution) -> list[str]:
    return ["".join(str(one.get("text") or one.get("evalue")) for one in cell.outputs).strip()
            for cell in execution.cells[1:]]


@pytest.fixture
def work(tmp_path: Path, authors: Path) -> Path:
    """A learner's folder that has the author's file under another name."""
    folder = tmp_path / "work" / "ps1"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "data.txt").hardlink_to(authors / "sub" / "data.txt")
    return folder


def test_each_run_reads_it_and_leaves_it(pool: Pool, stage: Stage, work: Path) -> None:
    if not pool.layers.boxed:
        pytest.fail("there is no box to share it in")
    for _ in range(2):
        found = said(run(pool, stage, work, READ, "open('sub/data.txt', 'a')",
                         "import os\nos.remove('sub/data.txt')",
                         "os.rename('sub/data.txt', 'mine')", READ, "open('new', 'w').write('x')"))
        assert found[0] == found[4] == str(len(TEXT))
        assert ["Read-only file system" in found[1], "busy" in found[2], "busy" in found[3]] == (
            [True] * 3)
        assert (work / "new").read_text() == "x"
        assert (work / "sub" / "data.txt").read_text() == TEXT


def test_a_file_of_the_learners_in_its_place_is_their_own(
    pool: Pool, stage: Stage, work: Path, authors: Path
) -> None:
    run(pool, stage, work, READ)
    (work / "sub" / "data.txt").unlink()
    (work / "sub" / "data.txt").write_text("mine" * (LARGE // 4))
    found = said(run(pool, stage, work, "print(open('sub/data.txt').read(4))",
                     "print(open('sub/data.txt', 'w').write('changed'))"))
    assert found == ["mine", "7"]
    assert (work / "sub" / "data.txt").read_text() == "changed"
    assert (authors / "sub" / "data.txt").read_text() == TEXT


def test_where_the_first_cells_change_it_each_run_does_so_for_itself(
    pool: Pool, authors: Path, work: Path
) -> None:
    stage = Stage(folder=authors, limits=LIMITS, cells=(
        Code(source="_ = open('sub/data.txt', 'a').write('more')", trusted=True),))
    assert said(run(pool, stage, work, READ, "open('sub/data.txt', 'a').close()")) == [
        str(len(TEXT) + 4), ""]
    assert (authors / "sub" / "data.txt").read_text() == TEXT
