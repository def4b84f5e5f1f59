"""The forms of a quiz: what an author wrote, checked, as the front end reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

from autograders.text import Form
from kit.lesson.markup import html_of, inline, plain
from kit.lesson.reasons import Misconception, told
from kit.lesson.saying import say

BLANK = '<span class="cp-blank" data-blank>____________</span>'
"""Where a blank stands in its sentence, until the front end puts a field there."""

_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters: they stand for a blank in the markup
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_INSIDE = re.compile(f'(?:<code>|class="math">)[^<]*{_OPEN}|<[^>]*{_OPEN}')
_VERBATIM = re.compile(r'<code>.*?</code>|<span class="math">.*?</span>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said: by wrong answers that are known, to the right answer, and to all the rest."""

    wrong: Mapping[Any, Any]
    why: Any
    otherwise: Any

    @property
    def is_silent(self) -> bool:
        """Whether the author says nothing to a wrong answer, so that a form's own text is."""
        return not self.wrong and not self.otherwise

    def spec(self, *, why: str = "", otherwise: str) -> dict[str, str]:
        """The last two as HTML, with a form's own texts where the author gave none."""
        return {"why": html_of(self.why or why), "otherwise": html_of(self.otherwise or otherwise)}


# ----------------------------------------------------------------------- options and a number


def choice(options: Mapping[str, Any], right: Any) -> dict[str, Any]:
    """One or several of some options."""
    if len(options) < 2:
        raise ValueError("a question to choose from has two options or more")
    several = not isinstance(right, str)
    if several and not isinstance(right, Iterable):
        raise TypeError(f"right= is one of the options, or a list of some; not {right!r}")
    chosen = list(right) if several else [right]
    strange = [one for one in chosen if one not in options]
    if strange or not chosen:
        raise ValueError(f"right= names no option: {strange[0]!r}" if strange else
                         "some option is right")
    believed = [one for one in chosen if isinstance(options[one], Misconception)]
    if believed:
        raise ValueError(f"{believed[0]!r} is right, so it is no misconception")
    places = {one: place for place, one in enumerate(options)}
    return {
        "form": "choice", "several": several, "right": sorted(places[one] for one in chosen),
        "options": [{**_shown(one), **told(why, one)} for one, why in options.items()],
        "note": say("Choose all that are right.") if several else "",
        "ask": f"<p>{say('Choose an answer first.')}</p>",
    }


def figure(right: Any, tolerance: float, unit: str, words: Words) -> dict[str, Any]:
    """A number that is typed."""
    value = _number(right)
    _check_tolerance(tolerance)
    known = []
    for other, said in words.wrong.items():
        if _same(_number(other), value, tolerance):
            raise ValueError(f"the wrong answer {other!r} is right")
        known.append({"at": 0, "value": _number(other), **told(said, other)})
    return {
        "form": "figure",
        "blanks": [{"label": say("Your answer"), "right": [value], "figures": True}],
        "tolerance": float(tolerance), "unit": unit, "wrong": known,
        "ask": f"<p>{say('Type a number, such as 1,500 or −0.25.')}</p>",
        **words.spec(why=say("That is right."),
                     otherwise=say("Not yet. What did you start from?")),
    }


def _number(value: Any) -> float:
    if not _is_number(value):
        raise TypeError(f"without options, right= and wrong= are numbers; not {value!r}")
    return float(value)


def _is_number(value: Any) -> bool:
    return (isinstance(value, int | float) and not isinstance(value, bool)
            and math.isfinite(value))


def _check_tolerance(tolerance: float) -> None:
    if not 0 <= tolerance < math.inf:
        raise ValueError(f"a tolerance is a number from 0, not {tolerance!r}")


def _same(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two answers count as one, as the front end compares them."""
    if _is_number(one) and _is_number(other):
        return bool(abs(one - other) <= tolerance + 1e-9 * abs(other))
    if isinstance(one, str) and isinstance(other, str):
        return _normal(one) == _normal(other)
    return False


def _normal(text: str) -> str:
    return Form().of(text).rstrip(" .,;")


def _shown(text: Any) -> dict[str, str]:
    return {"text": inline(text), "plain": plain(text)}


# ----------------------------------------------------------------------------------- an order


def order(items: Sequence[str], name: str, words: Words) -> dict[str, Any]:
    """Items to be put in order; they are shown in one that follows from the quiz's `name`."""
    items = list(items)
    if len(items) < 2:
        raise ValueError("order= lists two items or more, from the first to the last")
    twice = [one for at, one in enumerate(items) if one in items[:at]]
    if twice:
        raise ValueError(f"order= lists {twice[0]!r} twice, so that no order is the right one")
    shown = [items[at] for at in shuffled(len(items), name)]
    known = []
    for given, said in words.wrong.items():
        if isinstance(given, str) or sorted(given) != sorted(items):
            raise ValueError(f"a wrong order lists the items of order=, each once; not {given!r}")
        if list(given) == items:
            raise ValueError(f"the wrong order {given!r} is right")
        known.append({"order": [shown.index(one) for one in given],
                      **told(said, given)})
    return {
        "form": "order", "items": [_shown(one) for one in shown],
        "right": [shown.index(one) for one in items], "wrong": known,
        "note": say("Drag them into order, or use Up and Down."),
        "counted": say("In their place"),
        **words.spec(otherwise=say("Look at two that stand side by side. Which of them comes "
                                   "first, and why?")),
    }


def shuffled(number: int, seed: str) -> list[int]:
    """The places 0, 1, ... in an order that follows from `seed` and is another than theirs.

    It is the same in every version of Python, so that an answer that was kept stays what it was.
    """
    places = list(range(number))

    def by(salt: int) -> list[int]:
        return sorted(places, key=lambda at: sha256(f"{seed}:{salt}:{at}".encode()).digest())

    return next(found for found in map(by, count()) if found != places)


# ------------------------------------------------------------------------------------ matching


def match(pairs: Mapping[str, str], extra: Iterable[str], words: Words) -> dict[str, Any]:
    """Items, each to be matched with one option; the options stand in the alphabet's order."""
    extra = [extra] if isinstance(extra, str) else list(extra)
    options = sorted({plain(one) for one in [*pairs.values(), *extra]}, key=lambda one: (
        one.casefold(), one))
    if len(pairs) < 2 or len(options) < 2:
        raise ValueError("match= has two items or more, and two options or more to choose from; "
                         "extra= adds options that belong to no item")
    places = {one: at for at, one in enumerate(pairs)}
    known = []
    for key, said in words.wrong.items():
        item, option = _pair(key, "wrong= of match= names an item and an option")
        if item not in pairs or plain(option) not in options:
            raise ValueError(f"wrong= names no item of match= with one of its options: {key!r}")
        if plain(pairs[item]) == plain(option):
            raise ValueError(f"the wrong pair {key!r} is right")
        known.append({"at": places[item], "to": options.index(plain(option)),
                      **told(said, (item, option))})
    return {
        "form": "match", "options": options, "wrong": known,
        "counted": say("Right pairs"), "ask": f"<p>{say('Choose one for each first.')}</p>",
        "items": [{**_shown(item), "right": options.index(plain(option))}
                  for item, option in pairs.items()],
        **words.spec(otherwise=say("Start with the one that you are surest of. What do the "
                                   "others have to do with it?")),
    }


def _pair(key: Any, what: str) -> tuple[str, Any]:
    if not isinstance(key, tuple) or len(key) != 2:
        raise TypeError(f"{what}, in parentheses; not {key!r}")
    return key


# -------------------------------------------------------------------------------------- blanks


def blanks(
    question: str, values: Mapping[str, Any], tolerance: float, words: Words
) -> dict[str, Any]:
    """A sentence with blanks. A first paragraph without one is the question above it."""
    if not isinstance(question, str) or not values:
        raise ValueError("blanks= names the blanks of a sentence: "
                         'quiz("Debit {account}.", blanks={"account": "Cash"})')
    _check_tolerance(tolerance)
    head, *rest = re.split(r"\n\s*\n", question.strip(), maxsplit=1)
    headed = bool(rest) and not any(f"{{{name}}}" in head for name in values)
    sentence, names = _sentence(rest[0] if headed else question, list(values))
    fill = say("Fill in the blanks") if len(names) > 1 else say("Fill in the blank")
    right = [_accepted(name, values[name]) for name in names]
    fields = [{"name": names[at],
               "label": say("Blank {number} of {count}", number=at + 1, count=len(names)),
               "right": one, "figures": all(map(_is_number, one))}
              for at, one in enumerate(right)]
    ask = say("Fill in every blank first.")
    if any(one["figures"] for one in fields):
        ask = say("Fill in every blank first, a number such as 1,500 or −0.25.")
    return {
        "form": "blanks", "question": inline(head) if headed else fill, "sentence": sentence,
        "counted": say("Right blanks") if len(names) > 1 else "", "ask": f"<p>{ask}</p>",
        "blanks": fields, "tolerance": float(tolerance),
        "wrong": [_slip(key, said, fields, tolerance) for key, said in words.wrong.items()],
        **words.spec(otherwise=say("Read the sentence aloud with what you wrote. Where does it "
                                   "no longer hold?")),
    }


def _slip(
    key: Any, said: Any, fields: list[dict[str, Any]], tolerance: float
) -> dict[str, Any]:
    """A wrong answer that is known. Where there is one blank, it goes without its name."""
    names = [field["name"] for field in fields]
    name, given = (names[0], key) if len(names) == 1 and not isinstance(key, tuple) else _pair(
        key, "wrong= of blanks= names a blank and a wrong answer")
    if name not in names:
        raise ValueError(f"wrong= names no blank: {name!r}")
    at = names.index(name)
    if any(_same(given, one, tolerance) for one in fields[at]["right"]):
        raise ValueError(f"the wrong answer {given!r} is right in {{{name}}}")
    return {"at": at, "value": _accepted(name, given)[0],
            **_quoted(told(said, given), given, several=len(names) > 1)}


def _sentence(text: str, names: list[str]) -> tuple[str, list[str]]:
    """The sentence as HTML, and the names of its blanks as they follow each other."""
    marked = re.sub(r"\{(\w+)\}", lambda found: f"{_OPEN}{names.index(found[1])}{_CLOSE}"
                    if found[1] in names else found[0], text)
    shown = html_of(marked)
    if _INSIDE.search(shown):
        raise ValueError("a blank cannot stand within code, a formula or a link: give it a name "
                         "that does not occur there in braces")
    strange = re.search(r"\{(\w+)\}", _VERBATIM.sub("", shown))
    if strange:
        raise ValueError(f"the sentence has {strange[0]}, but blanks= does not name it")
    found = [names[int(place)] for place in _PLACE.findall(shown)]
    if sorted(found) != sorted(names):
        wrong = next(name for name in names if found.count(name) != 1)
        raise ValueError(f"each blank stands in the sentence once: {{{wrong}}}")
    return _PLACE.sub(BLANK, shown), found


def _accepted(name: str, value: Any) -> list[str | float]:
    """The right answers of a blank."""
    accepted = list(value) if isinstance(value, list | tuple) else [value]
    for one in accepted:
        if not _is_number(one) and not (isinstance(one, str) and one.strip()):
            raise TypeError(f"an answer in {{{name}}} is a text or a number, or a list of those; "
                            f"not {one!r}")
    if not accepted:
        raise ValueError(f"some answer in {{{name}}} is right")
    return accepted


def _quoted(said: dict[str, str], given: Any, *, several: bool) -> dict[str, str]:
    """With the answer that it speaks of, where there are several."""
    if not several:
        return said
    answer = inline(f"{given:,.12g}" if _is_number(given) else given)
    return {**said, "why": f"<p><strong>{answer}:</strong> {said['why'].removeprefix('<p>')}"}


# --------------------------------------------------------------------------------------- cards


def cards(faces: Mapping[str, Any]) -> dict[str, Any]:
    """Cards to be turned over until all are known."""
    if not faces:
        raise ValueError('cards= has a card or more: {"front": "back"}')
    bare = [front for front, back in faces.items()
            if not front.strip() or (isinstance(back, str) and not back.strip())]
    if bare:
        raise ValueError(f"a card has a front and a back: {bare[0]!r}")
    return {"form": "cards", "cards": [
        {"plain": plain(front), "front": html_of(front), "back": html_of(back)}
        for front, back in faces.items()]}
