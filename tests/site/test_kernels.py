"""A kernel in reserve gives what a new one gives, and is gone in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.errors import BuildError
from kit.model import Course, Lesson, Part
from kit.site.lessons import execute as running
from kit.site.lessons.execute import execute
from kit.site.lessons.kernels import Kernels
from kit.site.model import Outcome, Source

LOADED = "import sys\nprint('statistics' in sys.modules)"
NAMES = "sorted(name for name in globals() if not name.startswith('_'))"


def source(*codes: str) -> Source:
    cells = tuple({"cell_type": "code", "id": f"c{place}", "metadata": {}, "source": code,
                   "outputs": [], "execution_count": None} for place, code in enumerate(codes))
    return Source(path="lessons/one.ipynb", docname="lessons/one", cells=cells, metadata={})


@pytest.fixture(autouse=True)
def no_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing can be forked, or for a kernel that is not ours."""
    monkeypatch.setattr(running, "by_fork", lambda *_: False)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "lessons").mkdir()
    return Course(root=tmp_path, id="c", title="C", timezone=ZoneInfo("UTC"),
                  parts=(Part(title="", lessons=(Lesson(path="lessons/one.ipynb"),)),))


@pytest.fixture
def kernels() -> Iterator[Kernels]:
    with Kernels(["statistics", "no_such_module"]) as kept:
        yield kept


def ran(course: Course, kernels: Kernels | None, *codes: str) -> Outcome:
    done = execute(course, [source(*codes)], "context", kernels=kernels)
    assert done.ran == 1
    return done.outcomes["lessons/one"]


def printed(outcome: Outcome) -> list[str]:
    return ["".join(output.get("text", "") for output in cell).strip()
            for cell in outcome.outputs]


def test_the_second_lesson_runs_in_the_reserve(course: Course, kernels: Kernels) -> None:
    assert printed(ran(course, kernels, LOADED, "'first'"))[0] == "False"
    assert printed(ran(course, kernels, LOADED, "'second'"))[0] == "True"


def test_outputs_counts_and_names_are_those_of_a_new_kernel(
    course: Course, kernels: Kernels
) -> None:
    codes = (NAMES, "import os\nos.path.basename(os.getcwd())", "print('a')\n1 + 1", "_")
    ran(course, kernels, "0")
    kept = ran(course, kernels, *codes)
    fresh = ran(course, None, *codes, "'another lesson, for the memory'")
    assert kept.outputs == fresh.outputs[:4]
    assert kept.counts == fresh.counts[:4]
    assert kept.language == fresh.language


def test_a_lesson_that_raises_leaves_a_kernel_for_the_next(
    course: Course, kernels: Kernels
) -> None:
    ran(course, kernels, "0")
    with pytest.raises(BuildError) as caught:
        ran(course, kernels, "1 / 0")
    assert "ZeroDivisionError" in str(caught.value)
    assert printed(ran(course, kernels, "print('mended')")) == ["mended"]


def test_a_reserve_that_died_is_replaced(course: Course, kernels: Kernels) -> None:
    ran(course, kernels, "0")
    spare = kernels._spare
    assert spare is not None

    async def kill() -> None:
        client = await asyncio.wrap_future(spare[2])
        await client.km.shutdown_kernel(now=True)

    kernels.complete(kill)
    assert printed(ran(course, kernels, "print('still')")) == ["still"]


def test_no_kernel_stays(course: Course) -> None:
    with Kernels(["statistics"]) as kernels:
        ran(course, kernels, "0")
        spare = kernels._spare
        assert spare is not None
    client = spare[2].result()
    assert client.km is None or not client.km.has_kernel


def test_lessons_that_start_at_once_do_not_take_each_others_sockets(course: Course) -> None:
    for name in ("two", "three", "four"):
        (course.root / "lessons" / f"{name}.ipynb").write_text("{}")
    lessons = [
        replace(source(f"print({name!r})"), docname=name) for name in ("two", "three", "four")]
    done = execute(course, lessons, "context", workers=3)
    assert {name: printed(outcome) for name, outcome in done.outcomes.items()} == {
        name: [name] for name in ("two", "three", "four")}
