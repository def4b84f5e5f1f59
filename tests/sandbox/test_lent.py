"""One process lent to one run after another: each finds it as the first did, or gets a new one."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.model import CellRun, Limits, RunState
from kit.sandbox import Code, Given, Pool, Setting, Stage
from kit.sandbox.live import DiedError

LIMITS = Limits(cell_seconds=60, cpu_seconds=3)
Judge = Callable[..., list[str]]


@pytest.fixture
def stage(pool: Pool, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*sources: str, watched: frozenset[str] | None = frozenset()) -> Stage:
        folder = tmp_path / "authors"
        folder.mkdir(exist_ok=True)
        made.append(Stage(folder=folder, limits=LIMITS, watched=watched, cells=tuple(
            Code(source=one, trusted=True) for one in sources)))
        return made[-1]

    yield make
    pool.forget(made)


def text(run: CellRun) -> str:
    return "".join(str(one.get("text") or one.get("data", {}).get("text/plain", "")
                       or one.get("evalue", "")) for one in run.outputs).strip()


@pytest.fixture
def judge(pool: Pool) -> Judge:
    """What cells show in a process that is lent for them, and last the number of the process."""

    def call(stage: Stage, *sources: str, learner: str = "", names: tuple[str, ...] = (),
             **env: str) -> list[str]:
        ours, theirs = socket.socketpair()
        with pool.live(Setting(cwd=stage.folder, limits=LIMITS, keep=False,
                               line=(ours.fileno(),))) as other, pool.lent(
                Setting(cwd=stage.folder, limits=LIMITS, stage=stage, env=env,
                        line=(theirs.fileno(),))) as live:
            ours.close()
            theirs.close()
            if learner:
                other.run(Code(source=learner), 1)
            given = Given(values=other.read(names, hold=True).there, by=other if names else None)
            said = [text(live.run(Code(source=one), place, given=given))
                    for place, one in enumerate(sources)]
            number = live.run(Code(source="import os\nprint(os.getpid())"), 99)
            return [*said, text(number)]

    return call


def test_it_is_the_same_process_and_knows_nothing_of_the_run_before(
        stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage("x = 1\ndef f(): return x", "x")
    first = judge(one, "y = 2\nx = 3\n[x, f()]", "print('said')", "1 / 0",
                  "try:\n    y\nexcept NameError:\n    print('none')")
    second = judge(one, "[x, f(), 'y' in globals(), len(In), dict(Out)]", "_", "1 / 0")
    assert first[:-1] == ["[3, 3]", "said", "division by zero", ""]
    assert second[:-1] == ["[1, 1, False, 4, {2: 1}]", "[1, 1, False, 4, {2: 1}]",
                           "division by zero"]
    assert first[-1] == second[-1]


def test_lines_of_the_authors_code_are_there_for_each(
        stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage("def part(a, b):\n    return a / b")
    said = [judge(one, "import traceback\ntry:\n    part(1, 0)\nexcept ZeroDivisionError:\n"
                       "    print('return a / b' in traceback.format_exc())",
                  "import linecache\nlinecache.clearcache()") for _ in range(2)]
    assert [each[0] for each in said] == ["True", "True"]
    assert said[0][-1] == said[1][-1]


def test_what_a_shell_brings_along_keeps_no_process_from_it(
        stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage("x = [1]", watched=frozenset({"open", "x", "exit", "In"}))
    assert judge(one, "x")[-1] == judge(one, "x")[-1]


def test_what_it_calls_is_of_this_run(stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage()
    said = [judge(one, "print(f(1), x)", "print(f(2))", names=("f", "x"),
                  learner=f"x = {number}\ndef f(n):\n    return [n, {number}]")
            for number in range(3)]
    assert [each[:-1] for each in said] == [
        [f"[1, {number}] {number}", f"[2, {number}]"] for number in range(3)]
    assert len({each[-1] for each in said}) == 1


def test_a_stand_in_of_the_run_before_is_gone(stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage()
    judge(one, "kept = [f]\nf(1)", names=("f",), learner="def f(n): return n")
    assert judge(one, "print('f' in globals(), 'kept' in globals())")[0] == "False False"


def test_variables_of_the_machine_are_of_this_run(stage: Callable[..., Stage],
                                                  judge: Judge) -> None:
    one = stage()
    ask = "import os\nprint(os.environ.get('OF_ONE'), os.environ.get('OF_BOTH'))"
    assert judge(one, ask, OF_ONE="a", OF_BOTH="b")[0] == "a b"
    assert judge(one, ask, OF_BOTH="c")[0] == "None c"


def test_what_is_warned_of_is_warned_of_again(stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage("import numpy as np\nimport warnings")
    said = [judge(one, "np.array([1.0]) / np.array([0.0])\nwarnings.simplefilter('ignore')")
            for _ in range(2)]
    assert said[0] == said[1]
    assert "divide by zero" in said[0][0]


def test_chance_is_as_a_fresh_process_has_it(stage: Callable[..., Stage], judge: Judge) -> None:
    draw = "import random\nimport numpy as np\nprint(random.random(), np.random.rand())"
    free, seeded = stage(), stage("import random\nimport numpy as np\n"
                                  "random.seed(1)\nnp.random.seed(2)")
    of_free, of_seeded = ([judge(one, draw) for _ in range(3)] for one in (free, seeded))
    assert len({one[0] for one in of_free}) == 3
    assert len({one[0] for one in of_seeded}) == 1
    assert [len({one[-1] for one in each}) for each in (of_free, of_seeded)] == [1, 1]


@pytest.mark.parametrize(("made", "change", "lasts"), [
    ("data = [1, 2]", "len(data)", True),
    ("data = [1, 2]", "data.append(3)", False),
    ("data = {'a': {1, 2}}", "data['a'].add(3)", False),
    ("import numpy as np\ndata = np.arange(3)", "data[0] = 5", False),
    ("import pandas as pd\ndata = pd.DataFrame({'a': [1, 2]})", "data.loc[0, 'a'] = 7", False),
    ("import pandas as pd\ndata = pd.DataFrame({'a': [1, 2]})", "data.a.sum()", True),
    ("def data(n, seen=[]): return n", "data(1)", False),
    ("def data(n, seen=()): return n", "data(1)", False),
    ("def data(n, seen=None): return n", "data(1)", True),
    ("class data: pass", "data()", False),
    ("import numpy as np\ndata = np.zeros(10**6)", "data.sum()", False),
    ("from decimal import Decimal as data", "data(1)", True),
])
def test_where_a_value_became_another_the_next_gets_a_new_process(
    stage: Callable[..., Stage], judge: Judge, made: str, change: str, lasts: bool
) -> None:
    one = stage(made, watched=frozenset({"data", "other"}))
    numbers = [judge(one, change, "repr(data)") for _ in range(2)]
    assert numbers[0][1] == numbers[1][1] or "0x" in numbers[0][1]
    assert (numbers[0][-1] == numbers[1][-1]) == lasts


def test_what_a_learner_changes_ends_it_too(stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage("data = [1, 2]", watched=frozenset({"data"}))
    said = [judge(one, "f(data)\nprint(data)", names=("f",),
                  learner="def f(rows): rows.append(9)") for _ in range(2)]
    assert said[0][0] == said[1][0] == "[1, 2, 9]"
    assert said[0][1] != said[1][1]


@pytest.mark.parametrize("source", ["while True: pass", "import os\nos._exit(3)"])
def test_one_in_which_something_went_wrong_is_not_lent_again(
    pool: Pool, stage: Callable[..., Stage], judge: Judge, source: str
) -> None:
    one = stage()
    before = judge(one)[-1]
    short = Limits(cell_seconds=0.5, cpu_seconds=20)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            with pool.lent(Setting(cwd=one.folder, limits=short, stage=one,
                                   line=(theirs.fileno(),))) as live:
                assert live.run(Code(source=source), 0).state is RunState.TIMEOUT
        except DiedError:
            assert "exit" in source
    assert judge(one)[-1] != before


def test_each_run_has_its_own_time_to_compute(stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage()
    burn = ("import time\nuntil = time.process_time() + {}\n"
            "while time.process_time() < until: pass\nprint('done')")
    said = [judge(one, burn.format(1.5)) for _ in range(4)]
    assert {each[0] for each in said} == {"done"}
    assert len({each[-1] for each in said}) == 1
    with pytest.raises(DiedError):
        judge(one, burn.format(6))


def test_a_stage_that_does_not_allow_it_gives_new_processes(
        stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage(watched=None)
    assert judge(one)[-1] != judge(one)[-1]


def test_none_is_left_when_the_pool_forgets_the_stage(
        pool: Pool, stage: Callable[..., Stage], judge: Judge) -> None:
    one = stage()
    judge(one)
    lending = pool._lending
    (lent,) = lending.waiting(one)
    pool.forget([one])
    assert lending.waiting(one) == ()
    assert lent.live.end(keep=False).status is not None
