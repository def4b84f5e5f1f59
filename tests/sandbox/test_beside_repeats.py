"""A run that is done again after it met what nobody shall hear: what it says then is not heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kit.model import CellRun, Limits, RunState
from kit.sandbox import Beside, Code, Live, Pool, Stage

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)
SAY = "import time\nnow = time.time_ns()\nprint(now)\nopen('out.txt', 'w').write(str(now))"


@dataclass
class Late:
    """Puts off the cells at some places; the first time, the first of them ends the process."""

    places: Sequence[int]
    ends: str
    said: list[str] = field(default_factory=list)

    @contextmanager
    def beside(self, _line: Sequence[int]) -> Iterator[Beside]:
        yield self

    def takes(self, place: int) -> bool:
        return place in self.places

    def asks(self, _place: int) -> Sequence[str]:
        return ()

    def run(self, _live: Live, _place: int, _until: float) -> CellRun | None:
        return None

    def run_late(self, live: Live, place: int, until: float) -> CellRun:
        self.said.append(live.runs[0].outputs[0]["text"])
        return live.run(Code(source=self.ends if len(self.said) == 1 else "'fine'"), place,
                        until=until)


@pytest.mark.parametrize("rewinds", [False, True])
@pytest.mark.parametrize("ends", [
    "import os\nos._exit(3)", "import os\nos.kill(os.getpid(), 9)",
    "import threading\nthreading.Thread(target=print).start()\nimport os\nos._exit(3)",
])
def test_cells_and_files_are_those_of_the_first_pass(
        pool: Pool, tmp_path: Path, ends: str, rewinds: bool) -> None:
    authors, work = tmp_path / "authors", tmp_path / "work"
    authors.mkdir()
    stage = Stage(folder=authors, limits=LIMITS)
    late = Late(places=(1, 3), ends=ends)
    done, _ = pool.run(
        [Code(source=SAY), Code(source="test"), Code(source="print(now)"), Code(source="test")],
        LIMITS, cwd=work, files={}, stage=stage, beside=late.beside, rewinds=rewinds)
    pool.forget([stage])
    assert len(set(late.said)) >= 2
    shown = [run.outputs[0].get("text") for run in done.cells]
    assert shown[0] == shown[2] == late.said[0]
    assert (work / "out.txt").read_text(encoding="utf-8") == late.said[0].strip()
    assert done.cells[3].state is RunState.OK


def test_how_it_ended_is_not_told(pool: Pool, tmp_path: Path) -> None:
    told = set()
    for ends in ("import os\nos._exit(3)", "import os\nos.kill(os.getpid(), 9)",
                 "import os\nos.abort()"):
        late = Late(places=(1,), ends=ends)
        done, _ = pool.run([Code(source=SAY), Code(source="test")], LIMITS, cwd=tmp_path / "work",
                           files={}, beside=late.beside)
        assert done.cells[1].state is RunState.KILLED
        told.add(done.cells[1].outputs[0]["evalue"])
    assert told == {"its process ended when a test asked it"}
