"""What a learner draws: written down for some, so that a change of it cannot go unseen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import autograders as ag
from autograders.variants import Variant

# For whom: number, random, uniform(-1, 1), randint(1, 6), randint(0, 10**90),
# step(1000, 5000, by=250), step(0.02, 0.08, by=0.005), choice, sample, shuffle; in this order.
GOLDEN: dict[str, list[Any]] = {
    "": [
        1643614171, 0.16010613996765977, -0.5479024634429688, 1,
        517546267474133539184970624430704107636201114704210700854446557518244753198431658186138941,
        2250, 0.06, "c", [64, 63, 67, 21, 92], "dcbaef"],
    "learner-0042": [
        2036759373, 0.06621677209584709, 0.055667573693829686, 3,
        945847773742555494234810241944659171945886214825931045020961973200380137853525181523885053,
        1000, 0.04, "a", [58, 72, 97, 17, 73], "abedfc"],
    "learner-0043": [
        2718070501, 0.7969219511351752, -0.8451300084474789, 2,
        530360748552172112078844002864212582837203683506026901593408281042117123745867113560930612,
        2750, 0.05, "c", [55, 8, 13, 31, 0], "cdbefa"],
    "Łukasz Ćwik": [
        514171073, 0.9031189612531679, 0.05446880480513938, 1,
        568142542554165387150966127174004236504109802541578511239271030859386253898418439845340970,
        4000, 0.07, "c", [52, 11, 8, 98, 73], "faecdb"],
    "1234567": [
        304519260, 0.17108247372387875, 0.6532766934327743, 1,
        312974966429800563590506486401089262433037753956921947130575155114158738608708184166068297,
        3500, 0.045, "b", [8, 4, 37, 36, 92], "faebcd"],
}
ABOUT_ME = ("KIT_LEARNER", "NBGRADER_EXECUTION", "JUPYTERHUB_USER")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ABOUT_ME:
        monkeypatch.delenv(name, raising=False)


def drawn(rng: Variant) -> list[Any]:
    letters = list("abcdef")
    values = [rng.number, rng.random(), rng.uniform(-1, 1), rng.randint(1, 6),
              rng.randint(0, 10**90), rng.step(1000, 5000, by=250),
              rng.step(0.02, 0.08, by=0.005), rng.choice(("a", "b", "c")),
              rng.sample(range(100), 5)]
    rng.shuffle(letters)
    return [*values, "".join(letters)]


# ------------------------------------------------------------------------------- the draws


@pytest.mark.parametrize("learner", GOLDEN)
def test_the_draws_are_those_that_are_written_down(learner: str) -> None:
    found = drawn(ag.variant(learner, "ps1"))
    assert found == GOLDEN[learner]
    assert list(map(type, found)) == list(map(type, GOLDEN[learner]))


@pytest.mark.skipif(sys.platform == "emscripten", reason="a browser starts no other process")
def test_another_process_with_another_hash_seed_draws_the_same() -> None:
    code = ("import autograders as ag; rng = ag.variant('learner-0042', 'ps1')\n"
            "print(rng.number, rng.random(), rng.uniform(-1, 1), rng.randint(1, 6))")
    said = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(
            Path(ag.__file__).parents[1])}, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(one) for one in GOLDEN["learner-0042"][:4]]


def test_python_s_own_generator_is_neither_used_nor_moved() -> None:
    import random

    random.seed(1)
    before = random.getstate()
    assert drawn(ag.variant("learner-0042", "ps1")) == GOLDEN["learner-0042"]
    assert random.getstate() == before


@pytest.mark.parametrize("typed", [
    " learner-0042\n", "Learner-0042", "LEARNER-0042", "\uff4cearner-\uff10\uff10\uff14\uff12",
])
def test_ways_to_type_an_id(typed: str) -> None:
    assert drawn(ag.variant(typed, "ps1")) == GOLDEN["learner-0042"]


def test_a_number_is_an_id_and_so_is_a_name_in_parts() -> None:
    assert drawn(ag.variant(1234567, "ps1")) == GOLDEN["1234567"]
    assert drawn(ag.variant("L\u0301ukasz", "ps1")) == drawn(ag.variant("\u0139ukasz", "ps1"))


@pytest.mark.parametrize(("one", "other"), [
    (("a", "b"), ("b", "a")),
    (("ab", "c"), ("a", "bc")),
    (('a", "b', "c"), ("a", 'b", "c')),
    (("", "ps1"), ("None", "ps1")),
    (("", "ps1"), ("null", "ps1")),
    (("learner-0042", "ps1"), ("learner-0042", "PS1")),
])
def test_other_pairs_draw_otherwise(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert ag.variant(*one).random() != ag.variant(*other).random()


def test_numbers_for_other_generators() -> None:
    rng = ag.variant("learner-0042", "ps1")
    before = rng.number
    rng.random()
    assert rng.number == before
    assert all(0 <= ag.variant(str(i), "ps1").number < 2**32 for i in range(200))


def test_each_value_is_drawn_about_as_often() -> None:
    rng = ag.variant("learner-0042", "ps1")
    for count, draw in ((6, lambda: rng.randint(1, 6)), (5, lambda: rng.choice("abcde")),
                        (13, lambda: rng.step(0.02, 0.08, by=0.005)),
                        (6, lambda: tuple(rng.sample("abc", 3)))):
        found: dict[Any, int] = {}
        for _ in range(400 * count):
            value = draw()
            found[value] = found.get(value, 0) + 1
        assert len(found) == count
        # Beyond 0.1 % for 12 degrees of freedom, and so for fewer.
        assert sum((times - 400) ** 2 / 400 for times in found.values()) < 32.9
    assert 0.48 < sum(rng.random() for _ in range(4000)) / 4000 < 0.52


def test_steps_are_numbers_as_one_types_them() -> None:
    rng = ag.variant("learner-0042", "ps1")
    seen = {rng.step(0.1, 0.7, by=0.1) for _ in range(300)}
    assert seen == {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}
    assert {rng.step(1, 10, by=4) for _ in range(100)} == {1, 5, 9}
    assert {type(rng.step(0, 1, by=0.5)) for _ in range(9)} == {float}
    assert rng.step(3, 3, by=1) == 3
    assert {rng.step(-1e-3, 1e-3, by=1e-3) for _ in range(50)} == {-1e-3, 0.0, 1e-3}


def test_numbers_of_numpy_make_steps_as_well() -> None:
    np = pytest.importorskip("numpy")
    rng, same = ag.variant("a", "ps1"), ag.variant("a", "ps1")
    assert rng.step(np.int64(1), np.int64(9), by=np.int64(2)) == same.step(1, 9, by=2)
    assert rng.step(np.float64(0.1), np.float64(0.7), by=np.float64(0.1)) == same.step(
        0.1, 0.7, by=0.1)


@pytest.mark.parametrize(("call", "error"), [
    (lambda rng: rng.randint(2, 1), ValueError), (lambda rng: rng.randint(0.5, 2), TypeError),
    (lambda rng: rng.step(1, 2, by=0), ValueError), (lambda rng: rng.step(2, 1, by=1), ValueError),
    (lambda rng: rng.step(0, float("inf"), by=1), ValueError),
    (lambda rng: rng.step(0, float("nan"), by=1), ValueError),
    (lambda rng: rng.choice([]), ValueError), (lambda rng: rng.choice({"a", "b"}), TypeError),
    (lambda rng: rng.choice({"a": 1}), TypeError), (lambda rng: rng.sample([1, 2], 3), ValueError),
    (lambda rng: rng.sample([1, 2], -1), ValueError),
    (lambda rng: rng.sample(frozenset("ab"), 1), TypeError),
])
def test_what_cannot_be_drawn(call: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        call(ag.variant("learner-0042", "ps1"))


def test_sets_are_refused_since_their_order_is_not_the_same_everywhere() -> None:
    with pytest.raises(TypeError, match=r"give a list, such as sorted\(\.\.\.\)"):
        ag.variant("learner-0042", "ps1").choice({"a", "b"})


def test_options_stay_as_they_are() -> None:
    options = [1, 2, 3, 4]
    ag.variant("learner-0042", "ps1").sample(options, 4)
    assert options == [1, 2, 3, 4]


# -------------------------------------------------------------------------- who is at work


def graded_in(monkeypatch: pytest.MonkeyPatch, folder: Path, execution: str = "autograde") -> None:
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)


def test_the_grader_s_word_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    graded_in(monkeypatch, tmp_path / "autograded" / "learner-0001" / "ps1")
    monkeypatch.setenv("JUPYTERHUB_USER", "learner-0002")
    monkeypatch.setenv("KIT_LEARNER", "learner-0042")
    assert drawn(ag.variant("learner-0003", "ps1")) == GOLDEN["learner-0042"]


def test_then_the_folder_of_nbgrader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    graded_in(monkeypatch, tmp_path / "autograded" / "learner-0042" / "ps1")
    monkeypatch.setenv("JUPYTERHUB_USER", "grader-1")
    assert drawn(ag.variant("learner-0003", "ps1")) == GOLDEN["learner-0042"]


def test_the_folder_in_the_other_order(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    graded_in(monkeypatch, tmp_path / "graded" / "ps1" / "learner-0042")
    assert drawn(ag.variant("learner-0003", "ps1")) == GOLDEN["learner-0042"]


@pytest.mark.parametrize("execution", ["validate", ""])
def test_a_folder_says_nothing_where_nothing_is_graded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, execution: str
) -> None:
    graded_in(monkeypatch, tmp_path / "documents" / "ps1", execution)
    assert drawn(ag.variant("learner-0042", "ps1")) == GOLDEN["learner-0042"]
    assert ag.variant("", "ps1").is_sample


def test_nor_does_the_folder_of_another_assignment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    graded_in(monkeypatch, tmp_path / "autograded" / "learner-0001" / "ps2")
    assert drawn(ag.variant("learner-0042", "ps1")) == GOLDEN["learner-0042"]


def test_what_is_typed_wins_over_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "learner-0043")
    assert drawn(ag.variant("learner-0042", "ps1")) == GOLDEN["learner-0042"]
    assert drawn(ag.variant("", "ps1")) == GOLDEN["learner-0043"]


@pytest.mark.parametrize("nothing", [None, "", "  ", "\n"])
def test_without_a_name_it_is_the_sample(
    monkeypatch: pytest.MonkeyPatch, nothing: str | None
) -> None:
    monkeypatch.setenv("KIT_LEARNER", " ")
    rng = ag.variant(nothing, "ps1")
    assert rng.is_sample
    assert drawn(rng) == GOLDEN[""]


def test_it_says_for_whom_it_is() -> None:
    assert repr(ag.variant(" learner-0042 ", "ps1")) == "variant of learner-0042 for ps1"
    said = repr(ag.variant("", "ps1"))
    assert said.startswith("sample variant for ps1: to get your own, put your learner id")
    assert repr(ag.variant("a\x1b[2J\nb", "ps1")) == "variant of a?[2J?b for ps1"


@pytest.mark.parametrize("typed", [4.2, True, ["learner-0042"], b"learner-0042"])
def test_an_id_of_another_kind_is_refused(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TypeError, match="a learner's id is text, such as"):
        ag.variant(typed, "ps1")


@pytest.mark.parametrize(("stated", "error"), [("", ValueError), ("  ", ValueError),
                                               (None, TypeError), (1, TypeError)])
def test_the_assignment_is_named(stated: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="assignment"):
        ag.variant("learner-0042", stated)
