"""A problem set, and answers to it that reach for the score: none is right in anything."""

from __future__ import annotations

from bench import answer, check, locked

from kit.model import Score

WRONG = "total = 1\ndef f(x):\n    return 7\n"
RIGHT = "total = 40\ndef f(x):\n    return 2 * x\n"
CELLS = (
    locked("l", "import math\nimport autograders as ag\ndef near(a, b):\n"
                "    return math.isclose(a, b)"),
    answer("a", solution=RIGHT),
    check("plain", "assert total == 40", 3.0),
    check("secret", "assert total", 3.0, hidden="assert total == 40, 'not that'"),
    check("called", "assert f(2) == 4 and f(3) == 6", 3.0),
    check("called-secret", "f(1)", 3.0, hidden="for n in (4, 5):\n    assert f(n) == 2 * n"),
    check("helped", "assert near(total, 40) and near(f(8), 16)", 3.0),
    check("callback", "def g(h):\n    return h(6)\nassert g(f) == 12", 3.0),
    check("number", "float(3 * (f(7) == 14))", 3.0),
    check("unit", "from unittest import TestCase\nTestCase().assertEqual(f(9), 18)", 3.0),
    check("checked", "q = ag.Question('f', points=3)\n"
                     "q.add(ag.function('f', [(1, 2), (4, 8)]))\nq.result()", 3.0),
)
SHELL = "shell = get_ipython()\n"
PRIVATE = """
import json, os, socket, struct
def sockets():
    for number in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(number))
        except OSError:
            pass
def framed(value):
    data = json.dumps(value).encode()
    return struct.pack('>I', len(data)) + data
def say(value):
    for one in sockets():
        try:
            one.setblocking(True)
            one.sendall(framed(value))
        except OSError:
            pass
FINE = {'status': 'ok', 'outputs': [{'output_type': 'execute_result', 'metadata': {},
        'execution_count': 1, 'data': {'text/plain': '3.0'}}]}
"""
DESK = """
import gc, json
from kit.sandbox.desk import Desk
desk = next(one for one in gc.get_objects() if type(one) is Desk)
"""
LIAR = """
class Yes(float):
    def __new__(cls, *a): return float.__new__(cls, 1)
    __hash__ = lambda self: 0
    __class__ = property(lambda self: int)
for name in 'eq le ge'.split():
    setattr(Yes, f'__{name}__', lambda self, other: True)
for name in 'sub rsub abs add radd float'.split():
    setattr(Yes, f'__{name}__', lambda self, *other: 0.0)
total = Yes()
def f(x):
    return Yes()
"""
FORGERIES = {
    "an object that equals everything": LIAR,
    "a class that lies about itself": (
        "class Lie:\n    __class__ = property(lambda self: int)\n"
        "    __eq__ = lambda *a: True\n    __hash__ = lambda self: 0\n"
        "total = Lie()\ndef f(x):\n    return Lie()"),
    "an array that answers for the other": (
        "import numpy as np\nclass Arr(np.ndarray):\n    __eq__ = lambda *a: True\n"
        "    __array_ufunc__ = lambda *a, **k: np.True_\n    __hash__ = lambda self: 0\n"
        "total = np.zeros(()).view(Arr)\ndef f(x):\n    return total"),
    "a number that compares within a list": LIAR + "total = [total]\ndef f(x):\n    return total",
    "a transformer of the input": WRONG + SHELL + (
        "shell.input_transformers_post.append(lambda lines: [] if any('assert' in one or 'f(' in "
        "one for one in lines) else lines)"),
    "a transformer of the tree": WRONG + SHELL + (
        "import ast\nclass Drop(ast.NodeTransformer):\n    visit_Assert = lambda *a: None\n"
        "shell.ast_transformers.append(Drop())"),
    "a cell that is not run": WRONG + SHELL + (
        "async def run_code(*a, **k): return False\nshell.run_code = run_code\n"
        "type(shell).run_code = run_code"),
    "a request that is not done": WRONG + (
        "from ipykernel.ipkernel import IPythonKernel\n"
        "async def do(self, *a, **k):\n    return {'status': 'ok', 'execution_count': 1}\n"
        "IPythonKernel.do_execute = do\nimport kit.sandbox.kernel as kernel\n"
        "async def run(*a, **k): return {'status': 'ok'}\nkernel.run_cell = run\n"
        "import kit.sandbox.stored as stored\nstored.run_ready = lambda *a: {'status': 'ok'}"),
    "the constants of the caller": WRONG + (
        "import sys\ndef f(x):\n    frame = sys._getframe(1)\n    while frame:\n"
        "        for one in frame.f_code.co_consts:\n"
        "            if isinstance(one, int) and one == 2 * x: return one\n"
        "        frame = frame.f_back\n    return 0"),
    "a hook that reads the test": WRONG + (
        "import sys, re\nfound = []\ndef hook(event, args):\n    if event == 'compile':\n"
        "        found.extend(re.findall(r'== (\\d+)', str(args[0])))\nsys.addaudithook(hook)\n"
        "def f(x):\n    return int(found[-1]) if found else 0"),
    "the history": WRONG + (
        "import re\ndef f(x):\n    return int((re.findall(r'== (\\d+)', In[-1]) or [0])[0])"),
    "a result that is displayed": WRONG + SHELL + (
        "def f(x):\n    shell.displayhook(3.0)\n    return 0"),
    "a formatter": WRONG + SHELL + (
        "shell.display_formatter.formatters['text/plain'].for_type("
        "float, lambda v, p, c: p.text('3.0'))"),
    "a trace": WRONG + (
        "import sys\ndef near(*a): return True\ndef trace(frame, event, arg):\n"
        "    frame.f_globals['near'] = near\n"
        "    return trace\nsys.settrace(trace)\nsys.setprofile(trace)\n"
        "sys._getframe().f_trace = trace"),
    "a thread that binds names": WRONG + SHELL + (
        "import threading\ndef again():\n    while True:\n"
        "        shell.user_ns['near'] = lambda *a: True\n"
        "        shell.user_ns['TestCase'] = None\n"
        "threading.Thread(target=again, daemon=True).start()"),
    "memory written by hand": WRONG + (
        "import ctypes\nfor number in (4, 6, 12, 14, 16, 18, 40):\n"
        "    ctypes.memmove(id(number) + 24, id(7) + 24, 4)\n"),
    "the truth turned around": WRONG + (
        "import ctypes\nctypes.memmove(id(False) + 24, id(True) + 24, 4)"),
    "built-ins": WRONG + (
        "import builtins\nbuiltins.AssertionError = type('Fine', (BaseException,), {})\n"
        "builtins.float = lambda *a: 3.0\nbuiltins.abs = lambda *a: 0"),
    "modules of tests": WRONG + (
        "import math, unittest, operator\nmath.isclose = lambda *a, **k: True\n"
        "unittest.TestCase.assertEqual = lambda *a, **k: None\n"
        "unittest.TestCase = type('T', (), {'assertEqual': lambda *a: None})"),
    "the helpers of the author": WRONG + "near = lambda *a: True\nmath = ag = None",
    "a module beside the notebook": WRONG + (
        "for name in ('autograders', 'math', 'unittest', 'numpy'):\n"
        "    open(name + '.py', 'w').write('def __getattr__(n): return lambda *a, **k: True')"),
    "checkers that were rewritten": WRONG + (
        "ag.Question.add = lambda self, check, **more: self._checks.append(\n"
        "    (ag.Check(label='x', kind='x', examine=lambda names: ag.passed()), 1.0, False))"),
    "a result of the checkers' type": WRONG + (
        "q = ag.Question('f', points=3)\ndef f(x):\n    return q.result()\ntotal = q.result()"),
    "an answer in advance": WRONG + PRIVATE + "for n in range(20):\n    say({'cell': n, **FINE})",
    "an answer from a call": WRONG + PRIVATE + (
        "def f(x):\n    for n in range(20): say({'cell': n, **FINE})\n    return 7"),
    "an answer and an end": WRONG + PRIVATE + (
        "def f(x):\n    for n in range(20): say({'cell': n, **FINE})\n    os._exit(0)"),
    "answers on the line in advance": WRONG + PRIVATE + (
        "for n in range(20): say({'answer': {'value': True}})"),
    "questions on the line": WRONG + PRIVATE + (
        "for n in range(20): say({'ask': {'of': n, 'what': 'call', 'with': [[], []]}})"),
    "the place of the names taken": WRONG + DESK + (
        "import kit.sandbox.desk as module\n"
        "module.pack_names = lambda names, asked, **more: ({one: {'tree': True, 'first': 0, "
        "'count': 0} for one in asked}, [])"),
    "every name held": WRONG + DESK + (
        "import kit.sandbox.desk as module\n"
        "about = {'name': 'x', 'parameters': [], 'doc': None, 'waits': False}\n"
        "module.pack_names = lambda names, asked, **more: ({one: {'tree': {'held': [0, 'function', "
        "about]}, 'first': 0, 'count': 0} for one in asked}, [])"),
    "names that nobody asked for": WRONG + DESK + (
        "import kit.sandbox.desk as module\n"
        "module.pack_names = lambda names, asked, **more: ({one: {'tree': {'builtin': 'bool'}, "
        "'first': 0, 'count': 0} for one in [*asked, 'near', 'isclose', 'TestCase', 'float', "
        "'AssertionError', '__builtins__', 'q', 'ag', 'get_ipython']}, [])"),
    "a built-in in the place of a value": "total = bool\nf = type",
    "the other side asked to call": WRONG + DESK + (
        "def f(x):\n    for n in range(9):\n        try:\n"
        "            desk._peer.ask(n, 'call', (), {})\n        except BaseException:\n"
        "            pass\n    return 7"),
    "names told to the other side": WRONG + DESK + (
        "import time\nfrom kit.sandbox.travel import peer\ndef near(*a): return 3.0\n"
        "def f(x):\n    if not desk._peer.open: return 7\n"
        "    line, packer = desk._line, desk._peer.packer()\n"
        "    news = [[name, packer.value(near)] for name in ('near', 'float', 'g', 'q', 'abs')]\n"
        "    peer.frames.send(line, {'ask': {'of': 0, 'what': 'call', 'with': [[], []],\n"
        "                                    'news': news}})\n"
        "    try:\n        peer.frames.receive(line, deadline=time.monotonic() + 0.1)\n"
        "    except peer.frames.LateError:\n        pass\n    return 7"),
    "an exception of the machinery": WRONG + (
        "from kit.sandbox.travel.stand_ins import StaysThereError\n"
        "def f(x):\n    raise StaysThereError('it stays')"),
    "an exception that skips a test": WRONG + (
        "import unittest\ndef f(x):\n    raise unittest.SkipTest('not today')"),
    "an end that is well": WRONG + "def f(x):\n    raise SystemExit(0)",
    "a call that never ends": WRONG + "def f(x):\n    while True: pass",
    "a test that cannot be judged apart": LIAR + (
        "import builtins\ndef near(*a): return True\nimport math\nmath.isclose = near\n"
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None"),
    "arguments changed": WRONG + DESK + (
        "serve = desk._peer.serve\ndef lie(asked, buffers):\n"
        "    answer, more = serve(asked, buffers)\n"
        "    return {**answer, 'changed': [7 for one in asked['with'][0]]}, more\n"
        "type(desk._peer).serve = lambda self, a, b: lie(a, b)"),
    "a number that is none": "total = float('nan')\ndef f(x):\n    return float('nan')",
    "a number that is without end": "total = float('inf')\ndef f(x):\n    return float('inf')",
    "nothing": "",
}

LONG = ("a call that never ends", "a result of the checkers' type")
"""Forgeries that take ten seconds and more."""


def unseen(score: Score) -> dict[str, tuple[float, str]]:
    """The tests that earned something of which nobody is told, or that is called verified."""
    told = {one.grade_id for one in score.review}
    return {one.grade_id: (one.points, one.how) for one in score.results
            if one.points and (one.grade_id not in told or one.how == "verified")}
