"""Tables: columns, rows, cells, what right ones earn, and odd values."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import checking
import hostile
import pytest

import autograders as ag
from autograders.number import Tolerance

pd = pytest.importorskip("pandas", exc_type=ModuleNotFoundError)
pytest.importorskip("narwhals", exc_type=ModuleNotFoundError)

RIGHT = pd.DataFrame({"year": [1, 2, 3], "who": ["a", "b", "c"], "amount": [10.0, 20.0, 30.0]})


def outcome(value: Any, expected: Any = RIGHT, **options: Any) -> ag.Outcome:
    return checking.check(ag.table("x", expected, **options), x=value)


@pytest.mark.parametrize("options", [
    {}, {"key": "a", "credit": "cells"}, {"key": ["a", "b"], "ordered": True, "credit": "rows"}],
    ids=["order", "key", "keys"])
@hostile.over_all
def test_no_value_trips_it_runs_its_code_or_passes(
    name: str, make: Callable[[], Any], options: dict[str, Any]
) -> None:
    value = hostile.made(make)
    expected = pd.DataFrame({"a": [1.5, 2.5], "b": ["x", "y"]})
    started = time.perf_counter()
    found = outcome(value, expected, **options,
                    mistakes={(lambda frame: frame["z"].sum() > frame["a"][7]): "odd"})
    assert hostile.TOUCHED == []
    assert not found.review
    assert found.credit < 1.0
    assert found.message.endswith(".")
    assert time.perf_counter() - started < 2


def test_pandas_and_polars_take_one_another() -> None:
    pl = pytest.importorskip("polars")
    columns = RIGHT.to_dict("list")
    for expected in (RIGHT, pl.DataFrame(columns)):
        for value in (RIGHT, pl.DataFrame(columns), RIGHT.set_index("year"),
                      RIGHT[["amount", "who", "year"]], RIGHT.astype({"year": "Int64"}),
                      RIGHT.astype({"who": "category", "amount": "int64"})):
            assert outcome(value, expected).credit == 1.0


def test_missing_values_of_all_kinds_and_dates_are_one() -> None:
    pl = pytest.importorskip("polars")
    when = [date(2027, 1, 5), None]
    expected = pd.DataFrame({"when": pd.to_datetime(when), "n": [1.0, None], "t": ["a", None]})
    for value in (
        pl.DataFrame({"when": when, "n": [1, None], "t": ["a", None]}),
        pd.DataFrame({"when": when, "n": pd.array([1, None], dtype="Int64"), "t": ["a", pd.NA]}),
        pd.DataFrame({"when": [pd.Timestamp("2027-01-05"), pd.NaT], "n": [1, None],
                      "t": ["a ", None]}),
    ):
        assert outcome(value, expected).credit == 1.0
    filled = pd.DataFrame({"when": when, "n": [1, 0], "t": ["a", ""]})
    assert outcome(filled, expected, credit="cells").credit == pytest.approx(4 / 6)


@pytest.mark.parametrize(("change", "options", "credit", "tag"), [
    (lambda x: x.iloc[::-1], {}, 0.0, "value"),
    (lambda x: x.iloc[::-1], {"key": "year"}, 1.0, None),
    (lambda x: x.iloc[[0, 2, 1]], {"key": "year", "ordered": True, "credit": "rows"}, 1 / 3,
     "order"),
    (lambda x: x.assign(amount=x.amount + 0.4), {"tolerances": {"amount": Tolerance(atol=0.5)}},
     1.0, None),
    (lambda x: x.assign(amount=x.amount + 0.4), {"places": 1}, 0.0, "value"),
    (lambda x: x.assign(extra=1), {"extra_columns": True}, 1.0, None),
    (lambda x: x.assign(extra=1), {"credit": "rows"}, 0.0, "extra-column"),
    (lambda x: x.drop(columns="who"), {"credit": "cells"}, 2 / 3, "missing-column"),
    (lambda x: x.assign(year=[1, 1, 3]), {"key": "year", "credit": "rows"}, 2 / 4, "rows"),
    (lambda x: x.assign(year=[1.0, 2.0, 3.0]), {"key": "year"}, 1.0, None),
    (lambda x: x.assign(amount=x.amount.astype(str)), {"credit": "cells"}, 2 / 3, "text"),
    (lambda x: x.assign(who=["a", 2, None]), {"credit": "cells"}, 7 / 9, "nan"),
])
def test_what_a_table_earns(
    change: Callable[[Any], Any], options: dict[str, Any], credit: float, tag: str | None
) -> None:
    found = outcome(change(RIGHT), **options)
    assert found.credit == pytest.approx(credit)
    assert found.tags == ((tag,) if tag else ())


def test_a_known_wrong_table_keeps_what_its_cells_earn_unless_the_author_says() -> None:
    wrong = RIGHT.assign(amount=-1)
    told = [(wrong, "Add them up.")]
    assert outcome(wrong, credit="cells", mistakes=told).credit == pytest.approx(2 / 3)
    stated = [(wrong, ag.mistake("sums", "Add them up.", credit=0.1))]
    assert outcome(wrong, credit="cells", mistakes=stated).credit == 0.1
    raises = {(lambda frame: 1 / 0): ag.mistake("odd", "Odd.", credit=0.5)}
    assert outcome(wrong, credit="cells", mistakes=raises).credit == pytest.approx(2 / 3)
    assert outcome(wrong, mistakes=raises).review
    with pytest.raises(ValueError, match="right answer"):
        ag.table("x", RIGHT, mistakes=[(RIGHT.copy(), "no")])


def test_a_predicate_gets_plain_values_in_the_authors_library() -> None:
    pl = pytest.importorskip("polars")
    lying = dict(hostile.HOSTILE)["lying"]()
    value = pd.DataFrame({"year": [1, 2, 3], "who": [lying, "b", "c"], "amount": [0, 0, 0]})
    hostile.TOUCHED.clear()
    told = {(lambda frame: pd.isna(frame.set_index("year")["who"][1])): "plain"}
    assert outcome(value, mistakes=told).message == "plain"
    none = pl.DataFrame({"year": [1, 2, 3], "who": [None, "b", "c"], "amount": [0, 0, 0]})
    assert outcome(none, mistakes=told).message == "plain"
    assert hostile.TOUCHED == []


def test_a_table_made_from_an_earlier_table_of_the_learners() -> None:
    one = ag.table("y", lambda x: x.assign(amount=x.amount * 2), key="year", credit="cells",
                   given={"x": ag.answer("x", RIGHT)})
    own = RIGHT.assign(amount=[1.0, 2.0, 3.0])
    assert checking.check(one, x=own, y=own.assign(amount=[2, 4, 6])).tags == ("carried-forward",)
    partly = checking.check(one, x=own, y=own.assign(amount=[2, 4, 7]))
    assert (partly.credit, partly.tags) == (pytest.approx(5 / 6), ("carried-forward", "value"))
    assert checking.check(one, x=3, y=own).credit == 0.5
    assert checking.check(one, y=own).credit == 0.5


def test_a_large_table_that_has_the_right_size_is_compared_in_time() -> None:
    np = pytest.importorskip("numpy")
    large = pd.DataFrame({"a": np.arange(1_000_000), "b": np.arange(1_000_000) / 7})
    started = time.perf_counter()
    assert outcome(large, large.copy()).credit == 1.0
    assert time.perf_counter() - started < 5


def test_the_page_shows_the_first_differences_as_a_table() -> None:
    question = ag.Question("q", points=1, names={"x": RIGHT.assign(who=["<b>", "b", "c"])})
    question.add(ag.table("x", RIGHT, key="year"))
    page = question.result()._repr_html_()
    assert "<td" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    question.add(ag.table("x", RIGHT, key="year"), hidden=True)
    assert question.result()._repr_html_().count("<table") == 1


@pytest.mark.parametrize(("options", "match"), [
    ({"key": "yer"}, "no column 'yer'"), ({"ordered": False}, "need a key"),
    ({"credit": "some"}, "credit"), ({"expected": [1, 2]}, "should be a table"),
    ({"expected": RIGHT.assign(year=1), "key": "year"}, "does not tell"),
    ({"whole": ["n"]}, "no column 'n'"), ({"given": {"a": ag.answer("a", 1)}}, "function of"),
])
def test_wrong_uses_by_an_author_are_told(options: dict[str, Any], match: str) -> None:
    with pytest.raises((TypeError, ValueError), match=match):
        ag.table("x", **{"expected": RIGHT, **options})


def test_properties() -> None:
    pytest.importorskip("hypothesis")
    from hypothesis import given, settings
    from hypothesis import strategies as st

    exact = settings(derandomize=True, database=None, deadline=None, max_examples=100)
    cells = [(row, column) for row in range(3) for column in ("who", "amount")]
    wrongs = {"who": "z", "amount": -77.0}

    def with_wrong(places: set[tuple[int, str]]) -> Any:
        frame = RIGHT.copy()
        for row, column in places:
            frame.loc[row, column] = wrongs[column]
        return frame

    @exact
    @given(st.sets(st.sampled_from(cells)), st.sampled_from(["all", "rows", "cells"]),
           st.sampled_from([None, "year"]), st.permutations(range(3)), st.integers(0, 3))
    def one_more_right_cell_never_earns_less(
        wrong: set[tuple[int, str]], credit: Any, key: str | None, order: list[int], kept: int
    ) -> None:
        rows = list(order)[:kept] if key else list(range(3))[:kept]
        earned = outcome(with_wrong(wrong).iloc[rows], credit=credit, key=key).credit
        assert (earned == 1.0) is (not wrong and kept == 3)
        for one in wrong:
            better = with_wrong(wrong - {one}).iloc[rows]
            assert outcome(better, credit=credit, key=key).credit >= earned
        if kept < 3 and key:
            more = with_wrong(wrong).iloc[list(order)[:kept + 1]]
            assert outcome(more, credit=credit, key=key).credit >= earned

    one_more_right_cell_never_earns_less()
