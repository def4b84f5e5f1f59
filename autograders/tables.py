"""Tables of pandas' or polars': columns, rows by key or in order, and each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from autograders import parts
from autograders.frames import Frame, plain_frame, read_frame
from autograders.given import Given, better_by_own, right_of
from autograders.matching import Pairs, matched, misplaced, places_by_key, taken
from autograders.number import Tolerance
from autograders.outcome import (
    Check,
    Failure,
    Mistake,
    Mistakes,
    Outcome,
    Scope,
    failed,
    fits,
    partly,
    passed,
    read_mistakes,
    well_formed,
)
from autograders.parts import Parts
from autograders.table_form import (
    TableForm,
    columns_told,
    decimals_told,
    handout_of,
    is_whole,
    keys,
    kind_fault,
    misfit,
    rows_told,
)
from autograders.values import nearest, reader, show

if TYPE_CHECKING:
    from autograders.handout import Handout

__all__ = ["keys", "table"]

Credit = Literal["all", "rows", "cells"]

_MOST_SHOWN = 3
_MOST_EXTRA = 10_000
_UNGROUPED = 10_000
_MISSING = ("None", "nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """How a table is judged."""

    name: str
    key: tuple[str, ...]
    ordered: bool
    tolerance: Tolerance
    tolerances: Mapping[str, Tolerance]
    whole: frozenset[str]
    extra_columns: bool
    credit: Credit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Right:
    """The expected table, read once: its columns, and the place of each row by its key."""

    frame: Frame
    columns: Mapping[str, Parts]
    places: Mapping[Any, int]


def table(  # noqa: PLR0913 - what counts in a table, and how near is near enough
    name: str, expected: Any = None, *, key: str | Sequence[str] | None = None,
    ordered: bool | None = None, rtol: float | None = None, atol: float | None = None,
    places: int | None = None, digits: int | None = None,
    tolerances: Mapping[str, Tolerance] | None = None, whole: Iterable[str] = (),
    extra_columns: bool = False, credit: Credit = "all", mistakes: Mistakes | None = None,
    given: Given | None = None, columns: Sequence[str] = (), rows: int | None = None,
    kinds: Mapping[str, str] | None = None, label: str | None = None,
) -> Check:
    """The learner's `name` is the table `expected`, of pandas or polars; each takes the other.

    A named index of pandas' counts as a column, an unnamed one not at all; the order of columns
    never counts. Rows are matched by the `key` column or columns, by default those that the
    expected table has as its named index; without a key they are compared in their order, and
    with a key only if `ordered`. Numbers are compared by the tolerance, which `tolerances` can
    name for a column; text but for white space; NaN, None and NaT are one missing value. Columns
    that are `whole` have to hold whole numbers by type. More columns than expected are wrong
    unless `extra_columns`.

    With `credit="rows"` each right row earns its share, with "cells" each right cell besides the
    keys; rows and columns that are too many count as wrong ones. `mistakes` maps a wrong table
    (in a list of pairs) or a predicate of the table, which gets it in the library of the expected
    one once no column is missing, to what it tells. With `given`, `expected` is a function of
    those names, and what follows from the learner's own earlier answers earns as much. The
    learner is shown the keys of rows that are missing, and what wrong cells hold, never what is
    expected of them.

    Without `expected` it looks at the form, and does not count: whether the table has the
    `columns`, and as many `rows`, and the `kinds` of columns ("numbers", "text", "dates" or
    "truth") where they are told. A release hands out the form (with `given`, the names of
    columns alone), and digests of up to 60 cells; none of columns of True and False or of 0 and
    1 alone, which are soon guessed.
    """
    if expected is None:
        return _form(name, TableForm.read(
            columns=columns, rows=rows, kinds=kinds, whole=tuple(whole),
            extra_columns=extra_columns), read_mistakes(mistakes), label)
    model = right_of(expected, given)
    plan = _Plan(
        name=name, key=_key(key, model), credit=credit, extra_columns=extra_columns,
        ordered=bool(ordered) if ordered is not None else not _key(key, model),
        tolerance=Tolerance(rtol=rtol, atol=atol, places=places, digits=digits),
        tolerances=dict(tolerances or {}), whole=frozenset(whole))
    right = _author(model, plan)
    known = read_mistakes(mistakes)
    for one in known:
        if not callable(one.match) and _is_right(one.match, right, plan):
            raise ValueError("a known mistake is the right answer")
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        value = read(scope)
        frame = read_frame(value, name)
        outcome = _judged(frame, right, plan)
        if outcome.credit >= 1 or frame.rows > right.frame.rows + _MOST_EXTRA:
            return outcome
        if known and set(right.frame.names) <= set(frame.names):
            plain = plain_frame(value, name, like=model)
            made = next((one for one in known if fits(one, plain, lambda mine, wrong: _judged(
                read_frame(mine, name), _author(wrong, plan), plan).credit >= 1,
                outcome.credit)), None)
            if made is not None:
                return replace(made.outcome_of(outcome.credit), rows=outcome.rows)
        return better_by_own(outcome, scope, expected, given, lambda by: _judged(
            frame, _author(by, plan), plan))

    return Check(label=label or name, kind="table", examine=examine,
                 handout=lambda: _handout(right, plan, known, carried=bool(given)))


def _form(
    name: str, form: TableForm, known: tuple[Mistake, ...], label: str | None
) -> Check:
    """A check of the form of a table alone."""
    if known:
        raise TypeError("mistakes= need an expected table")
    read = reader(name)

    def examine(scope: Scope) -> Outcome:
        frame = read_frame(read(scope), name)
        return misfit(frame, form) or well_formed(
            f"`{name}` is a table that looks as it should.")

    def handout() -> Handout:
        from autograders.handout import Handout

        return Handout(name=name, arguments=form.plain())

    return Check(label=label or name, kind="table", examine=examine, counts=False,
                 handout=handout)


def _handout(
    right: _Right, plan: _Plan, known: tuple[Mistake, ...], *, carried: bool
) -> Handout:
    cells = [one for one in right.columns if one not in plan.key] or list(right.columns)
    form = TableForm(
        columns=right.frame.names, rows=right.frame.rows, whole=plan.whole & set(cells),
        kinds={one: column.kind for one, column in right.columns.items()},
        extra_columns=plan.extra_columns)
    return handout_of(
        plan.name, right.columns, form, key=plan.key, ordered=plan.ordered,
        loose=carried or any(one.credit for one in known),
        tolerances={one: plan.tolerances.get(one, plan.tolerance) for one in right.columns},
        counted="count" if plan.credit == "all" else "share")


def _key(key: str | Sequence[str] | None, model: Any) -> tuple[str, ...]:
    if key is not None:
        return (key,) if isinstance(key, str) else tuple(key)
    names = getattr(getattr(model, "index", None), "names", None) or ()
    return tuple(one for one in names if isinstance(one, str))


def _author(model: Any, plan: _Plan) -> _Right:
    """An author's table. Raises ValueError or TypeError where it is none to compare with."""
    try:
        frame = read_frame(model, "expected")
    except Failure as failure:
        raise TypeError(failure.outcome.message) from None
    if plan.credit not in ("all", "rows", "cells"):
        raise ValueError(f"credit= is 'all', 'rows' or 'cells', not {plan.credit!r}")
    for one in (*plan.key, *plan.tolerances, *plan.whole):
        if one not in frame.names:
            raise ValueError(f"the expected table has no column {one!r}")
    if not plan.ordered and not plan.key:
        raise ValueError("rows in any order need a key= that tells them apart")
    columns = {one: frame.column(one) for one in frame.names}
    places = places_by_key(columns, plan.key) if plan.key else {}
    if plan.key and len(places) != frame.rows:
        raise ValueError(f"the key {', '.join(plan.key)} does not tell the expected rows apart")
    return _Right(frame=frame, columns=columns, places=places)


def _is_right(model: Any, right: _Right, plan: _Plan) -> bool:
    return _judged(_author(model, plan).frame, right, plan).credit >= 1


# -------------------------------------------------------------------------------- judging


def _judged(frame: Frame, right: _Right, plan: _Plan) -> Outcome:
    """What a table earns by an expected one. The number of rows is looked at before any value."""
    missing = [one for one in right.frame.names if one not in frame.names]
    extra = [one for one in frame.names if one not in right.frame.names]
    told, tags = columns_told(missing, extra, extra_columns=plan.extra_columns)
    if any(one in plan.key for one in missing):
        return failed("\n".join(told), *tags)
    if frame.rows > right.frame.rows + _MOST_EXTRA or (not frame.rows and right.frame.rows):
        told.append(rows_told(frame.rows, right.frame.rows))
        return failed("\n".join(told), *tags, "rows")
    shared = [one for one in right.frame.names if one not in missing]
    own = {one: frame.column(one) for one in shared}
    for one in plan.key:
        fault = kind_fault(one, own[one], right.columns[one].kind)
        if fault is not None:
            return failed(*fault)
    pairs, lost, added = matched(own, frame.rows, right.places, right.frame.rows, plan.key)
    if lost or added:
        told.append(_lost_told(lost, added, own, frame, right, plan))
        tags.append("rows")
    hits = {one: _column_hits(own[one], right.columns[one], pairs, plan, one) for one in shared}
    moved = misplaced(pairs) if plan.ordered else None
    if moved is not None:
        told.append(f"The rows of `{plan.name}` are in another order than asked.")
        tags.append("order")
        hits = {one: right_cells & ~moved for one, right_cells in hits.items()}
    cells = [one for one in shared if one not in plan.key] or shared
    if not told and all(hits[one].all() for one in cells):
        return passed(f"Every cell of {right.frame.rows:,} "
                      f"row{'' if right.frame.rows == 1 else 's'} is right.")
    share = _share(hits, missing, [] if plan.extra_columns else extra, len(added), right, plan)
    faults = _faults(own, right, hits, pairs, cells, plan)
    told += [one for one, _ in faults]
    tags += [one for _, one in faults]
    rows = _shown(own, hits, pairs, cells, plan) if right.frame.rows else ()
    counted = _counted(hits, cells, len(pairs), right, plan)
    return replace(partly(min(share, 0.9999), "\n".join([counted, *told]),
                          *(dict.fromkeys(tags) or ["nan" if _some_missing(rows) else "value"])),
                   rows=rows)


def _lost_told(
    lost: Sequence[int], added: Sequence[int], own: Mapping[str, Parts], frame: Frame,
    right: _Right, plan: _Plan,
) -> str:
    if not plan.key:
        return rows_told(frame.rows, right.frame.rows)
    too_many = [_row_name(own, place, plan) for place in added[:100]]
    near: list[str | None] = []
    gone = [_row_name(right.columns, place, plan) for place in lost[:_MOST_SHOWN]]
    told = []
    if gone:
        near = [nearest(one, too_many) for one in gone]
        hints = [f"{one} (you have {other})" if other else one
                 for one, other in zip(gone, near, strict=True)]
        told.append(f"Rows that are not there: {', '.join(hints)}"
                    f"{', …' if len(lost) > _MOST_SHOWN else ''}.")
    if too_many and (len(added) != len(lost) or not gone or not all(near)):
        told.append(f"Rows that are too many: {', '.join(too_many[:_MOST_SHOWN])}"
                    f"{', …' if len(added) > _MOST_SHOWN else ''}.")
    return " ".join(told) or rows_told(frame.rows, right.frame.rows)


def _row_name(columns: Mapping[str, Parts], place: int, plan: _Plan) -> str:
    if not plan.key:
        return str(place)
    return ", ".join(_cell(columns[one].at(place)) for one in plan.key)


def _column_hits(
    own: Parts, right: Parts, pairs: Pairs, plan: _Plan, column: str
) -> Any:
    """Which cells of the matched rows of a column are right."""
    import numpy as np

    if not len(pairs):
        return np.zeros(0, dtype=bool)
    if column in plan.whole and not is_whole(own):
        return np.zeros(len(pairs), dtype=bool)
    return parts.agree(taken(own, pairs[:, 1]), taken(right, pairs[:, 0]),
                       plan.tolerances.get(column, plan.tolerance))


def _share(
    hits: Mapping[str, Any], missing: list[str], extra: list[str], added: int, right: _Right,
    plan: _Plan,
) -> float:
    """The share of right rows or cells. What is too many enlarges the whole."""
    if plan.credit == "all":
        return 0.0
    cells = [one for one in right.frame.names if one not in plan.key] or list(right.frame.names)
    rows = right.frame.rows + added
    if plan.credit == "rows":
        if missing or extra or not rows:
            return 0.0
        whole = [hits[one] for one in hits if one not in plan.key] or list(hits.values())
        return sum(map(all, zip(*(one.tolist() for one in whole), strict=True))) / rows
    total = rows * (len(cells) + len(extra))
    return sum(int(hits[one].sum()) for one in cells if one in hits) / total if total else 0.0


# -------------------------------------------------------------------------------- telling


def _counted(
    hits: Mapping[str, Any], cells: list[str], found: int, right: _Right, plan: _Plan
) -> str:
    if not found:
        return "No row is right."
    good = sum(int(hits[one].sum()) for one in cells)
    total = right.frame.rows * max(len(set(right.frame.names) - set(plan.key)), 1)
    return f"{good:,} of {total:,} cells are right."


def _faults(
    own: Mapping[str, Parts], right: _Right, hits: Mapping[str, Any],
    pairs: Pairs, cells: list[str], plan: _Plan,
) -> list[tuple[str, str]]:
    """What is wrong with whole columns: other kinds, or one slip in all wrong cells."""
    found: list[tuple[str, str]] = []
    for one in cells:
        if not len(pairs) or hits[one].all():
            continue
        fault = kind_fault(one, own[one], right.columns[one].kind)
        if fault is None and one in plan.whole and not is_whole(own[one]):
            fault = decimals_told(one), "dtype"
        if fault is None:
            fault = _slip(one, own[one], right.columns[one], pairs, ~hits[one], plan)
        if fault is not None:
            found.append(fault)
    return found[:_MOST_SHOWN]


def _slip(
    column: str, own: Parts, right: Parts, pairs: Pairs, wrong: Any, plan: _Plan
) -> tuple[str, str] | None:
    slip = parts.slip_in(taken(own, pairs[:, 1]), taken(right, pairs[:, 0]), wrong,
                         plan.tolerances.get(column, plan.tolerance))
    return (f"In {column!r}, {slip[1]}", slip[0]) if slip else None


def _shown(
    own: Mapping[str, Parts], hits: Mapping[str, Any], pairs: Pairs,
    cells: list[str], plan: _Plan,
) -> tuple[tuple[str, ...], ...]:
    """The first wrong cells as a small table: the row, the column, and the learner's value."""
    wrong = [(number, one) for one in cells for number in _first_wrong(hits[one])]
    wrong.sort(key=lambda cell: pairs[cell[0]][1])
    if not wrong:
        return ()
    head = (", ".join(plan.key) or "row", "column", "your value")
    return (head, *((_row_name(own, pairs[number][1], plan), one,
                     _cell(own[one].at(pairs[number][1])))
                    for number, one in wrong[:_MOST_SHOWN]))


def _some_missing(rows: tuple[tuple[str, ...], ...]) -> bool:
    return any(row[-1] in _MISSING for row in rows[1:])


def _first_wrong(hits: Any) -> list[int]:
    import numpy as np

    return [int(place) for place in np.flatnonzero(~hits)[:_MOST_SHOWN]]


def _cell(part: Any) -> str:
    if type(part) is tuple and part[0] == "date":
        day = "-".join(f"{number:02}" for number in part[1:4])
        return day + (f" {part[4]:02}:{part[5]:02}" if any(part[4:]) else "")
    if type(part) is str:
        return part if len(part) <= 40 else part[:39] + "…"
    if part is parts.ODD:
        return "an object"
    if part is None or type(part) is complex or type(part) is tuple:
        return show(part, width=40)
    if type(part) is not bool and part == part and abs(part) < _UNGROUPED and part % 1 == 0:
        return str(int(part))  # 2027 is a year more often than 2,027 of something
    return show(part, width=40)
