"""Sealed choices, functions, code, texts to be marked, plots, draws and results of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import checking
import hostile
import pytest
from sealed_checks import handout, held, sealed

import autograders as ag


@pytest.fixture(autouse=True, scope="module")
def _quick_digests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograders.digests.ROUNDS", 1)
        yield


def outcome(one: ag.Check, value: Any) -> ag.Outcome:
    return checking.check(sealed(one), x=value)


# -------------------------------------------------------------------------------- choices


OPTIONS = ["debit", "credit", "both"]


@pytest.mark.parametrize(("expected", "fitting", "faults"), [
    ("debit", ["debit", "Credit "], [("debt", "unknown-option"), (3, "unknown-option")]),
    (["debit", "both"], [["debit"], "both", ["credit", "both"]], [([], "unanswered"),
                                                                  (["debt"], "unknown-option")]),
    ({"cash": "debit", "sales": "credit"}, [{"cash": "debit", "sales": "debit"}],
     [({"cash": "debit"}, "missing"), (["debit"], "type")]),
], ids=["one", "several", "items"])
def test_a_choice_is_looked_at_by_its_form_alone(
    expected: Any, fitting: list[Any], faults: list[tuple[Any, str]]
) -> None:
    one = ag.choice("x", expected, options=OPTIONS)
    assert (handout(one).right, handout(one).keyed) == ((), None)
    for value in [expected, *fitting]:
        assert outcome(one, value).state == "later"
    for value, tag in faults:
        assert outcome(one, value).tags == checking.check(one, x=value).tags == (tag,)


def test_choices_of_the_same_form_are_handed_out_alike() -> None:
    told = {held(ag.choice("x", one, options=OPTIONS, mistakes={"both": "Not both."}))
            for one in ("debit", "credit")}
    assert len(told) == 1
    assert held(ag.choice("x", {"cash": "debit"}, options=OPTIONS)) == held(
        ag.choice("x", {"cash": "both"}, options=OPTIONS))
    assert held(ag.choice("x", ["debit"], options=OPTIONS)) == held(
        ag.choice("x", ["debit", "both"], options=OPTIONS))


def test_a_choice_for_items_that_cannot_be_written_down_is_left_to_the_grader() -> None:
    one = ag.choice("x", {("cash", 1): "debit"}, options=OPTIONS)
    assert one.handout is not None
    assert one.handout() is None


def test_the_form_of_a_choice_alone() -> None:
    one = ag.choice("x", options=OPTIONS, several=True)
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=["debit", "both"]).state == "passed"
        assert checking.check(check, x=["debt"]).tags == ("unknown-option",)
    known = ag.choice("x", options=OPTIONS, mistakes={lambda one: one == "both": "Both?"})
    assert checking.check(known, x="both").message == "Both?"
    assert outcome(known, "both").state == "later"


# ------------------------------------------------------------------------------ functions


def tax(amount: float) -> float:
    return amount * 0.3217


CASES = [(3217, 1034.9089), (8453.5, 2719.49095), (50, "none")]


def _taxed(amount: float) -> Any:
    return amount * 0.3217 if amount > 100 else "none"


def _keeps(amounts: list[float]) -> float:
    amounts.append(1)
    return sum(amounts) - 1


def _mutes(amount: float) -> None:
    _taxed(amount)


FUNCTION = ag.function("x", CASES, mistakes={tax: "The cash of small amounts."})


@pytest.mark.parametrize(("learners", "state", "tags", "message"), [
    (_taxed, "passed", (), "All 3 are right."),
    (lambda amount: _taxed(amount + 1), "failed", ("value",), "1 of 3 are right."),
    (tax, "failed", ("type",), None),
    (_mutes, "failed", ("returns-none",), None),
    (lambda: 3, "failed", ("raises",), None),
    (lambda amount: 1 / 0, "failed", ("raises",), None),
    (3, "failed", ("type",), "`x` should be a function, but it is a number."),
])
def test_what_a_function_returns_is_known_again(
    learners: Any, state: str, tags: tuple[str, ...], message: str | None
) -> None:
    found = outcome(FUNCTION, learners)
    assert (found.state, found.tags) == (state, tags)
    assert message in (None, found.message)


def test_no_result_of_a_function_and_no_known_mistake_can_be_read() -> None:
    text = held(FUNCTION).lower()
    assert not [word for word in ("1034", "2719", "none", "cash") if word in text]
    assert "8453.5" in text  # what it is called with is told, as by the full check


def test_each_case_earns_its_share_where_it_does() -> None:
    one = ag.function("x", CASES, credit="cases")

    def learners(amount: float) -> Any:
        return 1 / 0 if amount == 50 else _taxed(amount)

    assert outcome(one, learners).credit == checking.check(one, x=learners).credit
    assert outcome(one, learners).message == "2 of 3 are right."


def test_a_function_that_changes_what_it_gets_is_told_so() -> None:
    one = ag.function("x", [([1.5, 2.5],  4.0)])
    assert outcome(one, sum).state == "passed"
    assert outcome(one, _keeps).tags == ("changes-argument",)
    assert outcome(ag.function("x", [([1.5, 2.5], 4.0)], pure=False), _keeps).state == "passed"


@pytest.mark.parametrize("one", [
    ag.function("x", reference=_taxed, inputs=[200, 300], given=lambda draw: draw.random()),
    ag.function("x", CASES, raises=[("a", TypeError)]),
    ag.function("x", [*CASES, ((1, 2), [1, 2])]), ag.function("x", [*CASES, (1.5 + 2j, 7)]),
], ids=["drawn", "raises", "list", "not-plain"])
def test_a_function_of_which_not_all_is_handed_out_is_never_passed(one: ag.Check) -> None:
    def any_of(*arguments: Any) -> Any:
        return _taxed(arguments[0])

    assert handout(one).right
    assert outcome(one, any_of).state == "later"
    assert outcome(one, lambda *_: 0.5).state == "failed"


@pytest.mark.parametrize(("one", "values"), [
    (ag.function("x", reference=tax, given=lambda draw: draw.random()), []),
    (ag.function("x", [(1, True), (2, False), (3, 1)]), [1, 2, 3]),
    (ag.function("x", [(1, [2, 3])]), [1]),
], ids=["drawn", "truth", "list"])
def test_without_a_digest_a_function_is_called_or_its_parameters_counted(
    one: ag.Check, values: list[int]
) -> None:
    called: list[Any] = []

    def learners(value: Any) -> Any:
        called.append(value)
        return value

    assert not handout(one).right
    assert outcome(one, learners).state == "later"
    assert sorted(set(called)) == values
    assert outcome(one, lambda: 3).tags in (("raises",), ("parameters",))


def test_a_function_that_keeps_something_is_called_as_often_as_by_the_full_check() -> None:
    def counter() -> Callable[[int], int]:
        count = [0]

        def learners(step: int) -> int:
            count[0] += step
            return count[0]

        return learners

    one = ag.function("x", [(5, 5), (6, 11)], pure=False)
    assert checking.check(one, x=counter()).state == outcome(one, counter()).state == "passed"
    drawn = ag.function("x", [(5, 5)], pure=False, reference=tax, given=lambda draw: 5)
    assert not handout(drawn).right
    assert "calls" not in handout(drawn).arguments


def test_a_part_of_what_is_returned_is_known_again() -> None:
    one = ag.function("x", [(3, 8453)], part="cash")
    assert outcome(one, lambda _: {"cash": 8453}).state == "passed"
    assert outcome(one, lambda _: {"cash": 1}).state == "failed"
    assert outcome(one, lambda _: {"bank": 1}).tags == ("missing",)


def test_a_mistake_that_earns_something_leaves_a_function_open() -> None:
    one = ag.function("x", CASES, mistakes={tax: ag.mistake("all", "Small.", credit=0.5)})
    assert outcome(one, tax).state == outcome(one, lambda _: 1 / 0).state == "later"
    assert outcome(one, _taxed).state == "passed"


def test_rules_of_the_code_of_a_function_are_handed_out() -> None:
    one = ag.function("x", CASES, uses=["loop"], avoids=["sum()"], seconds=1.0)
    names: dict[str, Any] = {"In": ["", "def x(amount):\n    return amount"]}
    exec(names["In"][1], names)
    assert (sealed(one).seconds, handout(one).arguments["uses"]) == (1.0, ["loop"])
    assert checking.check(sealed(one), **names).state == checking.check(one, **names).state


def test_the_form_of_a_function_alone() -> None:
    one = ag.function("x", parameters=2, calls=[[1, 2], [3, 0]])
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=lambda a, b: a).state == "passed"
        assert checking.check(check, x=lambda a, b=1, *c: a).state == "passed"
        assert checking.check(check, x=lambda a: a).tags == ("parameters",)
        assert checking.check(check, x=lambda a, b: a / b).tags == ("raises",)
    for options in ({"cases": CASES}, {"mistakes": {tax: "no"}}):
        with pytest.raises(TypeError):
            ag.function("x", calls=[[1]], **options)  # type: ignore[arg-type]


# ------------------------------------------------------------- code, and texts to be marked


@pytest.mark.parametrize("one", [
    ag.source("x", text=True, uses=["loop"], avoids=["sum()"], defines=["f(a)"], credit="each"),
    ag.source("x", text=True, mistakes={"sum()": "No sum.", "for": ag.mistake(
        "loops", "No loop.", credit=0.5)}),
    ag.written("x", words=3, most=6, rubric={"clear": 2}, placeholder="Your answer goes here"),
    ag.written("x", rubric=["clear", "short"]), ag.written("x", rubric="clear"),
])
@pytest.mark.parametrize("value", [
    "def f(a):\n    return sum(a)", "for x in y:\n    def f(a): pass", "f(", "a b c d", "",
    "your answer goes here", "a b c d e f g h", None, 3, "print(eval('1'))"])
def test_what_holds_no_answer_is_handed_out_in_full(one: ag.Check, value: Any) -> None:
    assert outcome(one, value) == checking.check(one, x=value)


def test_code_of_all_cells_is_looked_at_as_well() -> None:
    one = ag.source(uses=["for"])
    shown = sealed(one)
    for code, state in (("for x in y: pass", "passed"), ("x = 1", "failed")):
        assert checking.check(shown, In=["", code]).state == state
        assert checking.check(one, In=["", code]).state == state


# ---------------------------------------------------------------------------------- plots


@pytest.fixture
def axes() -> Iterator[Any]:
    mpl = pytest.importorskip("matplotlib")
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, made = plt.subplots()
    yield made
    plt.close(figure)


PLOT: dict[str, Any] = {
    "kind": "line", "x": [3217, 2], "y": [8453, 2], "title": "Hidden sales", "ylabel": "Hidden",
    "legend": ["Hidden"], "xlim": (3217, 8453)}


def test_a_plot_is_looked_at_without_its_data_and_its_words(axes: Any) -> None:
    one = ag.plot("x", **PLOT)
    assert outcome(one, axes).tags == ("empty",)
    axes.plot([1, 2], [3, 4], label="a")
    assert outcome(one, axes).tags == ("no-title", "no-ylabel", "no-legend")
    axes.set_title("Costs")
    axes.set_ylabel("Euro")
    axes.legend()
    assert outcome(one, axes).state == "later"
    assert outcome(one, axes).message == "Graded after hand-in."
    assert outcome(one, 3).tags == ("type",)
    text = held(one).lower()
    assert not [word for word in ("3217", "8453", "hidden") if word in text]


@pytest.mark.parametrize(("wanted", "state"), [
    ({"kind": "line", "title": ""}, "passed"), ({"kind": "line"}, "passed"),
    ({"kind": "line", "xlim": (0, 1)}, "later"), ({"x": [1], "y": [2]}, "later"),
    ({"title": "Sales"}, "later"), ({"legend": []}, "passed"), ({"legend": ["a"]}, "later"),
    ({}, "passed"), ({"kind": "line", "x": [], "y": []}, "later"),
])
def test_a_plot_of_which_all_is_told_is_judged_in_full(
    axes: Any, wanted: dict[str, Any], state: str
) -> None:
    axes.plot([1, 2], [3, 4], label="a")
    axes.set_title("Costs")
    axes.legend()
    assert outcome(ag.plot("x", **wanted), axes).state == state


# ---------------------------------------------------------------------------------- draws


def test_draws_are_counted_and_no_more() -> None:
    stats = pytest.importorskip("scipy.stats")
    one = ag.distribution("x", stats.norm(3217, 8453), size=30)
    assert outcome(one, [1.5] * 30).state == "later"
    assert outcome(one, [1.5] * 29).tags == outcome(ag.distribution(
        "x", stats.norm(0, 1)), [1.5] * 3).tags == ("size",)
    assert outcome(one, [1.5] * 29 + ["a"]).tags == ("type",)
    assert not [word for word in ("3217", "8453", "norm") if word in held(one)]
    drawn = ag.distribution("x", stats.norm(0, 1), draw=lambda function, rng: function(rng))
    assert outcome(drawn, lambda rng: []).state == "later"
    assert outcome(drawn, [1.5] * 30).tags == ("type",)


def test_the_form_of_draws_alone() -> None:
    one = ag.distribution("x", size=20)
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=range(20)).state == "passed"
        assert checking.check(check, x=range(19)).tags == ("size",)
    with pytest.raises(TypeError, match="drawn"):
        ag.distribution("x", draw=lambda function, rng: [])


# ----------------------------------------------------------------------- results of tests


RESULT: dict[str, Any] = {"statistic": 3.217, "p": 0.08453, "interval": (1.3217, 4.8453),
                          "reject": False}
GIVEN = {"statistic": 3.217, "p": 0.08453, "interval": (1.3217, 4.8453), "reject": False}
ASKED = ("statistic", "p", "interval")


def _test(*parts: str, **options: Any) -> ag.Check:
    return ag.hypothesis_test("x", **{part: RESULT[part] for part in parts}, **options)


@pytest.mark.parametrize(("parts", "value", "state", "tags"), [
    (ASKED, GIVEN, "passed", ()), (ASKED, (3.2171, 0.0845, (1.3217, 4.8453)), "passed", ()),
    (ASKED, {**GIVEN, "p": 0.5}, "partial", ("value",)),
    (ASKED, {**GIVEN, "interval": (4.8453, 1.3217)}, "partial", ("value",)),
    (ASKED, {**GIVEN, "p": 3}, "failed", ("range",)),
    (ASKED, {**GIVEN, "interval": 3}, "failed", ("type",)), (ASKED, {"p": 0.1}, "failed",
                                                             ("missing",)),
    ((*ASKED, "reject"), GIVEN, "later", ("later",)),
    ((*ASKED, "reject"), {**GIVEN, "reject": "maybe"}, "failed", ("type",)),
    (("reject",), True, "later", ("later",)), (("p",), 0.0845, "passed", ()),
    (("p",), 0.042265, "failed", ("one-sided",)), (("p",), 0.16906, "failed", ("two-sided",)),
    (("p",), 0.91547, "failed", ("other-side",)), (("p",), 0.3, "failed", ("value",)),
    (("statistic",), -3.217, "failed", ("sign",)), (("statistic",), 3.0, "failed", ("value",)),
    (("interval",), (1.3217, 4.8453), "passed", ()), (("interval",), (1, 5), "failed", ("value",)),
])
def test_the_result_of_a_test_is_known_again(
    parts: tuple[str, ...], value: Any, state: str, tags: tuple[str, ...]
) -> None:
    found = outcome(_test(*parts), value)
    assert (found.state, found.tags) == (state, tags)


@pytest.mark.parametrize("tag_value", [0.042265, 0.16906, 0.91547, 0.3])
def test_a_p_value_of_another_side_is_told_as_by_the_full_check(tag_value: float) -> None:
    one, found = _test("p"), outcome(_test("p"), tag_value)
    full = checking.check(one, x=tag_value)
    assert found.tags == full.tags
    assert found.message == full.message or found.tags == ("value",)


@pytest.mark.parametrize("one", [
    _test(*ASKED, "reject", mistakes={(7.77, 0.666): "the cash"}), _test("p", mistakes={
        (7.77, 0.666): "the cash"}), _test("interval"), _test("statistic")])
def test_no_part_of_a_result_can_be_read(one: ag.Check) -> None:
    text = held(one)
    assert not [word for word in ("3.217", "3217", "8453", "7.77", "0.666", "the cash")
                if word in text]


def test_the_wrong_test_is_named_where_one_part_is_asked() -> None:
    told = {(7.77, 0.666): ag.mistake("welch", "That is Welch's.", credit=0.5)}
    one = _test("p", mistakes=told)
    assert outcome(one, 0.666) == checking.check(one, x=0.666)
    assert outcome(one, 0.3).state == "failed"
    several = _test(*ASKED, mistakes=told)
    assert outcome(several, {**GIVEN, "statistic": 7.77, "p": 0.666}).state == "later"


def test_the_form_of_a_result_alone() -> None:
    one = ag.hypothesis_test("x", parts=["statistic", "p"])
    assert not one.counts
    for check in (one, sealed(one)):
        assert checking.check(check, x=(1.5, 0.5)).state == "passed"
        assert checking.check(check, x=(1.5, 5)).tags == ("range",)
        assert checking.check(check, x=(1.5, 5)).credit == 0.0
    with pytest.raises(ValueError, match="parts="):
        ag.hypothesis_test("x", parts=["t"])


# --------------------------------------------------------------------------------- hostile


CHECKS: dict[str, ag.Check] = {
    "choice": ag.choice("x", "a", options=["a", "q"]),
    "choice-several": ag.choice("x", ["a"], options=["a", "q"]),
    "choice-items": ag.choice("x", {"c": "a"}, options=["a", "q"]),
    "source": ag.source("x", uses=["for"]), "written": ag.written("x", words=9),
    "plot": ag.plot("x", kind="line", title="Sales"), "plot-axes": ag.plot("x", xlim=(0, 1)),
    "result": _test(*ASKED, "reject"), "p": _test("p"), "interval": _test("interval"),
}


@hostile.over_all
def test_no_value_trips_sealed_draws(name: str, make: Callable[[], Any]) -> None:
    value = hostile.made(make)
    for one in (ag.distribution("x", size=30), ag.distribution("x", drawn=True)):
        found = outcome(one, value)
        assert hostile.TOUCHED == []
        assert found.credit == 0.0 or callable(value)
        assert not found.review


@pytest.mark.parametrize("kind", CHECKS)
@hostile.over_all
def test_no_value_of_a_learner_trips_a_sealed_check(
    kind: str, name: str, make: Callable[[], Any]
) -> None:
    value = hostile.made(make)
    found = outcome(CHECKS[kind], value)
    assert hostile.TOUCHED == []
    assert found.credit == 0.0
    assert "checker-error" not in found.tags


@hostile.over_all
def test_a_sealed_function_stands_whatever_is_there_or_returned(
    name: str, make: Callable[[], Any]
) -> None:
    value = hostile.made(make)
    for expected in (77, "two"):
        one = ag.function("x", [((1,), expected)], seconds=1.0)
        assert outcome(one, value).state == "failed"
        assert outcome(one, lambda _, value=value: value).state == "failed"
