"""What libraries do after a fork is left out where it comes to nothing, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.model import Limits
from kit.sandbox import Code, Pool

NATIVE = ("import os, threading\n"
          "(threading.current_thread().native_id == threading.get_native_id(),"
          " threading.current_thread() is threading.main_thread(), threading.active_count())")
FORK = """
import os, random, threading
def tell():
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, repr((random.random(), threading.active_count())).encode())
        os._exit(0)
    os.close(write)
    return eval(os.read(read, 1000))
here = threading.Event()
waits = threading.Thread(target=here.wait, args=(20,), daemon=True)
waits.start()
(a, alone), (b, _) = tell(), tell()
here.set()
(a != b, alone)
"""


def results(pool: Pool, folder: Path, *sources: str) -> list[str]:
    """The plain text that each cell ends in."""
    folder.mkdir()
    done, _ = pool.run([Code(source=one) for one in sources], Limits(), cwd=folder)
    return [cell.outputs[-1]["data"]["text/plain"] for cell in done.cells]


def test_the_thread_of_a_run_is_known_by_its_own_number(pool: Pool, tmp_path: Path) -> None:
    assert results(pool, tmp_path / "a", NATIVE) == ["(True, True, 1)"]


def test_what_a_run_forks_has_chance_and_threads_of_its_own(pool: Pool, tmp_path: Path) -> None:
    assert results(pool, tmp_path / "a", FORK) == ["(True, 1)"]


def test_two_runs_draw_different_numbers(pool: Pool, tmp_path: Path) -> None:
    draw = "import random\nrandom.random()"
    assert results(pool, tmp_path / "a", draw) != results(pool, tmp_path / "b", draw)


@pytest.mark.parametrize("name", ["os", "posix"])
def test_a_run_finds_what_registers_for_a_fork_as_it_was(
    pool: Pool, tmp_path: Path, name: str
) -> None:
    asked = f"import {name}\n(type({name}.register_at_fork).__name__, {name}.register_at_fork)"
    (found,) = results(pool, tmp_path / "a", asked)
    assert found.startswith("('builtin_function_or_method', <function posix.register_at_fork")
