"""What a language makes of dates, numbers and plurals, and which one a tag means."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

import kit.language
from kit.language import carried, language, marked

FIRST, LATER = date(2027, 1, 12), datetime(2027, 2, 3, 9, 5)  # noqa: DTZ001


@pytest.mark.parametrize(("tag", "said"), [
    ("en", ["12 January 2027", "Tue 12 January", "Tue 12 January 2027", "12 to 17 January 2027",
            "12 January to 3 February 2027", "12 January 2027 to 2 January 2028",
            "3 February 2027, 09:05", "Wednesday, 3 February 2027, 09:05", "87.5%", "2.5",
            "a, b and c"]),
    ("es", ["12 de enero de 2027", "mar 12 de enero", "mar 12 de enero de 2027",
            "del 12 al 17 de enero de 2027", "del 12 de enero al 3 de febrero de 2027",
            "del 12 de enero de 2027 al 2 de enero de 2028", "3 de febrero de 2027, 09:05",
            "miércoles, 3 de febrero de 2027, 09:05", "87,5\N{NO-BREAK SPACE}%", "2,5",
            "a, b y c"])])
def test_dates_numbers_and_lists(tag: str, said: list[str]) -> None:
    words = language(tag)
    assert [
        words.day(FIRST), words.short(FIRST, year=False), words.short(FIRST, year=True),
        words.days(FIRST, date(2027, 1, 17)), words.days(FIRST, LATER.date()),
        words.days(FIRST, date(2028, 1, 2)), words.moment(LATER),
        words.moment(LATER, weekday=True), words.percent(87.5), words.number(2.5),
        words.listed(["a", "b", "c"])] == said


def test_an_american_date_keeps_its_order() -> None:
    words = language("en-US")
    assert words.days(FIRST, date(2027, 1, 17)) == "January 12 to January 17, 2027"


def test_a_number_takes_its_plural_and_fields_stay_as_they_are() -> None:
    english, spanish = language("en"), language("es")
    for number, in_english, in_spanish in (
            (0, "0 points", "0 puntos"), (1, "1 point", "1 punto"),
            (2.5, "2.5 points", "2,5 puntos"),
            (1_000_000, "1000000 points", "1000000 puntos")):  # a third form of Spanish
        assert english.many(number, "{number} point", "{number} points") == in_english
        assert spanish.many(number, "{number} point", "{number} points") == in_spanish
    assert english.say("Licence: {licence}", licence="{x} & {0}") == "Licence: {x} & {0}"
    assert english.markup("a < {b}", b="<i>") == "a &lt; <i>"


@pytest.mark.parametrize(("tag", "spoken", "direction", "territorial"), [
    ("en", "en", "ltr", "en_US"), ("es", "es", "ltr", "es_ES"), ("es-MX", "es-MX", "ltr", "es_MX"),
    ("es_MX", "es-MX", "ltr", "es_MX"), ("de", "en", "ltr", "de_DE"), ("ar", "en", "rtl", "ar_EG"),
    ("tlh", "en", "ltr", ""), ("x\" onload=\"", "en", "ltr", "en_US"), ("../es", "en", "ltr",
                                                                       "en_US")])
def test_a_tag_means_the_nearest_language(
    tag: str, spoken: str, direction: str, territorial: str
) -> None:
    words = language(tag)
    assert (words.spoken, words.direction, words.territorial) == (spoken, direction, territorial)
    assert words.say("Search") == ("Buscar" if spoken.startswith("es") else "Search")


def test_a_page_carries_the_words_of_its_scripts_alone(tmp_path: Path) -> None:
    script = tmp_path / "one.js"
    script.write_text("say('Close'); say('</b>'); say( 'It\\'s \\\\');")
    assert list(marked(script.read_text())) == ["Close", "</b>", "It's \\"]
    assert carried(language("en"), script) == ""
    text = carried(language("es"), script)
    assert "<" not in text
    assert json.loads(text) == {"language": "es", "words": {
        "Close": "Cerrar", "</b>": "</b>", "It's \\": "It's \\"}}


def test_a_catalogue_of_a_territory_goes_before_that_of_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("es", "es-MX"):
        (tmp_path / f"{name}.json").write_text(json.dumps({"Search": name}))
    monkeypatch.setattr(kit.language, "FOLDER", tmp_path)
    kit.language.language.cache_clear()
    try:
        assert [language(tag).say("Search") for tag in ("es", "es-MX", "es-AR", "pt")] == [
            "es", "es-MX", "es", "Search"]
    finally:
        kit.language.language.cache_clear()
