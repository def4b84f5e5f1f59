"""Each catalogue of `kit/languages` has what readers are told: all of it, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel import Locale

import kit
from kit.language import FOLDER, marked
from kit.lesson.saying import LANGUAGES

KIT = Path(kit.__file__).parent
THEME = KIT / "site" / "theme"
# Components of lessons, and Python in a page, speak for themselves.
OWN = (KIT / "lesson", KIT / "site" / "python", KIT / "site" / "vendor", KIT / "site" / "frontend")
CATALOGUES = sorted(FOLDER.glob("*.json"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """The calls that mark texts, by the name of what is called."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else (
                node.func.id if isinstance(node.func, ast.Name) else "")
            if name in ("say", "many", "markup"):
                yield name, node


def texts_of(name: str, call: ast.Call, where: str) -> list[str]:
    given = call.args[1:] if name == "many" else call.args
    texts = [one.value for one in given if isinstance(one, ast.Constant)]
    assert len(texts) == len(given) == (2 if name == "many" else 1), (
        f"{where}: what is marked is a text as it stands, not a value")
    return [str(text) for text in texts]


def python_files() -> Iterator[Path]:
    for path in sorted(KIT.rglob("*.py")):
        if path != KIT / "language.py" and not any(path.is_relative_to(one) for one in OWN):
            yield path


@cache
def wanted() -> dict[str, Any]:
    """What a catalogue has to know: the fields of each text, or of both forms of one."""
    found: dict[str, Any] = {"{first} to {last}": {"first", "last"}}  # language.py's own
    for path in python_files():
        for name, call in calls(path):
            where = f"{path.relative_to(KIT)}:{call.lineno}"
            texts = texts_of(name, call, where)
            passed = {one.arg for one in call.keywords} | ({"number"} if name == "many" else set())
            assert passed == set.union(*map(fields, texts)), where
            if name == "many":
                one, other = texts
                found[other] = {"one": fields(one), "other": fields(other)}
            else:
                found[texts[0]] = fields(texts[0])
    for path in [*THEME.rglob("*.html"), *THEME.rglob("*.js")]:
        text = path.read_text(encoding="utf-8")
        texts = list(marked(text))
        assert len(texts) == len(re.findall(r"(?<!function )\bsay\(", text)), (
            f"{path.name}: what is marked is a text in single quotes")
        found |= {one: fields(one) for one in texts}
    return found


def test_what_is_marked_is_found() -> None:
    assert {"Skip to the text", "For {grade} you need", "Due", "Taught by", "{number} days",
            "What went wrong in the last build"} <= set(wanted())


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_every_text_with_its_fields(path: Path) -> None:
    known = json.loads(path.read_text(encoding="utf-8"))
    assert {"lacks": sorted(wanted().keys() - known.keys()),
            "not said any more": sorted(known.keys() - wanted().keys())} == {
        "lacks": [], "not said any more": []}
    rule = Locale.parse(path.stem, sep="-").plural_form
    forms = {"other"} | {rule(number) for number in range(200)}
    for text, said in known.items():
        if not isinstance(wanted()[text], dict):
            assert isinstance(said, str), text
            assert fields(said) == wanted()[text], text
            continue
        assert set(said) == forms, text
        for form, words in said.items():
            # A form for one number alone need not name it.
            assert wanted()[text]["other"] - fields(words) <= ({"number"} if form == "one" else
                                                              set()), text
            assert fields(words) <= wanted()[text]["other"], text


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_no_text_was_left_empty_or_lost_its_ends(path: Path) -> None:
    for text, said in json.loads(path.read_text(encoding="utf-8")).items():
        for words in said.values() if isinstance(said, dict) else [said]:
            assert words.strip(), text
            assert (words[0].isspace(), words[-1].isspace()) == (
                text[0].isspace(), text[-1].isspace()), text
            assert words.count("`") == text.count("`"), text


def test_components_speak_the_languages_that_pages_speak() -> None:
    of_components = {path.stem for path in LANGUAGES.glob("*.json")} - {"en"}
    assert {path.stem for path in CATALOGUES} == of_components
