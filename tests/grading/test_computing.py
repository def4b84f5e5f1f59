"""Which cells only compute, so that a process which ran them may run another learner's."""

from __future__ import annotations

import builtins
import importlib
import types
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.grading.computing import LONGEST, METHODS, MODULES, only_computes

HONEST = {
    "a function": "def area(r):\n    '''Its size.'''\n    return math.pi * r ** 2\n",
    "a module": "import math as m\nfrom math import floor as down, pi\nimport string",
    "a loop": "total = 0\nfor n in range(10):\n    if n % 2:\n        continue\n    total += n",
    "texts": "words = sorted({'pear', 'fig'}, key=len)\n"
             "print(f'{words[0]!r:>8}', ', '.join(words))",
    "comprehensions": "table = {n: [m for m in range(n) if m] for n in range(3)}\n"
                      "any(n for n in table)",
    "errors": "def f(x):\n    if x < 0:\n        raise ValueError('no')\n    try:\n"
              "        return 1 / x\n    except ZeroDivisionError as error:\n"
              "        print(error)\n    except (TypeError, KeyError):\n        x = 0",
    "one line": "total = sum(range(101))",
    "closures": "def counter():\n    n = 0\n    def one():\n        nonlocal n\n        n += 1\n"
                "        return n\n    return one",
    "a throwaway": "for _ in range(3):\n    pass",
    "lambdas": "twice = lambda n, *rest, k=2, **more: n * k\nprint(twice(1))",
    "pieces": "a, *b = 'xyz'\nb[0:2] = [1]\ndel b[0]\nassert a == 'x', b\nx = len(b)",
    "what is missing": "### BEGIN\nraise NotImplementedError()",
    "texts of values": "a, b = str(), str(1)\nwords = list(map(str, [1]))\nwords.sort()\n"
                       "max(words, key=str)\nisinstance(a, (int, str)) or isinstance(b, str)\n"
                       "list(map(str.upper, words))",
    "names that others have": "len = 0\nround = [1]",
    "what calls back, into something new": (
        "total = sum(n for n in range(3))\nwords = sorted(words, key=lambda word: word[1:])\n"
        "for n in map(f, words):\n    print(', '.join(str(n) for n in words))\n"
        "a = [n for n in filter(lambda n: n, words)]\nb = list(map(f, a))\n"
        "words.sort(reverse=True)\nit = iter(words)\nmax((n for n in a), default=0)\n"
        "b[1:3] = [4]\nb[::2]"),
    "other letters": "größe = 'ß' * 2  # über",
}

HOSTILE = {
    "an import": "import os",
    "an import of a part": "from math import sin, os",
    "an import of all": "from math import *",
    "a relative import": "from . import math",
    "an import under a hidden name": "import math as __builtins__",
    "a file": "open('x', 'w')",
    "text that is run": "exec('import os')",
    "a class": "class A:\n    def __del__(self):\n        print('later')",
    "a generator, which has a last word": (
        "def f():\n    try:\n        yield 1\n    finally:\n        print(seen)"),
    "a coroutine": "async def f():\n    await g()",
    "what waits at the top": "await f()",
    "a context": "with x as y:\n    pass",
    "a pattern, which reads attributes": "match x:\n    case int(__class__=c):\n        pass",
    "a hidden attribute": "().__class__",
    "the frame of an error": "try:\n    1 / 0\nexcept Exception as e:\n    e.__traceback__",
    "an attribute that is set": "import math\nmath.pi = 3",
    "an attribute that is added to": "f.seen += 1",
    "an attribute that is deleted": "del math.pi",
    "an attribute as target of a loop": "for f.x in [1]:\n    pass",
    "a name by its text": "getattr(x, 'y')",
    "a text that looks up": "'{0.__globals__}'.format(f)",
    "a text that looks up, handed on": "list(map(str.format, ['{0.__class__}'], [f]))",
    "what stands behind names": "globals()",
    "the built-in functions": "__builtins__['print'] = None",
    "a built-in of the module": "global __name__",
    "a hidden argument": "def f(__x):\n    pass",
    "a hidden name of an error": "try:\n    pass\nexcept Exception as __e:\n    pass",
    "a hidden name handed in": "lambda __debug__: 1",
    "the shell": "get_ipython().user_ns",
    "what was before": "In[0]",
    "what came before": "Out",
    "the last but one result": "__",
    "the input before": "_i",
    "a magic": "%time 1",
    "a shell": "!ls",
    "a magic within": "x = (4\n%b)",
    "help": "?x",
    "a call without brackets": ",f 1",
    "a prompt": "In [1]: x = 1",
    "lines that end elsewhere": "x = '\x0c'",
    "the making of types": "type('A', (), {})",
    "the end": "raise SystemExit",
    "errors of every kind": "try:\n    1\nexcept BaseException:\n    pass",
    "a module of a module": "random._os",
    "a decorator that is hidden": "@__import__\ndef f():\n    pass",
    "text that is no Python": "x = = 1",
    "more than anybody reads": "x = 1\n" * LONGEST,
    "an input": "input()",
    "a look at bytes": "memoryview(b'a')",
    "a method in Python, which is given a type": (
        "from collections import Counter\nkind = Counter.copy(int)"),
    "one line that may be a magic": "pprint",
    "one line that may be a magic with an argument": "sx (ls)\n",
    "one line among empty ones that may be a magic": "pdb\n\n",
    "a prompt within a text that is code": "x = f'''{\n...: f(1)}'''",
    "an older prompt": "x = 1\n>>> y",
    "a dictionary of the notebook": "x: int = 1",
    "a codec": "str(b'a', 'punycode')",
    "a codec by its name": "str(b'a', encoding='gbk')",
    "a codec among arguments": "str(*(b'a', 'gbk'))",
    "a codec for each": "list(map(str, [b'a'], ['gbk']))",
    "a codec for arguments among arguments": "list(map(str, *[[b'a'], ['gbk']]))",
    "a codec under another name": "text = str\ntext(b'a', 'gbk')",
    "a codec for a map of its own": "def map(f, x):\n    return f(x, 'gbk')\nmap(str, b'a')",
    "a codec for a key of its own": "def f(sorted):\n    return sorted(b'a', key=str)",
    "bytes in a codec": "bytes('a', 'gbk')",
    "who catches everything": "try:\n    f()\nexcept:\n    pass",
    "who catches an end of memory": "try:\n    f()\nexcept Exception:\n    pass",
    "who catches an end of depth": "try:\n    f()\nexcept (ValueError, RuntimeError):\n    pass",
    "who catches under another name": "E = Exception\ntry:\n    f()\nexcept E:\n    pass",
    "a name that means another error": "from math import pi as ValueError",
    "who ends an error by a return": (
        "def f():\n    try:\n        g()\n    finally:\n        return 1"),
    "a slice that is written while the list shrinks": (
        "def swap(_):\n    line.clear()\n    return 100\nline[2:4:2] = map(swap, [0])"),
    "the same by a generator": "line[2:4:2] = (swap(n) for n in [0])",
    "every second part that is written": "line[::2] = [1, 2]",
    "every second part that is deleted": "x = 1\ndel line[::2]",
    "every second part as a target": "for line[::2] in x:\n    pass",
    "a slice as a value": "x = slice(2, 4, 2)\nline[x] = [1]",
    "a list that grows by what changes it": "line.extend(map(f, line))",
    "a list that grows by a generator": "line += (f(n) for n in line)",
    "a set that grows by what changes it": "x = {1}\nx.update(f(n) for n in x)",
    "a generator that is kept": "later = (f(n) for n in line)",
    "a map that is kept": "later = map(f, line)",
    "a map under another name": "m = map\nline.extend(m(f, line))",
    "a map that is counted": "x = 1\nfor n, m in enumerate(map(f, line)):\n    pass",
    "a map among arguments": "print(*map(f, line))",
    "a map that is unpacked": "a, *b = map(f, line)",
    "a call until something comes": "for n in iter(f, 0):\n    pass",
    "a list sorted in its place by a key": "line.sort(key=f)",
    "a list sorted in its place by a key, named otherwise": "s = line.sort\ns(key=f)",
    "who takes, under another meaning": "all = line.extend\nall(f(n) for n in line)",
    "who takes, as an argument": "def f(all):\n    all(n for n in line)",
    "a type that comes out of what takes": (
        "x = max(str, str, key=lambda n: 1)\nx(b'a', 'gbk')"),
    "a refused name in what takes": "x = list(__builtins__)",
    "a refused name in a loop": "for n in __builtins__:\n    pass",
    "iterators that nobody takes apart": "from itertools import repeat",
}


@pytest.mark.parametrize("name", HONEST)
def test_these_compute(name: str) -> None:
    assert only_computes(HONEST[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_these_may_do_more(name: str) -> None:
    assert not only_computes(HOSTILE[name])


@given(st.sampled_from(sorted(HONEST)),
       st.sampled_from(sorted(name for name in HOSTILE if not name.startswith("one line"))),
       st.booleans())
def test_one_part_that_may_do_more_is_enough(good: str, bad: str, first: bool) -> None:
    parts = [HOSTILE[bad], HONEST[good]] if first else [HONEST[good], HOSTILE[bad]]
    assert not only_computes("\n".join(parts))


@given(st.sampled_from(["(", "[", "{1:", "-", "not ", "a.", "a[", "lambda: ", "x if y else ",
                        "f'{", "1 + ", "(1, "]), st.integers(1, 4000))
def test_deep_text_is_an_answer_too(part: str, times: int) -> None:
    assert only_computes(part * times + "x") in (True, False)


def test_what_modules_offer_is_there() -> None:
    for name, parts in MODULES.items():
        module = importlib.import_module(name)
        assert [part for part in parts if not hasattr(module, part)] == []


def test_no_attribute_leads_out() -> None:
    """From any value that such a cell can come by, through attributes that it may use."""
    names = METHODS.union(*MODULES.values())
    seen: set[Any] = set()
    waiting = list(_values())
    while waiting:
        value = waiting.pop()
        what = value if isinstance(value, _ONE_OF_A_KIND) else type(value)
        if what in seen:
            continue
        seen.add(what)
        for name in sorted(names):
            try:
                found = getattr(value, name)
            except AttributeError:
                continue
            assert not isinstance(found, _LEADS_OUT), (value, name)
            assert not isinstance(found, types.ModuleType) or found.__name__ in MODULES, name
            waiting.append(found)
            assert not isinstance(found, (types.FunctionType, types.MethodType)), (value, name)
    assert len(seen) > 100


_ONE_OF_A_KIND = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType,
                  types.MethodType)
_LEADS_OUT = (types.FrameType, types.CodeType, types.TracebackType, types.GeneratorType, list,
              dict, set)


def _values() -> Iterator[Any]:
    for module, parts in MODULES.items():
        found = importlib.import_module(module)
        yield found
        yield from (getattr(found, part) for part in parts)
    yield from (getattr(builtins, name) for name in (*_offered(), "str"))
    yield from (1, True, 1.5, 1j, "a", b"a", (), range(3), frozenset(), None, ..., lambda: 1,
                slice(1), ValueError("a"), NotImplemented)
    for made in ([], {}, set()):
        yield made
        yield iter(made)
        if hasattr(made, "items"):
            yield from (made.items(), made.keys(), made.values())
    yield from (enumerate([]), zip(), map(len, []), filter(None, []), reversed([]),
                (n for n in ()))


def _offered() -> list[str]:
    """The built-in names that a cell may use."""
    return [name for name in dir(builtins) if only_computes(f"x = {name}")]


def test_it_can_name_nothing_that_was_there_before() -> None:
    """Of the built-in functions, those that touch nothing but what they are given."""
    kept = set(_offered())
    assert kept.isdisjoint({
        "__import__", "breakpoint", "compile", "delattr", "dir", "eval", "exec", "getattr",
        "globals", "hasattr", "input", "locals", "memoryview", "object", "open", "setattr", "super",
        "type", "vars", "BaseException", "KeyboardInterrupt", "SystemExit", "GeneratorExit"})
    assert {"len", "print", "sorted", "ValueError"} <= kept
