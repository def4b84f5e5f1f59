"""Two runs with a line to each other: what one holds, the other calls as if it had it.

`learner` holds the values, `judge` is given what stands for them. Whatever a hostile learner says
on the line, the judge comes to an end within its limits and does not take it for a pass.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.model import CellRun, Limits, RunState
from kit.sandbox import Code, Given, Live, Pool, Setting
from kit.sandbox.live import GRACE_SECONDS, DiedError

LIMITS = Limits(cell_seconds=10, cpu_seconds=30, memory_bytes=600_000_000)
SHORT = Limits(cell_seconds=1, cpu_seconds=30, memory_bytes=600_000_000)


@dataclass
class Two:
    """Both runs. `number` counts the cells of each."""

    learner: Live
    judge: Live
    numbers: dict[str, int] = field(default_factory=lambda: {"learner": 0, "judge": 0})

    def learns(self, source: str) -> CellRun:
        self.numbers["learner"] += 1
        return self.learner.run(Code(source=source), self.numbers["learner"])

    def tests(self, source: str, *names: str) -> CellRun:
        """Run a cell of the judge with names of the learner."""
        self.numbers["judge"] += 1
        found = self.learner.read(names, hold=True)
        assert not found.stay
        return self.judge.run(Code(source=source), self.numbers["judge"],
                              given=Given(values=found.there, by=self.learner))

    @property
    def trouble(self) -> str:
        return self.judge.trouble.get(self.numbers["judge"], "")

    def passes(self, source: str, *names: str) -> None:
        run = self.tests(source, *names)
        assert (run.state, self.trouble) == (RunState.OK, ""), run.outputs


Open = Callable[..., Any]


@pytest.fixture
def open_two(pool: Pool, tmp_path: Path) -> Open:
    @contextmanager
    def opened(limits: Limits = LIMITS) -> Iterator[Two]:
        ours, theirs = socket.socketpair()
        folders = [tmp_path / name for name in ("learner", "judge")]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        with ours, theirs, pool.live(
            Setting(cwd=folders[0], limits=limits, line=(ours.fileno(),), keep=False)
        ) as learner, pool.live(
            Setting(cwd=folders[1], limits=limits, line=(theirs.fileno(),), keep=False)
        ) as judge:
            ours.close()
            theirs.close()
            yield Two(learner, judge)

    return opened


@pytest.fixture
def two(open_two: Open) -> Iterator[Two]:
    with open_two() as two:
        yield two


@pytest.fixture
def short(open_two: Open) -> Iterator[Two]:
    with open_two(SHORT) as two:
        yield two


def text(run: CellRun) -> str:
    return "".join(str(one.get("text", "")) for one in run.outputs)


# -------------------------------------------------------------------------------- functions


def test_arguments_of_every_kind(two: Two) -> None:
    two.learns("def f(a, /, b, c=3, *rest, d, e=5, **more): return [a, b, c, rest, d, e, more]")
    two.passes("assert f(1, 2, d=4) == [1, 2, 3, (), 4, 5, {}]\n"
               "assert f(1, 2, 9, 8, 7, d=4, e=0, x=[1], y={'z': None}) == "
               "[1, 2, 9, (8, 7), 4, 0, {'x': [1], 'y': {'z': None}}]\n"
               "try:\n    f()\nexcept TypeError as error:\n    assert 'missing' in str(error)\n"
               "else:\n    assert False", "f")


def test_what_a_stand_in_tells_of_itself(two: Two) -> None:
    two.learns("def area(w, /, h=2, *more, unit, **rest):\n    'Width times height.'")
    two.passes("import inspect, types\nassert callable(area) and type(area) is types.FunctionType\n"
               "assert (area.__name__, area.__doc__) == ('area', 'Width times height.')\n"
               "told = inspect.signature(area).parameters\n"
               "assert list(told) == ['w', 'h', 'more', 'unit', 'rest']\n"
               "assert told['w'].kind.name == 'POSITIONAL_ONLY'\n"
               "assert told['h'].default is not told['h'].empty\n"
               "assert told['unit'].kind.name == 'KEYWORD_ONLY'\n"
               "assert told['unit'].default is told['w'].empty", "area")


@pytest.mark.parametrize("look", [
    "f.__code__", "f.__defaults__", "f.__kwdefaults__",
    "__import__('dis').dis(f)", "__import__('inspect').getsource(f)",
    "__import__('inspect').getsourcelines(f)", "__import__('inspect').getclosurevars(f)",
])
def test_its_insides_are_not_taken_for_those_of_the_function(look: str, two: Two) -> None:
    two.learns("def f(x=1):\n    return x")
    two.tests(f"try:\n    {look}\nexcept BaseException:\n    pass", "f")
    assert "of a function" in two.trouble
    two.passes("assert f(4) == 4", "f")


@pytest.mark.parametrize(("made", "call", "want"), [
    ("import functools\nf = functools.partial(pow, 2)", "f(5)", "32"),
    ("import functools\n@functools.lru_cache\ndef f(x): return x + 1", "f(5)", "6"),
    ("f = [1, 2, 3].count", "f(2)", "1"), ("f = len", "f('abc')", "3"),
    ("f = lambda *, a: a", "f(a='b')", "'b'"), ("f = sorted", "f([2, 1])", "[1, 2]"),
    ("import numpy\nf = numpy.add", "f(1, 2)", "3"),
    ("def f(n): return lambda m: n + m", "f(2)(3)", "5"),
    ("def f(): return f", "f() is f and f()() is f", "True"),
    ("def f(g): return g", "f(f) is f and f(len) is len and f(int) is int", "True"),
    ("f = {'double': lambda x: 2 * x}", "f['double'](4)", "8"),
])
def test_other_things_that_are_called(made: str, call: str, want: str, two: Two) -> None:
    two.learns(made)
    two.passes(f"assert ({call}) == {want}", "f")


# ------------------------------------------------------------------- arguments changed in place


@pytest.mark.parametrize(("function", "test"), [
    ("def f(x): x.append(4); return x", "x = [1]; y = f(x); assert x == y == [1, 4]"),
    ("def f(x): x.sort()", "x = [3, 1, 2]; f(x); assert x == [1, 2, 3]"),
    ("def f(x): del x['a']; x['b'] = 2", "x = {'a': 1}; f(x); assert x == {'b': 2}"),
    ("def f(x): x.add(2)", "x = {1}; f(x); assert x == {1, 2}"),
    ("def f(x): x.clear()", "x = bytearray(b'ab'); f(x); assert x == b''"),
    ("def f(x): x[0].append(2)", "i = [1]; x = [i]; f(x); assert i == [1, 2] and x[0] is i"),
    ("def f(x): x[0]['k'].add(3)", "i = {'k': {1}}; x = (i,); f(x); assert i == {'k': {1, 3}}"),
    ("def f(x): x[0] = 9", "import numpy as np; x = np.zeros(2); f(x); assert list(x) == [9, 0]"),
    ("def f(x): x['b'] = x.a * 2",
     "import pandas; x = y = pandas.DataFrame({'a': [1, 2]}); f(x); assert list(y.b) == [2, 4]"),
    ("def f(x): x.drop(columns='a', inplace=True)",
     "import pandas; x = pandas.DataFrame({'a': [1], 'b': [2]}); f(x); assert list(x) == ['b']"),
    ("def f(x): x.append(1); raise ValueError",
     "x = []\ntry:\n    f(x)\nexcept ValueError:\n    pass\nassert x == [1]"),
    ("def f(*, x): x.append(1)", "x = []; f(x=x); assert x == [1]"),
    ("def f(x): return sorted(x)", "x = [2, 1]; assert f(x) == [1, 2] and x == [2, 1]"),
])
def test_changes_arrive(function: str, test: str, two: Two) -> None:
    two.learns(function)
    two.passes(test, "f")


@pytest.mark.parametrize("test", [
    "import collections; x = collections.deque([1]); f(x)",
    "import collections; x = collections.OrderedDict(a=1); g(x)",
    "import numpy as np; x = np.zeros((2, 1)); h(x)",
])
def test_changes_that_cannot_be_made_here_are_told(test: str, two: Two) -> None:
    two.learns("def f(x): x.append(1)\ndef g(x): x['b'] = 1\ndef h(x): x.shape = (1, 2)")
    two.tests(test, "f", "g", "h")
    assert "changed a value" in two.trouble


# ------------------------------------------------------------------------- there and back again


def test_callbacks_and_recursion(two: Two) -> None:
    two.learns("def apply(g, n): return [g(i) for i in range(n)]\n"
               "def even(n, odd): return True if n == 0 else odd(n - 1)\n"
               "def compose(*fs):\n    def made(x):\n        for f in fs:\n            x = f(x)\n"
               "        return x\n    return made")
    two.passes("assert apply(lambda v: v * 2, 4) == [0, 2, 4, 6]\n"
               "def odd(n): return False if n == 0 else even(n - 1, odd)\n"
               "assert even(30, odd) and not even(31, odd)\n"
               "assert compose(lambda x: x + 1, abs, str)(-3) == '2'\n"
               "kept = []\napply(kept.append, 3)\nassert kept == [0, 1, 2]",
               "apply", "even", "compose")


def test_an_exception_passes_through_both(two: Two) -> None:
    two.learns("def apply(g):\n    try:\n        return g()\n    except KeyError as error:\n"
               "        return ['caught', *error.args]")
    two.passes("def bad(): raise KeyError('k', 2)\nassert apply(bad) == ['caught', 'k', 2]\n"
               "try:\n    apply(lambda: 1 / 0)\nexcept ZeroDivisionError:\n    pass\n"
               "else:\n    assert False", "apply")


def test_recursion_without_end_is_an_error_of_the_learner_and_no_more(two: Two) -> None:
    two.learns("def f(g): return g(f)\ndef fine(): return 1")
    run = two.tests("def g(f): return f(g)\nf(g)", "f")
    assert run.state is RunState.ERROR
    two.passes("assert fine() == 1", "fine")


def test_iterators(two: Two) -> None:
    two.learns("def squares(n):\n    for i in range(n):\n        yield i * i\n"
               "m = map(int, '123')\nz = zip([1, 2], 'ab')\ni = iter([1])\n"
               "def endless():\n    while True:\n        yield 1\n"
               "def bad():\n    yield 1\n    raise ValueError('end')")
    two.passes("assert list(squares(4)) == [0, 1, 4, 9] and sum(squares(3)) == 5\n"
               "assert list(m) == [1, 2, 3] and dict(z) == {1: 'a', 2: 'b'}\n"
               "assert next(i) == 1 and next(i, None) is None\n"
               "import itertools\nassert list(itertools.islice(endless(), 3)) == [1, 1, 1]\n"
               "b = bad()\nassert next(b) == 1 and iter(b) is b\n"
               "try:\n    next(b)\nexcept ValueError as error:\n    assert str(error) == 'end'\n"
               "else:\n    assert False", "squares", "m", "z", "i", "endless", "bad")
    two.tests("squares(3).send(1)", "squares")
    assert "of an iterator" in two.trouble


def test_what_is_printed_in_a_call_is_printed_here(two: Two) -> None:
    two.learns("import sys\ndef f(g=None):\n    print('one')\n    print('bad', file=sys.stderr)\n"
               "    if g: g()\n    print('two')")
    run = two.tests("print('before')\nf(lambda: print('between'))\nprint('after')", "f")
    assert (run.state, two.trouble) == (RunState.OK, "")
    said = {name: "".join(one["text"] for one in run.outputs if one.get("name") == name)
            for name in ("stdout", "stderr")}
    assert said["stderr"] == "bad\n"
    assert set(said["stdout"].split()) == {"before", "one", "between", "two", "after"}
    two.passes("import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n"
               "    f()\nassert out.getvalue() == 'one\\ntwo\\n'", "f")


# -------------------------------------------------------------------------------- exceptions


def test_exceptions_keep_class_text_and_arguments(two: Two) -> None:
    two.judge.run(Code(source="class Broke(ValueError): pass"), 90)
    two.learns("class Broke(ValueError): pass\nclass Mine(KeyError): pass\n"
               "class Odd(Exception):\n    def __init__(self, a, b): super().__init__(a)\n"
               "class Mute(Exception):\n    def __str__(self): raise SystemExit\n"
               "import json, decimal\n"
               "def f(n):\n    if n == 0: raise LookupError('a', 1)\n"
               "    if n == 1: raise Broke(2)\n"
               "    if n == 2: raise Mine('k')\n    if n == 3: raise Odd(1, 2)\n"
               "    if n == 4: json.loads('{')\n    if n == 5: decimal.Decimal('x')\n"
               "    if n == 6: raise Mute\n    if n == 7: raise ValueError(object())")
    two.passes(
        "import decimal, json\n"
        "def caught(n):\n    try:\n        f(n)\n    except Exception as error:\n"
        "        return error\n"
        "assert type(caught(0)) is LookupError and caught(0).args == ('a', 1)\n"
        "assert type(caught(1)) is Broke and caught(1).args == (2,)\n"
        "assert isinstance(caught(2), KeyError) and type(caught(2)).__name__ == 'Mine'\n"
        "assert type(caught(3)).__name__ == 'Odd' and caught(3).args == (1,)\n"
        "assert isinstance(caught(4), json.JSONDecodeError)\n"
        "assert isinstance(caught(5), decimal.InvalidOperation)\n"
        "assert type(caught(6)).__name__ == 'Mute'\nassert type(caught(7)) is ValueError", "f")


@pytest.mark.parametrize("end", ["raise SystemExit(0)", "raise KeyboardInterrupt",
                                 "raise GeneratorExit", "raise BaseException"])
def test_no_exception_ends_a_test_well(end: str, two: Two) -> None:
    two.learns(f"def f():\n    {end}\ndef g(): return 1")
    run = two.tests("f()\nprint('on')", "f")
    assert run.state is RunState.ERROR
    assert "on" not in text(run).split("\n")
    two.passes("assert g() == 1", "g")


# --------------------------------------------------------------------------- values that stay

LIAR = """
class Liar:
    __class__ = property(lambda self: int)
    __hash__ = lambda self: 0
for name in ('eq ne lt le gt ge sub rsub add radd abs float int bool len contains getitem call '
             'array array_ufunc index round str repr format iter next').split():
    setattr(Liar, f'__{name}__', lambda self, *args, **named: True)
liar, held = Liar(), [1, {'k': Liar()}]
class Low(float):
    __sub__ = __rsub__ = lambda self, other: 0.0
low = Low(1)
def f(): return Liar()
"""


@pytest.mark.parametrize("test", [
    "liar == 3", "3 == liar", "liar != 3", "abs(liar - 3) < 1", "float(liar)", "bool(liar)",
    "liar in [3]", "3 in [liar]", "3 in liar", "liar in {3}", "{liar: 1}", "isinstance(liar, int)",
    "str(liar)", "f'{liar}'", "len(liar)", "liar.attribute", "liar()", "liar[0]", "list(liar)",
    "sorted([liar, liar])", "__import__('numpy').isclose(liar, 3)",
    "__import__('numpy').array(liar) == 3", "__import__('math').isclose(liar, 3)", "low == 3",
    "round(low, 2)", "abs(low - 3) < 1", "held[1]['k'] == 3", "held == [1, {'k': 3}]", "f() == 3",
    "__import__('unittest').TestCase().assertEqual(liar, 3)", "sum([liar])", "max(liar, 3)",
    "__import__('copy').copy(liar)", "hash(liar)", "liar is None or liar > 2", "not liar",
    "__import__('json').dumps(liar)", "__import__('pandas').Series([1]).eq(liar).all()",
    "liar.__class__", "print(liar)", "exec('x = liar + 1')", "isinstance(low, float)",
])
def test_a_value_of_an_own_class_does_nothing_here(test: str, two: Two) -> None:
    two.learns(LIAR)
    two.tests(f"try:\n    assert {test}\nexcept BaseException:\n    pass",
              "liar", "held", "low", "f")
    assert two.trouble


def test_what_nobody_asks_for_any_more_cannot_be_called(two: Two) -> None:
    two.learns("def f(): return 1")
    two.passes("kept = f\nassert f() == 1", "f")
    two.numbers["judge"] += 1
    run = two.judge.run(Code(source="kept()"), two.numbers["judge"])
    assert run.state is RunState.ERROR
    assert two.trouble == "nothing can be called there now"


# ------------------------------------------------------------------------- hanging and dying


def test_a_call_that_hangs_is_interrupted_and_the_next_one_works(short: Two) -> None:
    short.learns("def loop():\n    while True: pass\ndef f(x): return x\n"
               "import time\ndef wait(): time.sleep(60)")
    for name in ("loop", "wait"):
        began = time.monotonic()
        assert short.tests(f"{name}()", name).state is RunState.TIMEOUT
        assert time.monotonic() - began < SHORT.cell_seconds + GRACE_SECONDS
        short.passes("assert f([1]) == [1]", "f")
    assert short.learns("x = 1").state is RunState.OK


def test_a_loop_here_that_calls_there_is_interrupted(short: Two) -> None:
    short.learns("def f(x): return x")
    assert short.tests("while True:\n    f([1])", "f").state is RunState.TIMEOUT
    short.passes("assert f([2]) == [2]", "f")


def test_a_call_deaf_to_interrupts_ends_the_judge_in_time(short: Two) -> None:
    short.learns("import signal\ndef f():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
               "    while True: pass")
    began = time.monotonic()
    with pytest.raises(DiedError) as died:
        short.tests("f()", "f")
    assert died.value.state is RunState.TIMEOUT
    assert time.monotonic() - began < SHORT.cell_seconds + GRACE_SECONDS + 2


@pytest.mark.parametrize("end", [
    "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)",
    "import ctypes; ctypes.string_at(0)",
    "import os\n    for n in range(3, 64):\n        try: os.close(n)\n        except OSError: pass",
])
def test_a_process_that_dies_in_a_call_is_trouble(end: str, two: Two) -> None:
    two.learns(f"def f():\n    {end}")
    run = two.tests("try:\n    f()\nexcept BaseException:\n    pass", "f")
    assert run.state in (RunState.OK, RunState.ERROR)
    assert "no answer came" in two.trouble
    with pytest.raises(DiedError):
        two.learner.read([])


# --------------------------------------------------------------------------- a hostile learner

HOSTILE = """
import gc, json, os, time
from kit.sandbox.desk import Desk
line = next(one for one in gc.get_objects() if type(one) is Desk)._line
def framed(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return len(data).to_bytes(4, "big") + data
def say(data):
    line.settimeout(None)
    for one in data:
        line.sendall(one)
def f(x=None):
    say(DATA)
    time.sleep(60)
def g(x): return x
"""


SAID = {
    "nothing": "[]",
    "half a head": "[b'abc'[:2]]",
    "half a frame": "[b'\\0\\0\\0\\x09{']",
    "a length of 4 GB": "[b'\\xff' * 4 + b'x' * 100]",
    "a length that is just allowed": "[b'\\x0f\\xff\\xff\\xff' + b'x' * 100]",
    "no JSON": "[framed(b'{]}')]",
    "no UTF-8": "[framed(b'\\xff\\xfe')]",
    "a list": "[framed([])]",
    "an empty object": "[framed({})]",
    "an answer that is a list": "[framed({'answer': []})]",
    "an answer of nothing": "[framed({'answer': {}})]",
    "a value of no type": "[framed({'answer': {'value': {'a': 1, 'b': 2}}})]",
    "a number that was not given": "[framed({'answer': {'value': {'yours': 7}}})]",
    "a negative number": "[framed({'answer': {'value': {'yours': -1}}})]",
    "a held value of no kind": "[framed({'answer': {'value': {'held': [5, 'class', {}]}}})]",
    "a held value of no number": "[framed({'answer': {'value': {'held': [1 << 70, 'thing',"
                                 " {'name': 'x'}]}}})]",
    "a built-in that is not called": "[framed({'answer': {'value': {'builtin': 'exec'}}})]",
    "changes of nothing": "[framed({'answer': {'value': 4, 'changed': [1, 2, 3]}})]",
    "an error of no class": "[framed({'answer': {'error': {'classes': [['a']]}}})]",
    "an error that is no exception": "[framed({'answer': {'error': {'classes': [['builtins',"
                                     " 'int'], ['os', 'system']], 'text': 'x', 'args': ['x']}}})]",
    "words that are none": "[framed({'answer': {'value': 4, 'said': [[1, 2], 3]}})]",
    "a question of a value that is not": "[framed({'ask': {'of': 3, 'what': 'call',"
                                         " 'with': [[], []]}})]",
    "a question of no form": "[framed({'ask': []})]",
    "questions without end": "iter(lambda: framed({'ask': {'of': 0, 'what': 'call',"
                             " 'with': [[], []]}}), 0)",
    "deeper than JSON": "[framed(b'{\"answer\":{\"value\":' + b'[' * 90000 + b']' * 90000"
                        " + b'}}')]",
    "deeper than values": "[framed(b'{\"answer\":{\"value\":' + b'[' * 900 + b']' * 900"
                          " + b'}}')]",
    "brackets without end": "[framed(b'{\"answer\":{\"value\":[' + b'[],' * 20_000_000"
                            " + b'0]}}')]",
    "a flood of text": "[framed(b'{\"answer\":{\"value\":\"' + b'x' * 250_000_000 + b'\"}}')]",
    "buffers of 4 EB": "[framed({'answer': {'value': 1}, 'buffers': [1 << 62]})]",
    "buffers that do not come": "[framed({'answer': {'value': 1}, 'buffers': [1 << 27]})]",
    "many buffers": "[framed({'answer': {'value': 1}, 'buffers': [0] * 5_000_000})]",
    "an array of another size": "[framed({'answer': {'value': {'numpy.array': ['<f8',"
                                " [1 << 40], 'C', 0]}}, 'buffers': [8]}), b'12345678']",
    "a number too long": "[framed(b'{\"answer\":{\"value\":' + b'9' * 100_000 + b'}}')]",
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_whatever_is_said_on_the_line_is_no_pass(said: str, open_two: Open) -> None:
    began = time.monotonic()
    with open_two(SHORT) as two:
        two.learns(HOSTILE.replace("DATA", said))
        try:
            run = two.tests("assert f([1]) == 4", "f")
        except DiedError as died:
            state = died.state
        else:
            state = run.state
            assert two.judge.run(Code(source="print('held')"), 50).state is RunState.OK
    assert state is not RunState.OK
    assert time.monotonic() - began < SHORT.cell_seconds + GRACE_SECONDS + 5


def test_an_answer_in_advance_is_taken_for_that_call_alone(two: Two) -> None:
    """It says no more than the function may say: what it returns."""
    two.learns(HOSTILE.replace("DATA", "[]"))
    two.learns("say([framed({'answer': {'value': 4}})])")
    two.tests("assert g(1) == 1", "g")
    two.tests("assert g(2) == 2", "g")
    two.numbers["judge"] += 1
    run = two.judge.run(Code(source="print(1 + 1)"), two.numbers["judge"])
    assert text(run) == "2\n"


ARGUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.binary(max_size=20) | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    | st.sets(st.integers(), max_size=1), max_leaves=10)


@pytest.fixture(scope="module")
def echo(pool: Pool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    ours, theirs = socket.socketpair()
    with ours, theirs, pool.live(Setting(
            cwd=tmp_path_factory.mktemp("learner"), limits=LIMITS, line=(ours.fileno(),))
    ) as learner, pool.live(Setting(
            cwd=tmp_path_factory.mktemp("judge"), limits=LIMITS, line=(theirs.fileno(),))) as judge:
        two = Two(learner, judge)
        two.learns("def echo(*args, **named): return args, named\n"
                   "def told(*args, **named): return repr((args, named))")
        yield two


@given(st.lists(ARGUMENTS, max_size=3),
       st.dictionaries(st.from_regex(r"[a-z]{1,8}_", fullmatch=True), ARGUMENTS, max_size=2))
@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arguments_go_there_and_back(echo: Two, args: list[Any], named: dict[str, Any]) -> None:
    echo.passes(f"inf, infj = float('inf'), complex(0, float('inf'))\n"
                f"args, named = {args!r}, {named!r}\n"
                "assert told(*args, **named) == repr((tuple(args), named))\n"
                "assert repr(echo(*args, **named)) == repr((tuple(args), named))", "echo", "told")
