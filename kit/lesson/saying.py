"""The words of the interface, in the language of the course.

Texts stay English in the code and are marked: `say("Hint {number}", number=1)` in Python,
say`Hint ${number}` in the front end's modules. `languages/CODE.json` has them in another language:
{English: translation}, with the same `{fields}`. Where a number decides, a translation is
{"one": ..., "other": ...} and goes by the first field of the English text; `en.json` has such forms
alone.

In the front end a translation takes the place of what is marked when a module is read
(`in_language`): no page loads a catalogue, and an English page nothing at all. A field is called by
the last word of its value, which a comment may be: ${at + 1 /* line */}.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

VARIABLE = "KIT_LANGUAGE"
"""The variable by which a build tells its kernels the language of the course."""

ENTRY = "lang"
"""The entry of a notebook's metadata that has the language, for a copy that left its course."""

ENGLISH = "en"
LANGUAGES = Path(__file__).with_name("languages")

_SAID = re.compile(r"(?<![.\w])say`((?:[^`\\$]|\$\{[^{}`]*\})*)`")
_VALUE = re.compile(r"\$\{([^{}`]*)\}")
_WORD = re.compile(r"[A-Za-z_]\w*")
_NOTE = re.compile(r"\s*/\*.*?\*/")
_FIELD = re.compile(r"\{(\w+)\}")
_LINE = re.compile(r"""^language:[ \t]*(["']?)([\w-]+)\1[ \t]*(?:#.*)?$""", re.MULTILINE)
_LARGEST = 50_000_000  # bytes of a notebook that is read for its language

_here: ContextVar[str] = ContextVar("language", default="")
_told = ""

Forms = str | Mapping[str, str]
"""A text, or its forms by the categories of Unicode's plural rules."""


def language(code: str) -> None:
    """Speak this language from here on: `kit.lesson.language("es")`.

    A notebook in its course needs no such call, nor does a copy that a learner got: `language:` in
    course.yml says it. On a built page that is what counts.

    Raises ValueError for a language that has no translation, with those that have.
    """
    global _told  # noqa: PLW0603 - a kernel is one notebook
    if not is_spoken(code):
        raise ValueError(f"there is no translation into {code!r}; there is: "
                         f"{', '.join(languages())}")
    _told = code


def say(text: str, /, **values: Any) -> str:
    """A text of the interface, with its values in it, in the language that is spoken here."""
    forms = forms_of(text, spoken())
    if not isinstance(forms, str):
        forms = forms["one" if next(iter(values.values())) == 1 and "one" in forms else "other"]
    return _FIELD.sub(lambda found: str(values[found[1]]), forms) if values else forms


def spoken() -> str:
    """The language of the interface here, one of `languages()`.

    A build says it; else the notebook, by `language`; else the nearest course.yml upwards; else
    the notebook's metadata; else it is English.
    """
    told = _here.get() or os.environ.get(VARIABLE, "") or _told
    return nearest(told or _around(*_places()))


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language here, whatever else says one."""
    before = _here.set(code)
    try:
        yield
    finally:
        _here.reset(before)


# ------------------------------------------------------------------------------ languages


@cache
def languages() -> tuple[str, ...]:
    """The languages that the interface speaks, by their codes: en, es."""
    return tuple(sorted({ENGLISH, *(path.stem for path in LANGUAGES.glob("*.json"))}))


@cache
def nearest(code: str) -> str:
    """The language that is spoken for a code: es for es-MX, English for one that is not known."""
    known = {one.lower(): one for one in languages()}
    words = code.lower().replace("_", "-").split("-")
    whole = ("-".join(words[:count]) for count in range(len(words), 0, -1))
    return next((known[one] for one in whole if one in known), ENGLISH)


def is_spoken(code: str) -> bool:
    """Whether the interface speaks the language of a code, such as es-MX."""
    return nearest(code) != ENGLISH or re.split("[-_]", code.lower())[0] == ENGLISH


@cache
def catalogue(code: str) -> Mapping[str, Forms]:
    """All texts in a language, by the English ones."""
    path = LANGUAGES / f"{code}.json"
    found: Mapping[str, Forms] = (
        json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})
    return found


def forms_of(text: str, code: str) -> Forms:
    """A text in a language; in English, where that has none for it."""
    return catalogue(code).get(text) or catalogue(ENGLISH).get(text, text)


def in_language(script: str, code: str) -> str:
    """A script of the front end with what is marked in it put into a language."""

    def put(found: re.Match[str]) -> str:
        text, values = _marked(found[1])
        forms = forms_of(text, code)
        if isinstance(forms, str):
            return _literal(forms, values)
        made = {name: _literal(form, values) for name, form in forms.items()}
        number = next(iter(values.values()))
        if code == ENGLISH:
            return f"({number} === 1 ? {made['one']} : {made['other']})"
        listed = ", ".join(f"{name}: {one}" for name, one in made.items())
        rules = f"new Intl.PluralRules('{code}').select({number})"
        return f"((forms) => forms[{rules}] || forms.other)({{ {listed} }})"

    return _SAID.sub(put, script)


def texts_in(script: str) -> list[str]:
    """The texts that are marked in a script of the front end, as a catalogue has them."""
    return [_marked(found[1])[0] for found in _SAID.finditer(script)]


def _marked(text: str) -> tuple[str, dict[str, str]]:
    """A text of a script with {fields}, and the expression that is the value of each."""
    values: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        name = _WORD.findall(found[1])[-1]
        values[name] = _NOTE.sub("", found[1])
        return f"{{{name}}}"

    return _VALUE.sub(named, text), values


def _literal(form: str, values: Mapping[str, str]) -> str:
    return "`" + _FIELD.sub(lambda found: f"${{{values[found[1]]}}}" if found[1] in values
                            else found[0], form) + "`"


# --------------------------------------------------------------------------- where we are


def _places() -> tuple[str, str]:
    """The folder of this kernel, and its notebook where a program that shows it tells."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - compared as text, at each word
    except OSError:  # it is gone
        folder = ""
    in_code = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", "")
    return folder, str(in_code or os.environ.get("JPY_SESSION_NAME", ""))


@cache
def _around(folder: str, notebook: str) -> str:
    """What the nearest course.yml says, else the notebook; "" where there is neither."""
    for place in (Path(folder), *Path(folder).parents) if folder else ():
        found = _read(place / "course.yml")
        if found is not None:
            line = _LINE.search(found)
            return line[2] if line else ENGLISH
    try:
        metadata = json.loads(_read(Path(notebook)) or "{}")["metadata"]
        return str(metadata.get(ENTRY) or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _read(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None
