"""Calls that a test is known to make are answered with the first of them, where that tells nobody
anything new and changes nothing: what comes of a test is the same as if each were asked for."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.sandbox import frames
from kit.sandbox.travel import Foresight, Peer
from kit.sandbox.travel.foresight import harmless
from kit.sandbox.travel.stand_ins import StaysThereError


def made(source: str, **names: Any) -> dict[str, Any]:
    """The variables of a learner whose cell this is."""
    exec(source, names)
    return names


Test = str | Callable[[dict[str, Any]], None]


@dataclass
class Judge:
    """A process of tests. Each learner in turn answers; `heard` is what they were sent."""

    foresight: Foresight = field(default_factory=Foresight)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def tests(self, test: Test, names: dict[str, Any], *ahead: str) -> int:
        """Run a test against a learner with these variables; how many times it asked. It has
        stand-ins for the learner's functions."""
        before = len(self.heard)
        ours, theirs = socket.socketpair()
        learner, judge = Peer(theirs, names), Peer(ours, {})
        learner.open = judge.open = learner.learns = True
        judge.foresight = self.foresight
        for name in [one for one, value in names.items() if callable(value)]:
            judge._names[name] = judge.unpack(learner.packer().value(names[name]), ())
        judge.foresee(str(test), list(judge._names), ahead)
        with ThreadPoolExecutor(1) as aside, theirs:  # as a process the learner has the main thread
            done = aside.submit(self._run, test, judge._names, ours)
            self._serve(theirs, learner)
            self.foresight.end()
            done.result()
        return len(self.heard) - before

    def _run(self, test: Test, names: dict[str, Any], line: socket.socket) -> None:
        with line:
            if isinstance(test, str):
                exec(test, names)
            else:
                test(names)

    def _serve(self, line: socket.socket, peer: Peer) -> None:
        while True:
            try:
                frame = frames.receive(line)
            except frames.ClosedError:
                return
            self.heard.append(frame["ask"])
            buffers = frames.receive_buffers(line, frame, max_bytes=1 << 20)
            answer, more = peer.serve(frame["ask"], buffers)
            frames.send(line, {"answer": answer}, more)


@dataclass
class Calls:
    """A test that is known again, whatever it calls: what that gives, and does to the argument,
    is what the function itself gives and does."""

    calls: list[Any]
    source: str

    def __str__(self) -> str:
        return "calls"

    def __call__(self, names: dict[str, Any]) -> None:
        real = made(self.source)["f"]
        for one in self.calls:
            here, there = _copy(one), _copy(one)
            assert _outcome(names["f"], there) == _outcome(real, here)
            assert repr(here) == repr(there)


FACT = "def f(n):\n    return 1 if n < 2 else n * f(n - 1)"
LOOP = ("def f(n):\n    total = 1\n    for one in range(2, n + 1):\n        total *= one\n"
        "    return total")
TEXT = "def f(n):\n    return str(n)"
TEST = "assert [f(n) for n in range(6)] == [1, 1, 2, 6, 24, 120]"


def test_calls_that_are_known_are_asked_for_at_once() -> None:
    judge = Judge()
    assert judge.tests(TEST, made(FACT), "f") == 6
    assert judge.tests(TEST, made(LOOP), "f") == 1
    assert judge.tests(TEST, made(FACT), "f") == 1


def test_what_is_not_said_to_be_of_the_test_alone_is_never_sent_before_its_turn() -> None:
    judge = Judge()
    test = "assert f(g()) and f(1) is not None"
    same = "def f(n):\n    return n\ndef g():\n    return "
    judge.tests(test, made(same + "98765"), "g")
    judge.tests(test, made(same + "4"), "g")
    assert not any("then" in asked for asked in judge.heard)
    assert "98765" not in str(judge.heard[3:])


def test_nor_what_a_function_is_given_under_another_name() -> None:
    judge = Judge()
    test = "assert g(1) and f(f(1))"
    for number in (98765, 4):
        judge.tests(test, made(f"def f(n):\n    return {number}\ng = f"), "g")
    assert not any("then" in asked for asked in judge.heard)


def test_a_wrong_answer_is_found_where_it_is() -> None:
    judge = Judge()
    judge.tests(TEST, made(FACT), "f")
    with pytest.raises(AssertionError):
        judge.tests(TEST, made("def f(n):\n    return n"), "f")
    test = "assert f(0) == 1\nassert f(5) == 120"
    for source in (FACT, FACT):
        judge.tests(test, made(source), "f")
    with pytest.raises(AssertionError):
        judge.tests(test, made("def f(n):\n    return 1"), "f")


def test_errors_come_at_their_place() -> None:
    judge = Judge()
    test = ("for n in (1, 2, 0, 4):\n    try:\n        f(n)\n    except ZeroDivisionError:\n"
            "        assert n == 0")
    assert judge.tests(test, made("def f(n):\n    return n"), "f") == 4
    assert judge.tests(test, made("def f(n):\n    return 1 // n"), "f") == 3  # once more from 0
    assert judge.tests(test, made("def f(n):\n    return n"), "f") == 1


def test_a_function_that_remembers_is_called_in_its_turn_alone() -> None:
    judge = Judge()
    judge.tests(TEST, made(FACT), "f")
    names = made("calls = []\ndef f(n):\n    calls.append(n)\n    return n")
    with pytest.raises(AssertionError):
        judge.tests("assert f(0) == 1\n" + TEST, names, "f")
    assert names["calls"] == [0]


def test_other_calls_than_those_known() -> None:
    judge = Judge()
    test = "for n in range(f(0)):\n    assert f(n) == f(n)"
    judge.tests(test, made("def f(n):\n    return 2"), "f")
    assert judge.tests(test, made("def f(n):\n    return 3 - n if n else 1"), "f") == 1
    assert judge.tests(test, made("def f(n):\n    return 4"), "f") > 2


def test_numbers_of_other_types_are_other_arguments() -> None:
    judge = Judge()
    for now in ([1, 1.0, True, -0.0, "1"], [1, 1, 1, 0.0, 1]):
        judge.tests(Calls(now, TEXT), made(TEXT), "f")


def test_a_variable_that_the_test_changed_is_seen() -> None:
    judge = Judge()
    first = "assert f(1) == 1 and f(2) == 2"
    judge.tests(first, made("k = 1\ndef f(n):\n    return k * n"), "f")
    watched = ("f.__closure__[0].cell_contents.peer.watch(['k'])\n"
               "assert f(1) == 1\nk = 5\nassert f(2) == 10")
    judge.foresight._known[watched] = judge.foresight._known[first]
    assert judge.tests(watched, made("k = 1\ndef f(n):\n    return k * n"), "f") == 2
    assert "then" in judge.heard[-2]


def test_an_answer_of_no_form_is_none() -> None:
    foresight = Foresight()
    for told in (None, 3, {"a": 1}, [], [[["x"]]]):
        foresight.begin("t", {"f": 0})
        foresight.asked(0, "call", [[1], []], "[[1], []]")
        foresight.asked(0, "call", [[2], []], "[[2], []]")
        foresight.end()
        foresight.begin("t", {"f": 0})
        assert foresight.asked(0, "call", [[1], []], "[[1], []]")
        foresight.heard(told)
        found = foresight.answer(0, "call", "[[2], []]", changed=False)
        assert found == ({"value": told[0]} if isinstance(told, list) and told else None)


@given(st.lists(st.lists(st.one_of(
    st.integers(), st.floats(), st.text(max_size=3), st.booleans(),
    st.lists(st.integers(), max_size=2)), max_size=5), min_size=2, max_size=4))
def test_with_foresight_all_is_as_without(rounds: list[list[Any]]) -> None:
    judge = Judge()
    source = ("def f(x):\n    if x == 7:\n        raise ValueError(x)\n"
              "    if isinstance(x, list):\n        x.append(1)\n    return [x, repr_of(x)]\n"
              "def repr_of(x):\n    return str(x)")

    for calls in rounds:
        judge.tests(Calls(calls, source), made(source), "f")


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value


def _outcome(function: Callable[[Any], Any], value: Any) -> str:
    try:
        return repr(function(value))
    except ValueError as error:
        return f"raised {error}"


def test_where_nothing_can_be_called_the_first_says_so() -> None:
    with pytest.raises(StaysThereError):
        Judge().tests("f.__closure__[0].cell_contents.peer.open = False\nf(1)", made(FACT), "f")


def test_a_call_that_does_not_end_is_waited_for_in_its_turn_alone() -> None:
    judge = Judge()
    test = "assert f(1) == 1\nassert f(2) == 2\nassert f(3) == 3"
    judge.tests(test, made("def f(n):\n    return n"), "f")
    began = time.monotonic()
    with pytest.raises(AssertionError):
        judge.tests(test, made("def f(n):\n    while n == 3:\n        pass\n    return 1"), "f")
    assert time.monotonic() - began < 5
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def test_a_timer_of_the_learners_is_left_alone() -> None:
    judge = Judge()
    judge.tests(TEST, made(FACT), "f")
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        assert judge.tests(TEST, made(FACT), "f") == 6
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 500
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# ------------------------------------------------------------------- what changes nothing

HARMLESS: Mapping[str, str] = {
    "arguments": "def f(a, b=2, *c, d='x', **e):\n    a.append(b)\n    return sorted(a)[0]",
    "itself": FACT,
    "math": "import math\ndef f(r):\n    return math.pi * r ** 2",
    "a generator inside": "def f(n):\n    return all(n % d for d in range(2, n))",
    "a function inside": "def f(n):\n    def g(m):\n        return m + n\n    return g(1)",
    "another": "def g(n):\n    return n\ndef f(n):\n    return g(n)",
    "a number": "RATE = 0.5\ndef f(n):\n    return n * RATE",
    "raises": "def f(n):\n    if n < 0:\n        raise ValueError('no')\n    return n",
}
HARMFUL: Mapping[str, str] = {
    "a list of its own": "seen = []\ndef f(n):\n    seen.append(n)",
    "a list as a default": "def f(n, seen=[]):\n    seen.append(n)",
    "a global": "k = 1\ndef f(n):\n    global k\n    k += n",
    "an attribute": "def f(n):\n    f.n = n",
    "prints": "def f(n):\n    print(n)",
    "an import": "def f(n):\n    import os\n    return os",
    "chance": "import random\ndef f(n):\n    return random.random()",
    "a class": "class A:\n    pass\ndef f(n):\n    return A()",
    "another that does": "seen = []\ndef g(n):\n    seen.append(n)\ndef f(n):\n    return g(n)",
    "a name of nobody": "def f(n):\n    return g(n)",
    "shadowed": "len = print\ndef f(n):\n    return len(n)",
    "opens": "def f(n):\n    return open(n)",
    "catches": "def f(n):\n    try:\n        return n\n    except:\n        return 0",
    "a closure": "def make():\n    k = []\n    def g(n):\n        k.append(n)\n    return g\n"
                 "f = make()",
    "no function": "f = len",
    "cached": "import functools\n@functools.lru_cache\ndef f(n):\n    return n",
    "deep": "\n".join(f"def f{n}(x):\n    return f{n + 1}(x)" for n in range(9))
            + "\ndef f9(x):\n    return x\nf = f0",
}


@pytest.mark.parametrize("what", HARMLESS)
def test_these_change_nothing(what: str) -> None:
    assert harmless(made(HARMLESS[what])["f"])


@pytest.mark.parametrize("what", HARMFUL)
def test_these_may(what: str) -> None:
    assert not harmless(made(HARMFUL[what])["f"])
