"""Every attack of `attacks/` gets what it must get, and nothing of this machine."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redteam.attack import Attack, attacks, in_stock, table
from redteam.conftest import look
from redteam.world import World

from kit.model import Execution
from kit.sandbox import Code, Pool, Stage

ATTACKS = [one for one in attacks() if one.machine in ("", os.uname().machine)]


def run(
    attack: Attack, pool: Pool, world: World, folder: Path, stage: Stage | None = None
) -> tuple[Execution, float]:
    for name, text in attack.files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if attack.before:
        exec(attack.before, {"folder": folder})
    began = time.monotonic()
    done, _ = pool.run([Code(source=one, guard=True) for one in attack.cells], attack.limits,
                       cwd=folder, env=world.told, stage=stage, rewinds=stage is not None)
    return done, time.monotonic() - began


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_attack(
    attack: Attack, pool: Pool, world: World, folder: Path, files: Callable[[], list[Path]]
) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done, seconds = run(attack, pool, world, folder)
    assert not attack.missed(done.cells)
    assert seconds < attack.seconds
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) * 1024
    assert grown < 100_000_000 + 60 * attack.limits.output_bytes
    assert world.secret not in repr(done)
    found = files()
    assert not [path for path in found
                if world.secret in path.name or world.secret.encode() in path.read_bytes()]
    assert sum(path.lstat().st_size for path in found) <= 3 * attack.limits.file_bytes
    if attack.leaves is not None:
        assert sorted(path.name for path in folder.iterdir()) == sorted(attack.leaves)


@pytest.mark.slow
@pytest.mark.parametrize("attack", [
    one for one in ATTACKS if one.name != "walk_proc"  # the twin is in sight
], ids=lambda one: one.name)
def test_the_next_in_its_process_finds_nothing_of_it(
    attack: Attack, pool: Pool, world: World, ground: Path, folder: Path
) -> None:
    authors = folder / "authors"
    authors.mkdir()
    stage = Stage(folder=authors, limits=attack.limits)
    before = look(pool, ground, stage)
    seconds = before["limits"].pop(0)  # of computing: what the process may have in all
    authors.rmdir()
    done, _ = run(attack, pool, world, folder, stage)
    after = look(pool, ground, stage)
    pool.forget([stage])
    assert after["limits"].pop(0)[1] == seconds[1]
    assert not world.harm()
    assert not attack.missed(done.cells)
    assert after == before


def test_the_table_names_every_attack() -> None:
    assert len({title for _, title, _ in table()}) == len(attacks())


def test_each_was_tried_in_stock_nbgrader() -> None:
    assert sorted(in_stock()) == sorted(one.name for one in attacks())
