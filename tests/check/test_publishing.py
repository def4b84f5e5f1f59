"""What course.yml says of the site's look, and the terms of the glossary."""

from __future__ import annotations

from typing import Any

import pytest


def found(folder: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.message, one.hint) for one in folder.check()]


def test_a_logo_that_is_there_and_a_dark_accent_are_fine(folder: Any) -> None:
    folder.edit("course.yml", "limits:", "site: {logo: data/sales.svg, accent: '#0b5fa5'}\nlimits:")
    assert found(folder) == []


@pytest.mark.parametrize(("name", "hint"), [
    ("data/sale.svg", "nearest: data/sales.svg"), ("source/ps1/sales.csv", "data/sales.svg"),
    ("../elsewhere.svg", ""), ("data/sales.csv", "data/sales.svg")])
def test_a_logo_that_cannot_be_shown_is_told(folder: Any, name: str, hint: str) -> None:
    (folder.root / ".." / "elsewhere.svg").write_text("<svg/>")
    folder.edit("course.yml", "limits:", f"site: {{logo: {name}}}\nlimits:")
    ((code, message, said),) = found(folder)
    assert code == "E128"
    assert repr(name) in message
    assert hint in said


def test_a_pale_accent_is_told_with_the_tone_that_stands_for_it(folder: Any) -> None:
    folder.edit("course.yml", "limits:", "site: {accent: '#ffcc00'}\nlimits:")
    ((code, message, hint),) = found(folder)
    assert code == "W129"
    assert "#ffcc00 has a contrast of 1.4" in message
    assert "pages take #" in hint


@pytest.mark.parametrize(("language", "told"), [
    ("es", ""), ("es-MX", ""), ("en-GB", ""),
    ("de", "nearest: es, en"), ("enn", "nearest: en, es"),
])
def test_a_language_that_the_interface_does_not_speak_is_told(
    folder: Any, language: str, told: str
) -> None:
    folder.edit("course.yml", "limits:", f"language: {language}\nlimits:")
    hints = [hint for code, _, hint in found(folder) if code == "W133"]
    assert hints == ([told] if told else [])


def test_a_term_that_nobody_defines_is_told_with_the_nearest(folder: Any) -> None:
    folder.write("glossary.md", "# Glossary\n\n```{glossary}\nSimple interest\n  Grows.\n"
                                "\ncapital\nprincipal\n  What was lent.\n```\n")
    folder.edit("lessons/first.md", "# First lesson", "# First lesson\n\n"
                "Both {term}`principal` and {term}`the interest <simple interest>`.\n\n"
                "Not {term}`capitol`; and ``{term}`this` `` is shown.")
    (one,) = folder.check()
    assert (one.code, one.path, one.line) == ("E309", "lessons/first.md", 5)
    assert one.message == "the glossary has no term 'capitol'"
    assert one.hint.startswith("nearest: capital")
