"""A check as a release holds it: it knows a right answer again, and cannot show it.

    q.add(ag.sealed("number", "profit", "eNp..."))

Such lines are written by a release, never by hand; see `autograders.sealing`.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from autograders.digests import boxed, digest, opened, stretched
from autograders.handout import DOUBT, OR, Counted, Handout, Keys, Slips, joined
from autograders.outcome import Check, Outcome, Scope, afterwards, failed, partly, passed

VERSION = 1
_MOST_BYTES = 1_000_000
_MORE = 20
_WRONG = ("value",)

_HOMES = {
    "array": "autograders.arrays", "choice": "autograders.choice",
    "distribution": "autograders.distribution", "function": "autograders.function",
    "hypothesis_test": "autograders.inference", "number": "autograders.number",
    "plot": "autograders.plot", "source": "autograders.source", "table": "autograders.tables",
    "text": "autograders.text", "written": "autograders.written",
} | {kind: f"autograders.accounting.{home}" for kind, home in {
    "balance_sheet": "balance_sheet", "cash_flow": "cash_flow",
    "income_statement": "income_statement", "journal": "journal", "ledger": "ledger",
    "ratio": "ratio", "trial_balance": "trial_balance",
}.items()}
"""The module of each checker. It has the checker under the name of its kind and, where answers
are digested, `keys(name, **keyed)`, which reads the keys of an answer; it may have `slips` of
the same arguments, which reads those that an answer would have without a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What is packed: the check of the form, and digests of the right answer's parts, of the
    edge, and boxes of known mistakes. Without `digests` nothing is judged here."""

    arguments: Mapping[str, Any]
    keyed: Mapping[str, Any] | None
    counts: bool
    salt: bytes
    right: tuple[frozenset[str], ...]
    edge: frozenset[str]
    mistakes: tuple[tuple[str, ...], ...]
    decides: bool
    complete: bool
    counted: Counted
    named: bool
    whole: bool
    loose: bool
    together: frozenset[str]
    home: str

    @property
    def digests(self) -> bool:
        """Whether an answer is compared with digests."""
        return self.keyed is not None and bool(self.right or self.together or self.mistakes)


def sealed(kind: str, name: str, seal: str = "", *, label: str | None = None) -> Check:
    """A check of the learner's `name` that a release sealed. `kind` names the checker.

    It looks at the form of the answer; where the `seal` holds digests it tells a right answer,
    and a known mistake, from others. What it cannot tell is graded after hand-in. Raises
    ValueError for a seal that is damaged.
    """
    if not seal:
        return Check(label=label or name, kind=kind, examine=lambda _: afterwards())
    parts = unpacked(seal)
    form: Check | None = None
    keys: Keys | None = None
    slips: Slips | None = None
    where = _HOMES.get(kind) or parts.home
    if where:
        home = import_module(where)
        form = getattr(home, kind)(name, **parts.arguments)
        if parts.digests:
            keys = home.keys(name, **(parts.keyed or {}))
            slips = home.slips(name, **(parts.keyed or {})) if hasattr(home, "slips") else None

    def examine(scope: Scope) -> Outcome:
        looked = form.examine(scope) if form is not None else afterwards()
        if parts.whole or looked.review or (looked.credit < 1 and not looked.later):
            return looked
        if keys is None:
            # A form that counts says that all is right, which is not known here.
            told = "" if form is None or form.counts else looked.message
            return afterwards(_in_one(told, "Graded after hand-in.")) if (
                parts.counts or not parts.complete) else looked
        outcome = _compared(keys(scope), parts, looked)
        if outcome.state == "failed" and outcome.tags == _WRONG and slips is not None:
            return _slipped(slips(scope), parts) or outcome
        return outcome

    return Check(label=label or name, kind=kind, examine=examine, counts=parts.counts,
                 seconds=form.seconds if form is not None else 10.0)


def _in_one(*told: str) -> str:
    return " ".join(one for one in told if one)


def _compared(found: tuple[str, ...], seal: Seal, looked: Outcome) -> Outcome:
    """What the keys of an answer tell by the digests."""
    if seal.loose:
        return _loose(found, seal, looked)
    slow = [_slow(key, seal.salt) for key in found]
    own = [digest(one) for one in slow]
    hits = [not right.isdisjoint(own) for right in seal.right] if seal.named else [
        one in right for one, right in zip(own, seal.right, strict=False)]
    if hits and all(hits) and len(own) == len(seal.right):
        if not seal.complete:
            return afterwards("What is looked at here is right. The rest is graded after hand-in.")
        return passed("That is right." if len(hits) == 1 else f"All {len(hits)} are right.")
    made = _made(slow[0], seal) if len(slow) == 1 else None
    if made is not None:
        return made
    if not seal.counts:
        return looked
    if not seal.decides or (not seal.edge.isdisjoint(own)):
        return afterwards("It may be right: that is graded after hand-in.")
    if len(seal.right) > 1 and seal.counted != "whole":
        share = sum(hits) / max(len(seal.right), len(own)) if seal.counted == "share" else 0.0
        return partly(min(share, 0.999), f"{sum(hits)} of {len(seal.right)} are right.", "value")
    return failed("That is not right.", *_WRONG)


def _slipped(found: list[tuple[str, Outcome]], seal: Seal) -> Outcome | None:
    """The outcome of the slip without which the answer is right."""
    return next((outcome for key, outcome in found
                 if digest(_slow(key, seal.salt)) in seal.right[0]), None)


def _loose(found: tuple[str, ...], seal: Seal, looked: Outcome) -> Outcome:
    """What the keys of an answer tell whose parts stand in any order."""
    readings = _readings(found)
    wholes = [_slow(joined(reading), seal.salt) for reading in readings]
    count = len(seal.right)
    if any(digest(whole) in seal.together for whole in wholes):
        return passed(f"All {count} are right." if count > 1 else "That is right.")
    made = next((made for whole in wholes if (made := _made(whole, seal)) is not None), None)
    if made is not None:
        return made
    if not seal.counts:
        return looked
    hits, share = max(_hits(reading, seal) for reading in readings)
    later = not seal.decides or DOUBT in found or share >= 1
    if later and count > 1 and 0 <= hits < count:
        return afterwards(f"{hits} of {count} are right. What the rest earns is graded after "
                          "hand-in.")
    if later or hits < 0:
        return afterwards("It may be right: that is graded after hand-in.")
    told = f"{hits} of {count} are right." if count > 1 else "That is not right."
    if hits == count:
        told = "What is asked for is there, and something else that is not right."
    return partly(min(share, 0.999), told, *_WRONG)


def _readings(found: tuple[str, ...]) -> list[list[str]]:
    """The keys of each way to read an answer."""
    readings: list[list[str]] = [[]]
    for key in found:
        if key == OR:
            readings.append([])
        elif key != DOUBT:
            readings[-1].append(key)
    return readings


def _hits(reading: list[str], seal: Seal) -> tuple[int, float]:
    """How many parts are right, and which share that is; -1 where there are too many to tell."""
    parts = [key for key in reading if not key.startswith(" ")]
    if not seal.right or len(parts) > 2 * len(seal.right) + _MORE:
        return -1, 0.0
    own = {digest(_slow(key, seal.salt)) for key in parts}
    hits = sum(not right.isdisjoint(own) for right in seal.right)
    return hits, hits / max(len(seal.right), len(parts))


def _made(slow: bytes, seal: Seal) -> Outcome | None:
    """The outcome of a known mistake, whose box the answer opens."""
    for box in seal.mistakes:
        told = opened(list(box), slow)
        if told is not None:
            message, tag, credit = json.loads(told)
            return partly(credit, message, tag) if seal.counts else failed(message, tag)
    return None


@lru_cache(maxsize=1024)
def _slow(key: str, salt: bytes) -> bytes:
    """The stretched key. A cell that is run again costs nothing."""
    return stretched(key, salt)


# ------------------------------------------------------------------------------ the author's


def seal_of(handout: Handout, salt: bytes, *, counts: bool) -> Seal:
    """Digests in place of keys."""
    def digests(keys: frozenset[str]) -> frozenset[str]:
        return frozenset(digest(_slow(key, salt)) for key in keys)

    boxes = sorted(
        tuple(boxed(json.dumps([outcome.message, outcome.tags[0], outcome.credit]),
                    [_slow(key, salt) for key in sorted(keys)], salt))
        for keys, outcome in handout.mistakes)
    right = [digests(part) for part in handout.right]
    # Parts in any order stand in one that tells nothing of the author's.
    return Seal(arguments=handout.arguments, keyed=handout.keyed, counts=counts, salt=salt,
                right=tuple(sorted(right, key=sorted) if handout.loose else right),
                edge=digests(handout.edge),
                mistakes=tuple(boxes), decides=handout.decides, complete=handout.complete,
                counted=handout.counted, named=handout.named, whole=handout.whole,
                loose=handout.loose, together=digests(handout.together), home=handout.home)


def packed(seal: Seal) -> str:
    """A seal as text: letters and digits.

    Raises TypeError or ValueError where its arguments are no plain values.
    """
    plain = {
        "v": VERSION, "form": _plain(seal.arguments), "keyed": _plain(seal.keyed),
        "counts": seal.counts,
        "salt": b64encode(seal.salt).decode(), "right": [sorted(part) for part in seal.right],
        "edge": sorted(seal.edge), "mistakes": [list(box) for box in seal.mistakes],
        "decides": seal.decides, "complete": seal.complete, "counted": seal.counted,
        "named": seal.named, "whole": seal.whole, "loose": seal.loose,
        "together": sorted(seal.together), "home": seal.home,
    }
    text = json.dumps(plain, allow_nan=False, separators=(",", ":"))
    return b64encode(zlib.compress(text.encode(), 9)).decode()


def _plain(value: Any) -> Any:
    """The value, of which JSON gives back the same. Raises TypeError for another."""
    if isinstance(value, Mapping):
        if not all(type(key) is str for key in value):
            raise TypeError("the keys of plain arguments are text")
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is not None and type(value) not in (str, int, float, bool):
        raise TypeError(f"{value!r} is no plain argument")
    return value


def unpacked(text: str) -> Seal:
    """The seal that was packed. Raises ValueError for a damaged one."""
    try:
        opener = zlib.decompressobj()
        data = opener.decompress(b64decode("".join(text.split()), validate=True), _MOST_BYTES)
        plain = json.loads(data)
        if plain["v"] != VERSION:
            raise ValueError("another version")
        return Seal(
            arguments=plain["form"], keyed=plain["keyed"], counts=plain["counts"],
            salt=b64decode(plain["salt"]), decides=plain["decides"],
            complete=plain["complete"], counted=plain["counted"], named=plain["named"],
            whole=plain["whole"], loose=plain["loose"], together=frozenset(plain["together"]),
            home=plain["home"],
            right=tuple(map(frozenset, plain["right"])), edge=frozenset(plain["edge"]),
            mistakes=tuple(map(tuple, plain["mistakes"])))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise ValueError(
            "this sealed check is damaged, or of another version of autograders: fetch the "
            "assignment again") from error
