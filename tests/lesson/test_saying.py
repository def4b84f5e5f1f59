"""The words of the interface: what is marked, what catalogues hold, which language is spoken."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kit.lesson import language, saying
from kit.lesson.saying import in_language, is_spoken, nearest, say, speaking, spoken, texts_in

ROOM = Path(saying.__file__).parent
SCRIPTS = sorted([*ROOM.glob("frontend/*.js"), *(ROOM.parent / "site" / "python").glob("*.js")])
FIELD = re.compile(r"\{(\w+)\}")
OTHERS = [code for code in saying.languages() if code != saying.ENGLISH]


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.stem, node


def said_in_python() -> Iterator[tuple[str, list[str]]]:
    """Each text that is marked in Python, and the names of its values."""
    for module, call in calls():
        if isinstance(call.func, ast.Name) and call.func.id == "say":
            (text,) = call.args
            if isinstance(text, ast.Name):
                yield getattr(import_module(f"kit.lesson.{module}"), text.id), names(call)
            else:
                assert isinstance(text, ast.Constant), f"{module}, line {call.lineno}"
                yield text.value, names(call)


def names(call: ast.Call) -> list[str]:
    found = [word.arg for word in call.keywords if word.arg]
    return found if len(found) == len(call.keywords) else []


TEXTS = {text for text, _ in said_in_python()} | {
    text for path in SCRIPTS for text in texts_in(path.read_text(encoding="utf-8"))}


def forms(translation: Any) -> list[str]:
    return list(translation.values()) if isinstance(translation, dict) else [translation]


# ------------------------------------------------------------------------------ catalogues


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_text_and_no_other(code: str) -> None:
    found = set(saying.catalogue(code))
    assert (sorted(TEXTS - found), sorted(found - TEXTS)) == ([], []), (
        f"kit/lesson/languages/{code}.json: the first are missing, the second no longer said")


@pytest.mark.parametrize("code", saying.languages())
def test_a_translation_has_the_fields_of_the_text_and_no_markup(code: str) -> None:
    wrong = []
    for text, translation in saying.catalogue(code).items():
        fields = FIELD.findall(text)
        for form in forms(translation):
            # Where there is one of a thing, its number need not be said.
            lacks = {fields[0]} if isinstance(translation, dict) else set()
            if not set(fields) - lacks <= set(FIELD.findall(form)) <= set(fields) or (
                    re.search(r"[<>&`\\]|\$\{", form) or not form.strip()):
                wrong.append((text, form))
    assert wrong == []


@pytest.mark.parametrize("code", saying.languages())
def test_a_translation_with_forms_goes_by_a_number(code: str) -> None:
    made = {text: one for text, one in saying.catalogue(code).items() if isinstance(one, dict)}
    assert all({"other"} < set(one) <= {"zero", "one", "two", "few", "many", "other"}
               for one in made.values())
    assert [text for text in made if not FIELD.search(text)] == []
    for text, values in said_in_python():
        assert text not in made or values[0] == FIELD.findall(text)[0]


def test_english_has_forms_alone() -> None:
    english = saying.catalogue(saying.ENGLISH)
    assert set(english) <= TEXTS
    assert all(set(one) == {"one", "other"} and one["other"] == text
               for text, one in english.items())


def test_no_text_stands_in_a_catalogue_twice() -> None:
    for path in saying.LANGUAGES.glob("*.json"):
        pairs = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), path.name


# --------------------------------------------------------------------------------- marking


def test_values_are_given_for_the_fields_of_a_text() -> None:
    assert [text for text, values in said_in_python()
            if values and sorted(values) != sorted(FIELD.findall(text))] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_all_that_is_marked_in_a_script_can_be_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r"(?<![.\w])say`", text)) == len(texts_in(text))
    for one in texts_in(text):
        assert len(FIELD.findall(one)) == len(set(FIELD.findall(one))), one
    assert "say`" not in in_language(text, "es")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_words_for_readers_stand_unmarked_in_a_script(path: Path) -> None:
    text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"say`(?:[^`\\$]|\$\{[^{}`]*\})*`", "", text)
    sentence = r"[`'>]([A-Z][a-z]+(?:[ ,:;]+[A-Za-z]+)+[.?!…]?)[`'<]"
    word = (r"(?:button\(|link\(|missing: |textContent = |'aria-(?:label|valuetext)': |label: "
            r"|alt = |tell\('\w+', |\.say\()'([^']*[A-Za-z]{2}[^']*)'")
    assert re.findall(sentence, text) + re.findall(word, text) == []


def test_why_a_widget_cannot_be_frozen_is_always_marked() -> None:
    plain = [f"{module}, line {call.lineno}" for module, call in calls()
             if isinstance(call.func, ast.Name) and call.func.id == "CannotFreeze"
             and any(isinstance(one, ast.Constant | ast.JoinedStr) for one in call.args)]
    assert plain == []


def test_a_translation_takes_the_place_of_what_is_marked(browser: Any) -> None:
    script = ("([opened, wrong, count]) => [say`Check`, say`${opened} of ${count} open`, "
              "say`${wrong} of your ${count} do not belong here`]")
    context = browser.new_context()
    page = context.new_page()
    english, spanish = (in_language(script, code) for code in ("en", "es"))
    assert page.evaluate(english, [2, 1, 3]) == [
        "Check", "2 of 3 open", "1 of your 3 does not belong here"]
    assert page.evaluate(spanish, [2, 2, 3]) == [
        "Comprobar", "2 de 3 abiertas", "2 de 3 no corresponden aquí"]
    assert page.evaluate(spanish, [2, 1, 3])[2] == "1 de 3 no corresponde aquí"
    context.close()


# ------------------------------------------------------------------------- which is spoken


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Nothing says a language, and nothing is remembered."""
    for name in (saying.VARIABLE, "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(saying, "_told", "")
    monkeypatch.chdir(tmp_path)
    yield
    saying._around.cache_clear()


@pytest.mark.parametrize(("code", "spoken_for_it"), [
    ("es", "es"), ("es-MX", "es"), ("ES_ar", "es"), ("en-GB", "en"), ("eu", "en"), ("", "en"),
    ("español", "en"), ("es\n", "en"),
])
def test_the_nearest_language(code: str, spoken_for_it: str) -> None:
    assert nearest(code) == spoken_for_it
    assert is_spoken(code) == code.lower().startswith(("es-", "es_", "en-")) or code == "es"


def test_a_text_has_its_values_and_its_number() -> None:
    assert say("Hint {number}", number="{count}") == "Hint {count}"
    with speaking("es-MX"):
        assert say("Hint {number}", number=2) == "Pista 2"
        assert say("A table of {count} rows: {names}.", count=1, names="a") == (
            "Una tabla de 1 fila: a.")
        assert say("A table of {count} rows: {names}.", count=3, names="a") == (
            "Una tabla de 3 filas: a.")


@pytest.mark.parametrize(("line", "expected"), [
    ("language: es", "es"), ('language: "es-CO"  # for Bogotá', "es"), ("language: de", "en"),
    ("title: none said", "en"), ("site:\n  language: es", "en"), ("language: [es]", "en"),
])
def test_the_nearest_course_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, expected: str
) -> None:
    inside = tmp_path / "course" / "lessons" / "one"
    inside.mkdir(parents=True)
    (tmp_path / "course.yml").write_text("language: es\n")
    (tmp_path / "course" / "course.yml").write_text(f"id: tiny\n{line}\n", encoding="utf-8")
    monkeypatch.chdir(inside)
    assert spoken() == expected


@pytest.mark.parametrize(("text", "expected"), [
    ('{"metadata": {"lang": "es"}, "cells": []}', "es"), ('{"metadata": {"lang": 4}}', "en"),
    ('{"metadata": []}', "en"), ("not JSON", "en"), ("[]", "en"),
])
def test_a_copy_beside_no_course_says_it_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    (tmp_path / "copy.ipynb").write_text(text)
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "copy.ipynb"))
    assert spoken() == expected
    (tmp_path / "course.yml").write_text("language: en\n")
    saying._around.cache_clear()
    assert spoken() == "en"


def test_a_build_comes_before_the_author_and_the_author_before_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("language: es\n")
    assert spoken() == "es"
    language("en")
    assert spoken() == "en"
    monkeypatch.setenv(saying.VARIABLE, "es-MX")
    assert spoken() == "es"


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"'klingon'.*en, es"):
        language("klingon")


def test_it_needs_the_standard_library_alone() -> None:
    code = ("import sys; from kit.lesson import language; language('es'); "
            "print({'anywidget', 'ipywidgets', 'IPython'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOM.parents[1])})
    assert done.stdout.strip() == "set()"
