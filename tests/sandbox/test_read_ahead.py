"""Variables that are to be read after a cell can be asked for with it: what is told is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.model import Limits, RunState
from kit.sandbox import Code, DiedError, Live, Pool, Setting

LIMITS = Limits(cell_seconds=2, cpu_seconds=20)


@pytest.fixture
def live(pool: Pool, tmp_path: Path) -> Iterator[Live]:
    folder = tmp_path / "work"
    folder.mkdir()
    with pool.live(Setting(cwd=folder, limits=LIMITS, keep=False)) as one:
        yield one


def held(live: Live, *names: str) -> dict[str, object]:
    return {name: one.tree for name, one in live.read(names, hold=True).there.items()}


def test_they_are_as_the_cell_left_them(live: Live) -> None:
    live.run(Code(source="x = 1"), 0, then=("x", "y"))
    found = live.read(("x", "y"), hold=True)
    assert found.missing == {"y"}
    first = found.there["x"].tree
    live.run(Code(source="x = 2"), 1, then=("x",))
    assert held(live, "x") != {"x": first}
    assert live.run(Code(source="x"), 2).outputs[0]["data"]["text/plain"] == "2"


def test_a_cell_that_fails_or_takes_too_long_is_read_too(live: Live) -> None:
    assert live.run(Code(source="x = 1\n1 / 0"), 0, then=("x",)).state is RunState.ERROR
    first = held(live, "x")
    late = live.run(Code(source="x = 2\nwhile True: pass"), 1, then=("x",))
    assert late.state is RunState.TIMEOUT
    assert held(live, "x") != first


def test_what_was_counted_before_is_counted_first(live: Live) -> None:
    live.run(Code(source="x = 1"), 0, then=("x",))
    held(live, "x")
    live.pass_over("assert x")
    run = live.run(Code(source="x"), 1, then=("x",))
    assert run.execution_count == 3
    assert held(live, "x")


@pytest.mark.parametrize("said", [
    "{'names': {'x': None}}", "{'names': {}}", "{'cell': 9, 'status': 'ok', 'outputs': []}",
])
def test_a_process_that_speaks_in_the_middle_of_its_cell_is_ended(live: Live, said: str) -> None:
    forge = ("import gc\nfrom kit.sandbox import frames, desk\n"
             "own = next(o for o in gc.get_objects() if isinstance(o, desk.Desk))\n"
             f"frames.send(own._sock, {said})")
    with pytest.raises(DiedError):
        live.run(Code(source=forge), 0, then=("x",))


def test_and_one_that_answers_twice(live: Live) -> None:
    # It says that its cell is done, and what x is; then the true frames come as well.
    forge = ("import gc\nfrom kit.sandbox import frames, desk\n"
             "own = next(o for o in gc.get_objects() if isinstance(o, desk.Desk))\n"
             "frames.send(own._sock, {'cell': 0, 'status': 'ok', 'outputs': []})\n"
             "frames.send(own._sock, {'names': {'x': None}})")
    live.run(Code(source=forge), 0, then=("x",))
    assert live.read(("x",), hold=True).missing == {"x"}
    with pytest.raises(DiedError):
        live.run(Code(source="x = 1"), 1)
