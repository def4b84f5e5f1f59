"""A table without its values: columns, rows and kinds; and the keys of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograders import parts
from autograders.frames import Frame, read_frame
from autograders.matching import keys_by_row
from autograders.number import Tolerance
from autograders.outcome import Outcome, Scope, failed
from autograders.parts import Parts
from autograders.scales import MOST, Scale, is_guessed, key_of, keys_of, named_key
from autograders.values import nearest, reader, show

if TYPE_CHECKING:
    from autograders.handout import Counted, Handout, Keys

_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TableForm:
    """What a table has to look like; `rows` and the `kinds` of columns where they are known."""

    columns: tuple[str, ...] = ()
    rows: int | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    extra_columns: bool = True

    @classmethod
    def read(
        cls, *, columns: Sequence[str], rows: int | None, kinds: Mapping[str, str] | None,
        whole: Sequence[str], extra_columns: bool,
    ) -> TableForm:
        """The form of plain arguments. Raises ValueError or TypeError for one that is none."""
        if isinstance(columns, str):
            raise TypeError("columns= is a list of names, not one text")
        for kind in (kinds or {}).values():
            if kind not in parts.KINDS:
                raise ValueError(f"a kind is one of {', '.join(parts.KINDS)}, not {kind!r}")
        return cls(columns=tuple(columns), rows=rows, kinds=dict(kinds or {}),
                   whole=frozenset(whole), extra_columns=extra_columns)

    def plain(self) -> dict[str, Any]:
        """The form as plain arguments."""
        return {"columns": list(self.columns), "kinds": dict(self.kinds),
                "whole": sorted(self.whole), "extra_columns": self.extra_columns,
                **({} if self.rows is None else {"rows": self.rows})}


def misfit(frame: Frame, form: TableForm) -> Outcome | None:
    """What is wrong with a table before any of its values; None where nothing is."""
    missing = [one for one in form.columns if one not in frame.names]
    extra = [one for one in frame.names if one not in form.columns]
    told, tags = columns_told(
        missing, extra, extra_columns=form.extra_columns or not form.columns)
    if form.rows is not None and frame.rows != form.rows:
        told.append(rows_told(frame.rows, form.rows))
        tags.append("rows")
    if told:
        return failed("\n".join(told), *tags)
    faults: list[tuple[str, str]] = []
    for one in {**form.kinds, **dict.fromkeys(sorted(form.whole), "")}:
        if one not in frame.names:
            continue
        own = frame.column(one)
        fault = kind_fault(one, own, form.kinds.get(one, own.kind))
        if fault is None and one in form.whole and frame.rows and not is_whole(own):
            fault = decimals_told(one), "dtype"
        if fault is not None:
            faults.append(fault)
    if not faults:
        return None
    return failed("\n".join(text for text, _ in faults[:_MOST_SHOWN]),
                  *dict.fromkeys(tag for _, tag in faults))


def columns_told(
    missing: list[str], extra: list[str], *, extra_columns: bool
) -> tuple[list[str], list[str]]:
    """What is wrong with the columns, and the tags of it."""
    told, tags = [], []
    for one in missing[:_MOST_SHOWN]:
        near = nearest(one, extra)
        hint = f" You have {show(near, width=30)}: should it be called {one!r}?" if near else ""
        told.append(f"The column {one!r} is not there.{hint}")
    if len(missing) > _MOST_SHOWN:
        told.append(f"{len(missing) - _MOST_SHOWN} more columns are not there.")
    if missing:
        tags.append("missing-column")
    elif extra and not extra_columns:
        shown = ", ".join(show(one, width=30) for one in extra[:_MOST_SHOWN])
        told.append(f"There are columns that are not asked for: {shown}"
                    f"{', …' if len(extra) > _MOST_SHOWN else ''}.")
        tags.append("extra-column")
    return told, tags


def rows_told(own: int, right: int) -> str:
    """That the number of rows is another."""
    return (f"The table has {own:,} row{'' if own == 1 else 's'}; it should have {right:,}.")


def decimals_told(column: str) -> str:
    """That a column is not of whole numbers."""
    return f"{column!r} holds numbers with decimals, where whole ones are expected."


def kind_fault(column: str, own: Parts, kind: str) -> tuple[str, str] | None:
    """What a column of another kind than `kind` holds, and the tag of it."""
    if own.kind in (kind, "mixed") or "empty" in (own.kind, kind):
        return None
    tag = "text" if (own.kind, kind) == ("text", "numbers") else "dtype"
    return f"{column!r} holds {own.words}, where {parts.KINDS[kind]} are expected.", tag


def is_whole(column: Parts) -> bool:
    """Whether the numbers of a column are whole ones by type."""
    return column.kind == "empty" or (
        column.figures is not None and column.figures.dtype.kind in "iu") or (
        column.figures is None and all(one is None or type(one) is int for one in column.plain))


# -------------------------------------------------------------------------- keys of cells


def handout_of(
    name: str, columns: Mapping[str, Parts], form: TableForm, *, key: tuple[str, ...],
    ordered: bool, tolerances: Mapping[str, Tolerance], counted: Counted, loose: bool,
) -> Handout:
    """What a release tells of a table with these `columns`: its form, and keys of its cells.

    `tolerances` are those of all columns. Where it is `loose`, another table may earn something
    too, so the form is the names of columns alone.
    """
    from autograders.handout import Handout

    told = TableForm(columns=form.columns) if loose else form
    cells = [one for one in columns if one not in key] or list(columns)
    asked = [one for one in cells if not is_guessed(columns[one].list())] if (
        (form.rows or 0) * len(cells) <= MOST) else []
    scales = {one: Scale.of(tolerances[one]) if columns[one].kind == "numbers" else None
              for one in asked}
    found = keys_of((identity, columns[one].at(place), scales[one], tolerances[one])
                    for identity, one, place in _cells(columns, asked, key, ordered))
    if found is None:
        return Handout(name=name, arguments=told.plain())
    return Handout(
        name=name, arguments=told.plain(), right=found[0], edge=found[1], named=True,
        keyed={"form": form.plain(), "key": list(key), "ordered": ordered, "scales": {
            one: None if scale is None else scale.plain() for one, scale in scales.items()}},
        decides=not loose, complete=asked == cells, counted=counted)


def keys(
    name: str, *, form: Mapping[str, Any], key: Sequence[str], ordered: bool,
    scales: Mapping[str, Mapping[str, Any] | None],
) -> Keys:
    """Reads the key of each cell of the learner's table `name`; see `autograders.scales`."""
    read, look = reader(name), TableForm.read(**{"rows": None, **form})
    wide = {one: None if scale is None else Scale(**scale) for one, scale in scales.items()}

    def found(scope: Scope) -> tuple[str, ...]:
        frame = read_frame(read(scope), name)
        if misfit(frame, look) is not None:
            return ()
        columns = {one: frame.column(one) for one in (*key, *wide)}
        return tuple(named_key(identity, key_of(columns[one].at(place), wide[one]))
                     for identity, one, place in _cells(columns, wide, tuple(key), ordered))

    return found


def _cells(
    columns: Mapping[str, Parts], asked: Sequence[str] | Mapping[str, Any],
    key: tuple[str, ...], ordered: bool,
) -> Iterator[tuple[list[Any], str, int]]:
    """Each cell: what it is known by, its column, and the place of its row."""
    if not asked:
        return
    rows = len(columns[next(iter(asked))])
    named = keys_by_row(columns, key) if key else [()] * rows
    for place in range(rows):
        row = [*([place] if ordered else []), *named[place]]
        for one in asked:
            yield [row, one], one, place
