"""A process that is put back in place after a run: the next run finds nothing of the one before."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from kit.model import Limits, RunState
from kit.sandbox import Code, Pool, Stage

needs_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="processes are put back in place on Linux on x86-64")
pytestmark = needs_linux

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)
LIBC = ("import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "STACK = type('STACK', (ctypes.Structure,), {'_fields_': [\n"
        "    ('at', ctypes.c_void_p), ('flags', ctypes.c_int), ('size', ctypes.c_size_t)]})\n")


class Ran(NamedTuple):
    said: list[str]
    states: list[RunState]
    process: str


Next = Callable[..., Ran]


@pytest.fixture
def stage(pool: Pool, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*sources: str, limits: Limits = LIMITS) -> Stage:
        folder = tmp_path / "authors"
        folder.mkdir(exist_ok=True)
        made.append(Stage(folder=folder, limits=limits, cells=tuple(
            Code(source=one, trusted=True) for one in sources)))
        return made[-1]

    yield make
    pool.forget(made)


@pytest.fixture
def after(pool: Pool, tmp_path: Path, stage: Callable[..., Stage]) -> Next:
    """Run cells of one stage, which there is for each limits, one run after another; the last cell
    tells the process."""
    stages: dict[Limits, Stage] = {}

    def call(*sources: str, limits: Limits = LIMITS, cwd: str = "work") -> Ran:
        folder = tmp_path / cwd
        folder.mkdir(exist_ok=True)
        of = stages.setdefault(limits, stages.get(limits) or stage(
            "import math\nshelf = [1, 2]", limits=limits))
        cells = [*of.cells, *(Code(source=one) for one in sources),
                 Code(source="import os\nprint(os.getpid())")]
        done = pool.run(cells, limits, cwd=folder, stage=of, rewinds=True)[0]
        said = ["".join(str(one.get("text") or one.get("data", {}).get("text/plain", "")
                            or one.get("evalue", "")) for one in run.outputs).strip()
                for run in done.cells[1:]]
        return Ran(said[:-1], [run.state for run in done.cells[1:-1]], said[-1].split("\n")[0])

    return call


def test_one_process_serves_one_run_after_another(after: Next) -> None:
    first = after("shelf.append(3)\nmine = 1", "[shelf, len(In)]")
    runs = [after("shelf.append(4)", "[shelf, 'mine' in globals(), len(In), Out]")
            for _ in range(20)]
    assert first.said == ["", "[[1, 2, 3], 4]"]
    assert {one.said[1] for one in runs} == {"[[1, 2, 4], False, 4, {}]"}
    assert {one.process for one in (first, *runs)} == {first.process}


def test_a_run_that_fails_leaves_it_as_well(after: Next) -> None:
    first = after("1 / 0", "def f(n): return f(n + 1)\nf(0)", "raise SystemExit")
    second = after("import sys\nprint(hasattr(sys, 'last_value'))")
    assert [state.value for state in first.states] == ["error"] * 3
    assert second == Ran(["False"], [RunState.OK], first.process)


def test_what_some_runs_write_to_is_put_back_after_each(
    pool: Pool, tmp_path: Path, stage: Callable[..., Stage]
) -> None:
    of = stage("pages = bytearray(1 << 20)", limits=Limits(memory_bytes=2 << 30))
    ask = ("import os\nprint(os.getpid(), pages.count(0) == len(pages))\n"
           "for at in range(NUMBER % 5, 256, 1 + NUMBER % 7): pages[at << 12] = 1")
    said = []
    for number in range(150):  # past the run after which what all write to is looked at anew
        cells = [*of.cells, Code(source=ask.replace("NUMBER", str(number)))]
        done = pool.run(cells, of.limits, cwd=tmp_path, stage=of, rewinds=True)[0]
        said.append(done.cells[1].outputs[0]["text"].split())
    assert {clean for _, clean in said} == {"True"}
    assert len({process for process, _ in said}) == 1


def test_chance_is_of_each_run(after: Next) -> None:
    runs = [after("import random\nimport numpy as np\nprint(random.random(), np.random.rand())")
            for _ in range(4)]
    assert len({one.said[0] for one in runs}) == 4
    assert len({one.process for one in runs}) == 1


def test_files_are_of_each_run(after: Next, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "data.csv").write_text("1", encoding="utf-8")
    listed = ("import os, pathlib\npathlib.Path('out.txt').write_text('mine')\n"
              "os.makedirs('/tmp/deep/er', exist_ok=True)\nos.chdir('/tmp')\n")
    ask = "import os\nprint(os.getcwd(), sorted(os.listdir()), os.listdir('/tmp'))"
    first = after(ask, listed, cwd="one")
    second = after(ask, cwd="two")
    assert first.said[0] == "/box/learner/one ['data.csv'] []"
    assert (tmp_path / "one" / "out.txt").read_text(encoding="utf-8") == "mine"
    assert second == Ran(["/box/learner/two [] []"], [RunState.OK], first.process)


def test_what_is_put_out_by_descriptor_is_of_each_run(after: Next) -> None:
    first = after("import os\nos.write(1, b'one')", "os.lseek(1, 100, 0)\nos.write(2, b'two')")
    second = after("import os\nos.write(1, b'three')")
    assert [one.split("\n")[0] for one in first.said] == ["one3", "two3"]
    assert second.said == ["three5"]
    assert first.process == second.process


@pytest.mark.parametrize("change", [
    "import builtins\nbuiltins.sorted = builtins.zip = lambda *_: 99",
    "import sys, types\nsys.modules['math'] = types.ModuleType('math')",
    "import math\nmath.pi = 3",
    "import os\nos.environ['PATH'] = '/elsewhere'",
    "import sys\nsys.setrecursionlimit(50)\nsys.flags = None",
    "get_ipython().ast_transformers.append(None)",
    "import json\njson.JSONEncoder.default = None\njson.decoder.scanstring = None",
    LIBC + "ctypes.memmove(id(7) + 24, ctypes.c_int(8), 4)",
    LIBC + "t = (1, 2)\nctypes.memset(id(()) + 16, 0, 8)",
    "import sys\nsys.settrace(lambda *_: None)\nsys.setprofile(lambda *_: None)",
    "import gc\ngc.disable()\ngc.set_threshold(1)",
    "import asyncio\nasyncio.get_running_loop().call_later(0.001, lambda: open('late', 'w'))",
    LIBC + "libc.sbrk(1 << 22)",
    LIBC + "libc.mmap.restype = ctypes.c_void_p\n"
           "libc.mmap(ctypes.c_void_p(0x10000000), 1 << 20, 3, 0x22, -1, 0)",
    LIBC + "libc.mmap(ctypes.c_void_p(0x1000), 4096, 7, 0x32, -1, 0)",
    LIBC + "room = ctypes.create_string_buffer(1 << 16)\n"
           "libc.sigaltstack(ctypes.byref(STACK(ctypes.addressof(room), 0, 1 << 16)), None)",
    "kept = [open('/proc/self/maps') for _ in range(50)]",
    "import os\nos.close(0)\nos.close(1)\nos.close(2)",
    "import os\nos.close(1)",
    "import os\nos.dup2(os.open('/etc/passwd', 0), 0)",
    "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)",
    ("import signal\nsignal.signal(signal.SIGALRM, lambda *_: None)\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"),
    ("import signal\nsignal.signal(signal.SIGALRM, lambda *_: 1 / 0)\n"
    "signal.setitimer(signal.ITIMER_REAL, 30)"),
    "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())",
    "import atexit\natexit.register(print)\nimport os\nos.chdir('/')",
    "big = bytearray(200_000_000)\nbig[::4096] = b'x' * len(big[::4096])",
    "import re\nre.purge()\nre.compile = None",
    "import decimal\ndecimal.getcontext().prec = 2",
    "import warnings\nwarnings.simplefilter('error')",
    "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "import numpy as np\nnp.seterr(all='raise')\nnp.set_printoptions(precision=1)",
    "import pandas as pd\npd.set_option('display.max_rows', 1)\npd.DataFrame.head = None",
])
def test_the_next_run_finds_nothing_of_a_change(after: Next, change: str) -> None:
    look = LIBC + """
stack = STACK()
libc.sigaltstack(None, ctypes.byref(stack))
import asyncio, builtins, decimal, gc, json, locale, math, os, re, signal, sys, warnings
import numpy as np
import pandas as pd
def told():
    yield from (stack.at, stack.flags, stack.size)
    yield from (len([1]), math.pi, os.environ["PATH"], sys.getrecursionlimit(), 7 + 0, ())
    yield from (sys.gettrace(), sys.getprofile(), gc.isenabled(), gc.get_threshold())
    yield from (json.dumps({"a": [1.5]}), os.getcwd(), sorted(os.listdir()))
    yield from (sorted(os.listdir("/proc/self/fd")), len(get_ipython().ast_transformers))
    yield from (signal.getsignal(2).__name__, signal.getsignal(14), signal.getitimer(0))
    yield from (sorted(signal.pthread_sigmask(0, ())), re.sub("a", "b", "aa"))
    yield from (decimal.Decimal(1) / 3, locale.setlocale(locale.LC_ALL), warnings.filters[0])
    yield from (np.geterr(), np.array([1 / 3]), pd.DataFrame({"a": range(3)}).head(2).to_dict())
    yield re.sub(r"\\d+ kB", "", open("/proc/self/maps").read()).count("\\n")
    yield [line for line in open("/proc/self/status") if line.startswith(("Sig", "Shd", "Thr"))]
print(*told(), sep="\\n")
"""
    fresh = after(look)
    changed = after(change, cwd="another")
    found = after(look)
    assert changed.process == found.process == fresh.process, changed
    assert found.said[0] == fresh.said[0]


@pytest.mark.parametrize("call", [
    "libc.munmap(ctypes.c_void_p(here), 4096)",
    "libc.mprotect(ctypes.c_void_p(here), 4096, 1)",
    "libc.mremap(ctypes.c_void_p(here), 4096, 8192, 1)",
    "libc.mremap(ctypes.c_void_p(here), 8192, 4096, 1)",
    "-1 if libc.mmap(ctypes.c_void_p(here), 4096, 3, 0x32, -1, 0) == -1 else 0",
])
def test_memory_stays_where_it_is(after: Next, call: str) -> None:
    look = "print(open('/proc/self/maps').read().count('rw-p'))"
    fresh = after(look)
    tried = after(LIBC + f"here = id(7) & ~4095\nprint({call}, ctypes.get_errno())")
    assert tried.said == ["-1 1"]
    assert after(look).process == fresh.process


@pytest.mark.parametrize("work", [
    ("import threading\none = threading.Thread(target=print, args=['done'])\n"
    "one.start()\none.join()"),
    "import subprocess\nprint(subprocess.check_output(['echo', 'done'], text=True))",
    "!echo done",
    "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))\nprint('done')",
    "import os\nos.umask(0o77)\nprint('done')",
    "import os\nos.nice(1)\nprint('done')",
    "import os\nos.sched_setaffinity(0, os.sched_getaffinity(0))\nprint('done')",
    "import socket\na, b = socket.socketpair()\na.send(b'done')\nprint(b.recv(4).decode())",
    ("import os, signal\nsignal.signal(signal.SIGUSR1, lambda *_: print('done'))\n"
    "os.kill(os.getpid(), signal.SIGUSR1)"),
    ("import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: print('done'))\n"
    "signal.alarm(1)\ntime.sleep(5)"),
    LIBC + "libc.prctl(15, b'done')\nprint('done')",
    LIBC + "libc.madvise(ctypes.c_void_p(id(7) & ~4095), 0, 4)\nprint('done')",
    LIBC + "libc.syscall(462, 0, 0, 0)\nprint('done')",
    ("import fcntl\nfcntl.fcntl(2, fcntl.F_SETFL, fcntl.fcntl(2, fcntl.F_GETFL) | 0o4000)\n"
    "print('done')"),
    "import os\nos.setxattr('.', 'user.a', b'')\nprint('done')",
    "import mmap\nmmap.mmap(-1, 4096)\nprint('done')",
])
def test_what_may_leave_a_trace_is_run_by_itself(after: Next, work: str) -> None:
    first = after("1")
    alone = after("mine = 1", work)
    assert alone.said[1] in ("done", "[Errno 95] Operation not supported: '.'")
    assert after("'mine' in globals()").said == ["False"]
    assert first.states == [RunState.OK]


@pytest.mark.parametrize("end", [
    "import os\nos._exit(3)", LIBC + "ctypes.string_at(0)",
    LIBC + "libc.abort()", "import os\nos.kill(os.getpid(), 9)",
    # What it is held by, and what it is asked by, put out of place.
    ("import os\nfor one in range(3, 30):\n    try:\n        os.close(one)\n    except OSError:\n"
    "        pass"),
])
def test_a_run_that_kills_it_keeps_the_credit_of_its_other_cells(after: Next, end: str) -> None:
    after("1")
    ran = after("kept = 5", end, "kept")
    assert ran.said[2] == "5"
    assert ran.states == [RunState.OK, RunState.KILLED, RunState.OK]
    assert after("'kept' in globals()").said == ["False"]


@pytest.mark.parametrize("change", [
    "import os\nos.dup2(1, {sock})", "import os\nos.close({loop})\nos.open('/dev/null', 0)",
    "import os\nos.dup2({loop}, {sock} + 1)",
])
def test_descriptors_that_are_others_end_it(after: Next, change: str) -> None:
    ask = ("import os\nat = lambda n: os.readlink(f'/proc/self/fd/{n}')\n"
           "print([n for n in range(3, 30) if os.path.lexists(f'/proc/self/fd/{n}')\n"
           "       and 'eventpoll' in at(n)], [n for n in range(3, 30)\n"
           "       if os.path.lexists(f'/proc/self/fd/{n}') and 'socket' in at(n)])")
    first = after(ask)
    loops, socks = (eval(one) for one in first.said[0].replace("] [", "]|[").split("|"))
    after(change.format(loop=loops[0], sock=socks[0]))
    again = after(ask)
    assert again.said == first.said
    assert again.states == [RunState.OK]


ANSWER = """
import json, os, struct, time
def told(cell, outputs):
    said = json.dumps({"cell": cell, "status": "ok", "seconds": 0.1, "outputs": outputs,
                       "restored": []}).encode()
    return struct.pack(">I", len(said)) + said
import asyncio, socket, sys
loop = asyncio.get_running_loop()
frames = sys.modules["kit.sandbox.frames"]
def is_open(number):
    try:
        return os.readlink(f"/proc/self/fd/{number}").startswith("socket")
    except OSError:
        return False
for number in [one for one in range(3, 16) if is_open(one)]:
    if number not in (loop._ssock.fileno(), loop._csock.fileno()):
        sock = socket.socket(fileno=number)
        try:
            if sock.type & 15 == socket.SOCK_STREAM:  # of whom it is asked for cells
                break
        finally:
            sock.detach()
os.write(number, told(1, []))
sock = socket.socket(fileno=number)
cell = frames.receive(sock)
sock.detach()
os.write(number, told(cell["cell"], [
    {"output_type": "stream", "name": "stdout", "text": str(os.getpid())}]))
os.write(LEFT, b"said by who was before" * 200)
time.sleep(60)
"""


@pytest.mark.parametrize("left", ["loop._csock.fileno()", "loop._ssock.fileno()", "number"])
def test_what_is_left_to_be_read_ends_it(after: Next, left: str) -> None:
    fresh = after("1")
    said = after(ANSWER.replace("LEFT", left))
    assert said == Ran([""], [RunState.OK], fresh.process)
    look = ("import asyncio, select\nloop = asyncio.get_running_loop()\n"
            "print(select.select([loop._ssock, loop._csock], [], [], 0)[0])")
    assert after(look).said == ["[]"]


def test_what_its_loop_was_woken_with_reaches_no_other(after: Next) -> None:
    fresh = after("1")
    woken = after("import asyncio\nasyncio.get_running_loop()._csock.send(b'x' * 5000)")
    assert woken.process == fresh.process
    look = ("import asyncio, select\nloop = asyncio.get_running_loop()\n"
            "print(select.select([loop._ssock, loop._csock], [], [], 0)[0])")
    assert after(look).said == ["[]"]


def test_its_twin_holds_no_file_of_a_run(after: Next) -> None:
    look = ("import os\nothers = {*map(int, filter(str.isdigit, os.listdir('/proc')))} - {\n"
            "    1, os.getpid()}\n"
            "print(*[os.readlink(f'/proc/{one}/{what}') for one in others\n"
            "        for what in ('cwd', 'fd/0', 'fd/1', 'fd/2')])")
    assert [after(look).said for _ in range(2)] == [["/ /dev/null /dev/null /dev/null"]] * 2


def test_memory_of_a_run_is_not_held_for_the_next(after: Next) -> None:
    look = ("import resource\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < {:d})".format)
    fresh = after(look(1_000_000))
    big = after("big = bytearray(600_000_000)\nbig[::4096] = b'x' * len(big[::4096])")
    assert after(look(400_000)) == Ran(["True"], [RunState.OK], fresh.process)
    assert big.process == fresh.process


def test_memory_of_the_author_can_be_given_up(
        pool: Pool, stage: Callable[..., Stage], tmp_path: Path) -> None:
    few = Limits(cell_seconds=20, cpu_seconds=20, memory_bytes=300_000_000)
    top = "data = bytearray(200_000_000)"
    one = stage(top, limits=few)
    cells = [Code(source=top, trusted=True), Code(source="del data"),
             Code(source="mine = bytearray(250_000_000)\nprint(len(mine))")]
    for _ in range(2):
        done = pool.run(cells, few, cwd=tmp_path, stage=one, rewinds=True)[0]
        assert done.state is RunState.OK, done.cells[-1].outputs


def test_a_run_that_is_done_again_has_all_its_time(after: Next) -> None:
    few = Limits(cell_seconds=0.6, cpu_seconds=0.3)
    nap = "import time\ntime.sleep(0.3)"
    start = "import threading\nthreading.Thread(target=print).start()"
    ran = after(nap, nap, start, nap, "'done'", limits=few)
    assert ran.states == [RunState.OK] * 5


def test_seconds_are_counted_for_each_run(after: Next) -> None:
    few = Limits(cell_seconds=20, cpu_seconds=1)
    burn = "import time\nuntil = time.process_time() + 0.6\nwhile time.process_time() < until: pass"
    runs = [after(burn, limits=few) for _ in range(4)]
    assert [one.states for one in runs] == [[RunState.OK]] * 4
    assert len({one.process for one in runs}) == 1
    late = after("while True: pass", "1", limits=few)
    assert late.states == [RunState.KILLED, RunState.OK]
    assert after("1", limits=few).states == [RunState.OK]


def test_a_cell_that_takes_too_long_is_stopped(after: Next) -> None:
    few = Limits(cell_seconds=0.5, cpu_seconds=20)
    late = after("kept = 1", "while True: pass", "kept", limits=few)
    assert late.states == [RunState.OK, RunState.TIMEOUT, RunState.OK]
    assert late.said[2] == "1"
    assert after("'kept' in globals()", limits=few).said == ["False"]


def test_too_much_memory_is_of_each_run(after: Next) -> None:
    few = Limits(cell_seconds=20, cpu_seconds=20, memory_bytes=300_000_000)
    fill = "big = bytearray({})\nbig[::4096] = b'x' * len(big[::4096])\nprint(len(big))"
    runs = [after(fill.format(200_000_000), limits=few) for _ in range(3)]
    assert {one.said[0] for one in runs} == {"200000000"}
    assert len({one.process for one in runs}) == 1
    assert after(fill.format(400_000_000), limits=few).states == [RunState.ERROR]


def test_a_stage_whose_runs_kill_their_processes_has_them_no_more(
        pool: Pool, after: Next, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(6):
        assert after("import threading\nthreading.Thread(target=print).start()").states == [
            RunState.OK]
    numbers = [after("1").process for _ in range(2)]
    assert len(set(numbers)) == 2


def test_without_boxes_each_run_has_its_process(bare: Pool, tmp_path: Path) -> None:
    stage = Stage(folder=tmp_path, limits=LIMITS)
    asked = [Code(source="import os\nprint(os.getpid())")]
    numbers = [bare.run(asked, LIMITS, cwd=tmp_path, stage=stage, rewinds=True)[0]
               .cells[0].outputs[0]["text"] for _ in range(2)]
    assert numbers[0] != numbers[1]
