"""A traceback that another run has drawn stands for one's own where it is of the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kit.model import CellRun, Limits
from kit.sandbox import Code, Drawn, Given, Live, Pool, Setting

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)
MARK = "drawn elsewhere"
TEST = "# the sum\nassert total == 3, f'not {total}'"


@pytest.fixture
def live(pool: Pool, tmp_path: Path) -> Callable[[], Any]:
    @contextmanager
    def opened() -> Iterator[Live]:
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        with pool.live(Setting(cwd=folder, limits=LIMITS, keep=False)) as one:
            yield one

    return opened


@pytest.fixture
def drawn(live: Callable[[], Any]) -> Callable[..., Drawn | None]:
    """What a run that is to draw it says of the traceback of its last cell."""
    def call(*sources: str) -> Drawn | None:
        with live() as one:
            for place, source in enumerate(sources):
                one.run(Code(source=source), place, given=Given(draws=True))
            found: Drawn | None = one.drawn.get(len(sources) - 1)
            return found

    return call


def lines(run: CellRun) -> list[str]:
    (shown,) = [one["traceback"] for one in run.outputs if one["output_type"] == "error"]
    return list(shown)


@pytest.fixture
def learner(live: Callable[[], Any]) -> Callable[..., list[str]]:
    """The traceback of the last cell, where it is offered one that reads MARK."""
    def call(*sources: str, of: Drawn | None) -> list[str]:
        offered = None if of is None else Drawn(of=of.of, lines=[MARK])
        with live() as one:
            for place, source in enumerate(sources):
                last = place == len(sources) - 1
                run = one.run(Code(source=source, guard=last), place,
                              given=Given(drawn=offered if last else None))
            return lines(run)

    return call


def test_the_same_test_that_fails_alike_is_not_drawn_twice(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]]) -> None:
    of = drawn("total = 2", TEST)
    assert of is not None
    assert learner("total = 1 + 1", TEST, of=of) == [MARK]


def test_what_was_drawn_is_what_a_learner_would_see(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]]) -> None:
    of = drawn("total = 2", TEST)
    assert of is not None
    assert list(of.lines) == learner("total = 1 + 1", TEST, of=None)
    assert any("not 2" in line for line in of.lines)


@pytest.mark.parametrize("sources", [
    ["total = 4", TEST],  # other words
    ["total = 2", TEST + " "],  # another text
    ["total = 2", "1", TEST],  # another number
    ["%xmode Verbose\ntotal = 2", TEST],
    [("class Odd(int):\n    def __eq__(self, other):\n        raise AssertionError('not 2')\n"
      "total = Odd(2)"), TEST],  # in a function of the learner's
    ["class Named:\n    def __str__(self):\n        return '2'\ntotal = Named()",
     "# the sum\nassert total == 3, total"],
], ids=["message", "text", "count", "mode", "frames", "own words"])
def test_another_failure_is_drawn(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]],
        sources: list[str]) -> None:
    of = drawn("total = 2", TEST)
    assert learner(*sources, of=of) != [MARK]


@pytest.mark.parametrize("source", [
    "class Odd(Exception):\n    def __str__(self):\n        return 'odd'\nraise Odd",
    "raise ValueError([1])",
    "raise ValueError('b') from KeyError([1])",
    ("class Odd(Exception):\n    def __str__(self):\n        return 'odd'\n"
     "try:\n    raise Odd\nexcept Odd:\n    1 / 0"),
    ("import module_of_mine\ntry:\n    module_of_mine.fails()\n"
     "except ArithmeticError:\n    raise ValueError('b')"),
    "error = ValueError('b')\nerror.add_note('c')\nraise error",
    "import module_of_mine\nmodule_of_mine.fails()",
], ids=["own words", "argument", "argument of the cause", "own words before", "file beside before",
        "note", "file beside"])
def test_of_what_may_differ_nothing_is_said(
        live: Callable[[], Any], drawn: Callable[..., Drawn | None], tmp_path: Path,
        source: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "module_of_mine.py").write_text("def fails():\n    1 / 0\n")
    assert drawn(source) is None


CHAINS = {
    "context": "try:\n    1 / total\nexcept ZeroDivisionError:\n    raise ValueError('b')",
    "cause": "raise ValueError('b') from KeyError(total)",
    "cut": "try:\n    1 / total\nexcept ZeroDivisionError:\n    raise ValueError('b') from None",
    "pandas": "import pandas as pd\npd.Series([1, 2], index=list('ab'))['c']",
    "circle": ("try:\n    raise KeyError('a')\nexcept KeyError as a:\n    b = ValueError('b')\n"
               "    a.__cause__, b.__cause__ = b, a\n    raise b"),
}


@pytest.mark.parametrize("name", ["context", "cause", "cut", "pandas"])
def test_errors_behind_an_error_are_told_with_it(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]],
        name: str) -> None:
    of = drawn("total = 0", CHAINS[name])
    assert of is not None
    assert learner("total = 1 - 1", CHAINS[name], of=of) == [MARK]
    assert learner("total = 1 - 1", CHAINS[name], of=None) == list(of.lines)


def test_another_error_behind_it_is_drawn(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]]) -> None:
    of = drawn("total = 0", CHAINS["cause"])
    assert learner("total = 1", CHAINS["cause"], of=of) != [MARK]
    of = drawn("total = 0", CHAINS["context"])
    assert learner("total = ''", CHAINS["context"], of=of) != [MARK]


def test_errors_in_a_circle_are_shown_as_they_are(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]]) -> None:
    assert drawn(CHAINS["circle"]) is None
    assert any("ValueError" in line for line in learner(CHAINS["circle"], of=None))


def test_a_file_of_the_learners_in_the_place_of_a_module_without_lines_is_shown(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]],
        tmp_path: Path) -> None:
    of = drawn(CHAINS["pandas"])
    assert of is not None
    module = tmp_path / "work" / "pandas" / "_libs" / "index.pyx"
    module.parent.mkdir(parents=True)
    module.write_text("\n" * 100)
    assert learner(CHAINS["pandas"], of=of) != [MARK]


def test_an_error_in_a_library_is_of_its_lines(
        drawn: Callable[..., Drawn | None], learner: Callable[..., list[str]]) -> None:
    test = "import numpy as np\nnp.testing.assert_allclose(total, 3)"
    of = drawn("total = 2", test)
    assert of is not None
    assert learner("total = 2", test, of=of) == [MARK]
    assert learner("total = 5", test, of=of) != [MARK]


def test_one_that_draws_has_them_at_hand_the_next_time(live: Callable[[], Any]) -> None:
    with live() as one:
        one.run(Code(source="total = 2"), 0)
        runs = [one.run(Code(source=TEST), place, given=Given(count=5, draws=True))
                for place in (1, 2)]
        assert lines(runs[0]) == lines(runs[1])
        assert one.drawn[1] == one.drawn[2]
        other = one.run(Code(source="total = 7\n" + TEST), 3, given=Given(draws=True))
        assert lines(other) != lines(runs[0])


def test_a_test_that_fails_often_is_of_the_same_each_time(live: Callable[[], Any]) -> None:
    # Python changes code that runs often, and says of another place in it that it was there.
    made = "import pandas as pd\nvalues = pd.Series([1, 2])\ndef fails():\n    values['a']"
    with live() as one:
        one.run(Code(source=made), 0)
        for place in range(1, 20):
            one.run(Code(source="fails()"), place, given=Given(count=5, draws=True))
        assert len({one.drawn[place].of for place in range(1, 20)}) == 1


def test_a_learner_who_asks_for_it_by_name_gets_nothing_else(live: Callable[[], Any]) -> None:
    # It finds the socket, and says that its traceback is of something else.
    with live() as one:
        run = one.run(Code(source=(
            "import gc\nfrom kit.sandbox import frames, desk\n"
            "own = next(o for o in gc.get_objects() if isinstance(o, desk.Desk))\n"
            "frames.send(own._sock, {'of': 'guess'})\n"
            "print(frames.receive(own._sock))")), 0,
            given=Given(drawn=Drawn(of="secret", lines=["secret words"])))
        assert "secret words" not in str(run.outputs)
        assert "{'as': None}" in str(run.outputs)
