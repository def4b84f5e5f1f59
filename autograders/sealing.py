"""Seal a test cell: what learners get in place of the author's checks.

A release runs the solved notebook with `watch()` before it. After a cell, `seen()` is what that
cell checks, sealed; `source_of` is the cell as it is handed out. `autograders.sealed` is the
learner's end.
"""

from __future__ import annotations

import json
import keyword
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from autograders.outcome import Check
from autograders.question import Question
from autograders.sealed import Seal, packed, seal_of, unpacked

HEAD = (
    "# This test is sealed: it can tell that an answer is right, and does not hold the answer.")
_SALT_BYTES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCheck:
    """A check as it is handed out. `name` is what it reads; without a `seal` it is graded after
    hand-in. `usual` is the weight that it has unless another is stated."""

    kind: str
    label: str
    name: str
    weight: float
    usual: float
    seal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedQuestion:
    """A question as it is handed out; `variable` and `package` are names of the notebook."""

    name: str
    points: float
    variable: str = "q"
    package: str = "ag"
    checks: tuple[SealedCheck, ...] = ()


@dataclass(slots=True)
class _Seen:
    """A question that the running cell made or added to, with the checks it added."""

    question: Question
    checks: list[tuple[Check, float, bool]] = field(default_factory=list)


@dataclass(slots=True)
class _Watch:
    """What was seen since it was last asked; nothing before it is on."""

    on: bool = False
    seen: dict[int, _Seen] = field(default_factory=dict)

    def of(self, question: Question) -> _Seen:
        """What was seen of a question."""
        return self.seen.setdefault(id(question), _Seen(question))


_WATCH = _Watch()


def watch() -> None:
    """From here on, questions and what is added to them are kept for `seen`."""
    if _WATCH.on:
        return
    _WATCH.on = True
    begin, add = Question.__init__, Question.add

    def began(self: Question, name: str, points: float, *, names: Any = None) -> None:
        begin(self, name, points, names=sys._getframe(1).f_globals if names is None else names)
        _WATCH.of(self)

    def added(
        self: Question, check: Check, *, weight: float | None = None, hidden: bool | None = None
    ) -> None:
        add(self, check, weight=weight, hidden=bool(hidden))
        _WATCH.of(self).checks.append(self._checks[-1])

    Question.__init__, Question.add = began, added  # type: ignore[method-assign]


def seen(namespace: Mapping[str, Any], salt: str) -> tuple[SealedQuestion, ...]:
    """The questions that were made, or added to, since this was last asked, sealed.

    `namespace` is the notebook's. The digests are salted by what follows from `salt`, so that
    each release of the same cell has the same.
    """
    found, _WATCH.seen = list(_WATCH.seen.values()), {}
    return tuple(
        SealedQuestion(
            name=one.question.name, points=one.question.points,
            variable=_name_of(one.question, namespace) or "q",
            package=_name_of(sys.modules["autograders"], namespace) or "ag",
            checks=tuple(
                _sealed(check, weight, hidden or one.question._names is not namespace,
                        sha256(f"{salt}|{place}|{number}".encode()).digest()[:_SALT_BYTES])
                for number, (check, weight, hidden) in enumerate(one.checks)))
        for place, one in enumerate(found))


def _sealed(check: Check, weight: float, hidden: bool, salt: bytes) -> SealedCheck:
    plain = SealedCheck(kind=check.kind, label=check.label, name=check.label, weight=weight,
                        usual=1.0)
    handout = None if hidden or check.handout is None else check.handout()
    if handout is None:
        return plain
    try:
        seal = packed(seal_of(handout, salt, counts=check.counts))
    except (TypeError, ValueError):  # its arguments are no plain values
        return plain
    return replace(plain, name=handout.name, seal=seal, usual=1.0 if check.counts else 0.0)


def _name_of(value: Any, namespace: Mapping[str, Any]) -> str | None:
    """What the notebook calls a question or the package."""
    return next((name for name, one in namespace.items() if one is value and name.isidentifier()
                 and not keyword.iskeyword(name) and not name.startswith("_")), None)


# ------------------------------------------------------------------------- from run to cell


def as_json(questions: Sequence[SealedQuestion]) -> str:
    """Sealed questions as text that leaves the run."""
    return json.dumps([asdict(one) for one in questions])


def from_json(text: str) -> tuple[SealedQuestion, ...]:
    """The questions that `as_json` wrote. Raises ValueError or TypeError for another text."""
    return tuple(
        SealedQuestion(**{**one, "checks": tuple(SealedCheck(**check) for check in one["checks"])})
        for one in json.loads(text))


def in_common(runs: Sequence[tuple[SealedQuestion, ...]]) -> tuple[SealedQuestion, ...]:
    """What several runs of a cell hand out alike.

    With variants an answer is another for each learner, and no digest fits all of them: such a
    check keeps its form, and is graded after hand-in.
    """
    first, *others = runs
    if any([len(one.checks) for one in other] != [len(one.checks) for one in first]
           for other in others):
        return tuple(replace(one, checks=()) for one in first)
    return tuple(
        replace(question, checks=tuple(
            replace(check, seal=_alike([
                check.seal, *(other[place].checks[number].seal for other in others)]))
            for number, check in enumerate(question.checks)))
        for place, question in enumerate(first))


def _alike(seals: Sequence[str]) -> str:
    if len(set(seals)) == 1:
        return seals[0]
    if not all(seals):
        return ""
    opened = [_without_digests(unpacked(seal)) for seal in seals]
    return packed(opened[0]) if all(one == opened[0] for one in opened) else ""


def _without_digests(seal: Seal) -> Seal:
    return replace(seal, keyed=None, right=(), edge=frozenset(), mistakes=())


def source_of(questions: Sequence[SealedQuestion], imports: Sequence[str] = ()) -> str:
    """The cell that learners get: the author's `imports`, the questions, their sealed checks."""
    package = questions[0].package
    own = "import autograders" + ("" if package == "autograders" else f" as {package}")
    lines = [HEAD, *dict.fromkeys([*imports, own]), ""]
    for one in questions:
        lines.append(f"{one.variable} = {one.package}.Question({_text(one.name)}, "
                     f"points={_number(one.points)})")
        lines += [_line(one, check) for check in one.checks]
    return "\n".join([*lines, f"{questions[-1].variable}.result()"])


def _line(question: SealedQuestion, check: SealedCheck) -> str:
    """The statement that adds a sealed check."""
    made = [_text(check.kind), _text(check.name)]
    if check.seal:
        made.append(_text(check.seal))  # on one line, which an editor does not break
    if check.label != check.name:
        made.append(f"label={_text(check.label)}")
    usual = check.usual if check.seal else 1.0
    weight = "" if check.weight == usual else f", weight={_number(check.weight)}"
    return (f"{question.variable}.add({question.package}.sealed({', '.join(made)}){weight})")


def _number(value: float) -> str:
    return repr(int(value) if value == int(value) else value)


def _text(text: str) -> str:
    """A text as Python in double quotes."""
    return json.dumps(text, ensure_ascii=False)
