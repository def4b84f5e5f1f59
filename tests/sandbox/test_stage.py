"""What runs share of a stage, what it refuses to share, and that no run changes it for the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.model import Execution, Limits, RunState
from kit.sandbox import Code, Pool, Stage

LIMITS = Limits(cell_seconds=5, cpu_seconds=20)
Run = Callable[..., Execution]


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    def make(*sources: str, stored: tuple[str, ...] = (), **env: str) -> Stage:
        folder = tmp_path / "authors"
        folder.mkdir(exist_ok=True)
        (folder / "data.txt").write_text("given")
        return Stage(folder=folder, limits=LIMITS, stored=stored, env=env, cells=tuple(
            Code(source=one, trusted=True) for one in sources))

    return make


@pytest.fixture
def run(pool: Pool, tmp_path: Path) -> Run:
    def call(stage: Stage | None, *more: str, **env: str) -> Execution:
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        (folder / "data.txt").write_text("given")
        cells = [*(stage.cells if stage else ()), *(Code(source=one) for one in more)]
        return pool.run(cells, LIMITS, cwd=folder, stage=stage, env=env)[0]

    return call


@pytest.fixture
def shared(pool: Pool) -> Callable[[Stage], bool]:
    """Whether a stage is shared: then the runs begin with its cells done."""
    def look(stage: Stage) -> bool:
        boxes: Any = pool._host._boxes  # type: ignore[attr-defined]
        return stage not in boxes._refused and stage in boxes._free

    return look


def text(execution: Execution, place: int = -1) -> str:
    return "".join(str(one.get("text") or one.get("data", {}).get("text/plain", ""))
                   for one in execution.cells[place].outputs).strip()


def plain(execution: Execution) -> list[Any]:
    return [(one.index, one.state, one.outputs, one.execution_count) for one in execution.cells]


# ---------------------------------------------------------------------------- what it shares


FIRST = ("import math, sys\nprint('said')\nx = [1]\nx",
         "def f(y): return y + len(x)\nprint('bad', file=sys.stderr)",
         "y = open('data.txt').read()\nclass P: pass\np = P()")
NEXT = ("print(f(1), math.pi > 3, y, isinstance(p, P), P.__module__)",
        "[_, Out[1], In[1][:4], len(In)]", "x.append(2)\nf(0)")


def test_a_run_from_it_is_as_one_without(run: Run, stage: Callable[..., Stage],
                                         shared: Callable[[Stage], bool]) -> None:
    one = stage(*FIRST)
    with_it = [run(one, *NEXT) for _ in range(3)]
    assert shared(one)
    without = run(None, *FIRST, *NEXT)
    assert without.state is RunState.OK
    for each in with_it:
        assert plain(each) == plain(without)
    assert [cell.execution_count for cell in with_it[0].cells] == [1, 2, 3, 4, 5, 6]


def test_modules_tracebacks_and_pictures_too(run: Run, stage: Callable[..., Stage],
                                             shared: Callable[[Stage], bool]) -> None:
    first = ("import numpy as np\nimport matplotlib.pyplot as plt",
             "def bad(z):\n    return 1 / z")
    one = stage(*first)
    more = ("bad(0)", "plt.plot(np.arange(3))\nplt.gca().lines[0].get_ydata()")
    ran = run(one, *more)
    assert shared(one)
    assert plain(ran) == plain(run(None, *first, *more))


def test_blank_cells_and_variables(run: Run, stage: Callable[..., Stage],
                                   shared: Callable[[Stage], bool]) -> None:
    one = stage("", "import os\nprint(os.environ['STATED'])", "  \n", STATED="yes")
    ran = run(one, "os.environ['STATED']", STATED="yes")
    assert shared(one)
    assert [cell.index for cell in ran.cells] == [1, 3]
    assert (text(ran, 0), text(ran)) == ("yes", "'yes'")


def test_stored_cells_run_as_any_other(run: Run, stage: Callable[..., Stage]) -> None:
    tests = ("assert f(1) == 2\n'last'", "1 / 0", "f(", "await later()", "float(.5);", "Out[2]",
             "x = 1\nx\nx + 1", "%%capture out\nprint(1)", "!echo a",
             "raise KeyboardInterrupt", "print('a')\ndisplay('b')\n3", "_ + 1",
             "In[-1]", "# nothing\n")
    first = "def f(y): return y + 1\nasync def later(): return 3"
    one = stage(first, stored=tests)
    for mine, other in zip(plain(run(one, *tests)), plain(run(None, first, *tests)), strict=True):
        assert mine == other


def test_chance_with_a_seed_is_the_same_in_each_run(run: Run, stage: Callable[..., Stage],
                                                    shared: Callable[[Stage], bool]) -> None:
    one = stage("import random, numpy as np\nrandom.seed(4)\nnp.random.seed(4)")
    draw = "print(random.random(), np.random.rand(), random.random())"
    assert len({text(run(one, draw)) for _ in range(3)}) == 1
    assert shared(one)
    assert text(run(one, draw)) == text(run(None, one.cells[0].source, draw))


def test_chance_without_a_seed_is_another_in_each_run(run: Run, stage: Callable[..., Stage],
                                                      shared: Callable[[Stage], bool]) -> None:
    one = stage("import random, numpy as np, uuid, secrets, tempfile, os")
    draw = ("print(random.random())", "print(np.random.rand())", "print(uuid.uuid4())",
            "print(np.random.default_rng().random())", "print(secrets.token_hex())",
            "print(os.path.basename(tempfile.mktemp()))")
    runs = [run(one, *draw) for _ in range(3)]
    assert shared(one)
    for place in range(1, len(draw) + 1):
        assert len({text(each, place) for each in runs}) == 3, draw[place - 1]


# ---------------------------------------------------------------------------- what it refuses


REFUSED = {
    "a thread": "import threading, time\n"
                "threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
    "an open file": "kept = open('data.txt')",
    "a socket": "import socket\nkept = socket.socket()",
    "a pipe": "import os\nkept = os.pipe()",
    "a process": "import subprocess\nkept = subprocess.Popen(['sleep', '9'])",
    "a process that ended": "import os\nif os.fork() == 0:\n    os._exit(0)",
    "chance": "import random\nx = random.random()",
    "chance of numpy": "import numpy\nx = numpy.random.rand()",
    "an error": "1 / 0",
    "an exit": "import sys\nsys.exit()",
    "a process that is gone": "import os\nos._exit(0)",
    "a picture": "import matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "no end": "while True: pass",
    "a file": "with open('made.txt', 'w') as file:\n    file.write('a')",
    "a file that changes": "with open('data.txt', 'w') as file:\n    file.write('other')",
    "a file less": "import os\nos.remove('data.txt')",
    "a folder": "import os\nos.makedirs('made/deep')",
    "another folder": "import os\nos.chdir('..')",
    "a variable": "import os\nos.environ['MINE'] = '1'",
    "a temporary file": "import tempfile\nmade = tempfile.mkdtemp()",
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_shared_is_done_in_each_run(
    why: str, pool: Pool, stage: Callable[..., Stage], shared: Callable[[Stage], bool],
    tmp_path: Path,
) -> None:
    limits = Limits(cell_seconds=1, cpu_seconds=20)
    made = stage("print('first')", REFUSED[why])
    one = Stage(folder=made.folder, limits=limits, cells=made.cells)
    (tmp_path / "data.txt").write_text("given")
    found = []
    for each in (one, one, None):
        cells = [*one.cells, Code(source="print('on')")]
        ran, _ = pool.run(cells, limits, cwd=tmp_path, stage=each)
        assert (text(ran, 0), text(ran)) == ("first", "on")
        found.append([(cell.index, cell.state, cell.execution_count) for cell in ran.cells])
    assert not shared(one)
    assert found[0] == found[1] == found[2]


def test_a_file_that_the_first_cells_wrote_is_there_for_the_next(
        run: Run, stage: Callable[..., Stage], tmp_path: Path) -> None:
    one = stage("with open('clean.csv', 'w') as file:\n    file.write('a,b')")
    for _ in range(2):
        assert text(run(one, "print(open('clean.csv').read())")) == "a,b"
    assert (tmp_path / "work" / "clean.csv").read_text() == "a,b"


@pytest.mark.parametrize("source", [
    "import matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
    "open('data.txt').read()",
    "import tempfile\nwith tempfile.TemporaryFile() as file:\n    n = file.write(b'a')",
    "import sys, types\nsys.modules['mine'] = types.ModuleType('mine')",
])
def test_what_leaves_no_file_is_shared(
        run: Run, stage: Callable[..., Stage], shared: Callable[[Stage], bool],
        source: str) -> None:
    one = stage(source)
    assert text(run(one, "print('on')")) == "on"
    assert shared(one)


# ----------------------------------------------------------------- what a run may change of it


CHANGES = {
    "a name": ("x.append(9); y = 'mine'; f = None", "print(x, y, f(1))"),
    "a module": ("import math; math.pi = 3; math.mine = 1",
                 "import math; print(math.pi, hasattr(math, 'mine'))"),
    "sys.modules": ("import sys; sys.modules['json'] = None", "import json; print(json.dumps(1))"),
    "a built-in": ("import builtins; builtins.len = lambda x: 7", "print(len('ab'))"),
    "a class": ("P.mine = 1", "print(hasattr(P, 'mine'))"),
    "its files": ("import os; os.remove('data.txt'); open('mine.txt', 'w').write('x')",
                  "import os; print(sorted(os.listdir()), open('data.txt').read())"),
    "files elsewhere": (("import os\nfor one in ('/tmp', '/dev/shm', os.environ['HOME']):\n"
                        "    open(one + '/mine', 'w').write('x')"),
                        ("import os; print([os.path.exists(one + '/mine') for one in "
                        "('/tmp', '/dev/shm', os.environ['HOME'])])")),
    "the environment": ("import os; os.environ['MINE'] = '1'",
                        "import os; print('MINE' in os.environ)"),
    "the history": ("In.append('mine'); Out[1] = 'mine'", "print(len(In), Out)"),
    "the shell": ("get_ipython().input_transformers_post.append(lambda lines: ['print(0)'])",
                  "print('as written')"),
    "the folder": ("import os; os.chdir('/tmp'); os.umask(0)",
                   "import os; print(os.getcwd(), os.umask(0o22))"),
    "the search path": ("import sys; sys.path.insert(0, '/tmp'); sys.argv[:] = []",
                        "import sys; print(sys.path[0], sys.argv)"),
    "handlers": (("import signal, atexit; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
                 "atexit.register(print, 'mine')"),
                 "import signal; print(signal.getsignal(signal.SIGTERM))"),
    "processes": ("import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass",
                  "import glob; print(len(glob.glob('/proc/[0-9]*')))"),
    "its process": ("import os; os.kill(os.getpid(), 9)", "print(x, f(1))"),
    "the keeper": (("import os\nfor n in range(1, 32):\n    try: os.kill(1, n)\n"
                   "    except OSError: pass"), "print(x, f(1))"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_no_run_changes_what_the_next_one_sees(
    what: str, run: Run, stage: Callable[..., Stage], shared: Callable[[Stage], bool],
    tmp_path: Path,
) -> None:
    one = stage(*FIRST)
    change, look = CHANGES[what]
    before = run(one, look)
    assert before.state is RunState.OK, before.cells
    run(one, change, "1")
    for left in ("mine.txt", "mine"):
        (tmp_path / "work" / left).unlink(missing_ok=True)  # that is handed out, and not shared
    after = run(one, look)
    assert shared(one)
    assert plain(after) == plain(before)


def test_two_stages_know_nothing_of_each_other(run: Run, stage: Callable[..., Stage]) -> None:
    one, other = stage("x = 'one'"), stage("y = 'other'")
    look = "print(sorted(set(dir()) & {'x', 'y'}))"
    for _ in range(2):
        assert text(run(one, look)) == "['x']"
        assert text(run(other, look)) == "['y']"
        assert text(run(None, look)) == "[]"


def test_stored_texts_are_not_in_the_memory_of_other_runs(
    run: Run, stage: Callable[..., Stage]
) -> None:
    word = "hidden" + "c0ffee" * 3
    tests = stage("x = 1", stored=(f"assert '{word}'",))
    top = stage("x = 1")
    assert run(tests, "x").state is RunState.OK
    search = r"""
import re
found = 0
for line in open("/proc/self/maps"):
    start, end = (int(one, 16) for one in re.match(r"(\w+)-(\w+)", line).groups())
    if "rw-p" in line and end - start < 1 << 28:
        with open("/proc/self/mem", "rb", 0) as memory:
            memory.seek(start)
            found += len(re.findall(rb"hidden(?:c0ffee){3}", memory.read(end - start)))
print(found)
"""
    assert text(run(top, search)) == "0"
    assert text(run(None, search)) == "0"
