"""Quizzes of each form, answered wrongly and rightly."""

from __future__ import annotations

from typing import Any

from answering.hands import shown
from answering.parts import SAID, Part, close, figure

CHECK = "^Check"
NOT_YET = "not yet"
Each = list[tuple[str, list[str]]]
_BESIDE = ".cp-match + .cp-said"


# ----------------------------------------------------------------------------- options


def wrong_choice(part: Part, hand: Any) -> None:
    """Each wrong option is told its own reason; where several are right, one of them helps."""
    spec = part.spec
    for place in (at for at in range(len(spec["options"])) if at not in spec["right"]):
        chosen = sorted([place, *spec["right"][:1]]) if spec["several"] else [place]
        hand.tick(part, chosen)
        hand.press(part, CHECK)
        part.expect("part" if spec["several"] else "wrong", NOT_YET, each=_rows(spec, chosen),
                    says=["not belong here"] if spec["several"] else [])


def right_choice(part: Part, hand: Any) -> None:
    spec = part.spec
    hand.tick(part, spec["right"])
    hand.press(part, CHECK)
    part.expect("right", "right", each=_rows(spec, spec["right"]))


def _rows(spec: dict[str, Any], chosen: list[int]) -> Each:
    """The options that are chosen have their reasons beside them, and no other has one."""
    return [(".cp-option .cp-said", [one["why"] if at in chosen else ""
                                     for at, one in enumerate(spec["options"])])]


# ----------------------------------------------------------- a number, and a sentence's blanks


def wrong_fields(part: Part, hand: Any) -> None:
    """Each wrong answer that is known is told its reason, and another one what is said to all."""
    spec = part.spec
    blanks = spec["blanks"]
    known = [(one["at"], one["value"]) for one in spec["wrong"]]
    for at, value in [*known, (0, _unknown(part))]:
        typed = [one["right"][0] for one in blanks]
        typed[at] = value
        _fill(part, hand, typed)
        why = [one["why"] for one in spec["wrong"]
               if one["at"] == at and _same(part, value, one["value"])]
        hits = len(blanks) - 1
        part.expect("part" if hits else "wrong", NOT_YET,
                    exact=_told(spec, "".join(why) or spec["otherwise"], hits))


def right_fields(part: Part, hand: Any) -> None:
    spec = part.spec
    _fill(part, hand, [one["right"][0] for one in spec["blanks"]])
    part.expect("right", "right", exact=_told(spec, spec["why"], len(spec["blanks"])))


def _fill(part: Part, hand: Any, typed: list[Any]) -> None:
    for at, value in enumerate(typed):
        hand.write(part, value if isinstance(value, str) else figure(value), "input", at)
    hand.press(part, CHECK)


def _unknown(part: Part) -> Any:
    """An answer in the first blank that nobody thought of."""
    first, wrong = part.spec["blanks"][0], part.spec["wrong"]
    known = [*first["right"], *(one["value"] for one in wrong if one["at"] == 0)]
    if not first["figures"]:
        return "neither of these"
    return next(value for value in range(987_653, 990_000)
                if not any(_same(part, value, one) for one in known))


def _same(part: Part, one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(str(one).casefold() == str(other).casefold())
    return close(one, other, part.spec["tolerance"])


def _told(spec: dict[str, Any], why: str, hits: int) -> list[tuple[tuple[Any, ...], str]]:
    """What is said below, whole: how many are right, where that is counted, and why."""
    counted = spec.get("counted")
    of = len(spec.get("blanks") or spec["items"])
    head = f"<p>{counted}: {hits} of {of}.</p>" if counted else ""
    return [(SAID, head + why)]


# ----------------------------------------------------------------------- order and pairs


def wrong_order(part: Part, hand: Any) -> None:
    """A wrong order that is known, or else the one that the page begins with."""
    spec = part.spec
    known = spec["wrong"][0] if spec["wrong"] else {"order": shown(part), "why": spec["otherwise"]}
    hand.sort(part, known["order"])
    hand.press(part, CHECK)
    hits = sum(one == other for one, other in zip(known["order"], spec["right"], strict=True))
    part.expect("part" if hits else "wrong", NOT_YET, exact=_told(spec, known["why"], hits))


def right_order(part: Part, hand: Any) -> None:
    hand.sort(part, part.spec["right"])
    hand.press(part, CHECK)
    part.expect("right", "right",
                exact=_told(part.spec, part.spec["why"], len(part.spec["items"])))


def wrong_match(part: Part, hand: Any) -> None:
    """A wrong pair is told beside it, where it is known; the other pairs are right."""
    spec = part.spec
    right = [one["right"] for one in spec["items"]]
    other = next(at for at in range(len(spec["options"])) if at != right[0])
    for one in spec["wrong"] or [{"at": 0, "to": other, "why": ""}]:
        chosen = list(right)
        chosen[one["at"]] = one["to"]
        _match(part, hand, chosen)
        part.expect(
            "part", NOT_YET, each=[(_BESIDE, [one["why"] if at == one["at"] else ""
                                              for at in range(len(right))])],
            exact=_told(spec, "" if one["why"] else spec["otherwise"], len(right) - 1))


def right_match(part: Part, hand: Any) -> None:
    items = part.spec["items"]
    _match(part, hand, [one["right"] for one in items])
    part.expect("right", "right", each=[(_BESIDE, [""] * len(items))],
                exact=_told(part.spec, part.spec["why"], len(items)))


def _match(part: Part, hand: Any, chosen: list[int]) -> None:
    for at, option in enumerate(chosen):
        hand.pick(part, option + 1, "select", at)
    hand.press(part, CHECK)


# -------------------------------------------------------------------------------- cards


def wrong_cards(part: Part, hand: Any) -> None:
    """A card that is not known comes again at the end."""
    first, *rest = part.spec["cards"]
    part.expect("open", exact=[((".cp-card", 0, ".cp-said", 1), "")])
    hand.press(part, "^Turn over")
    part.expect("open", says=[first["back"]])
    hand.press(part, "^Again")
    part.expect("open", says=[rest[0]["front"] if rest else first["front"],
                              f"Known: 0 of {len(part.spec['cards'])}"])


def right_cards(part: Part, hand: Any) -> None:
    for _ in part.spec["cards"]:
        hand.press(part, "^Turn over")
        hand.press(part, "^Knew it")
    part.expect("right", "all known", says=[f"You know all {len(part.spec['cards'])}"])
