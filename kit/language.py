"""The language in which readers are spoken to: the words, dates and numbers of what is made for
them.

Words stay English in the code, marked by a call of `say` or `many`; `languages/TAG.json` has them
in another language. Where there is no such file, words are English. What an author wrote is left
alone, and so is what the terminal says.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kit.model import Course

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).with_name("languages")
"""Where the catalogues are: a file `TAG.json` each, {English: the same in that language}."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MARKED = re.compile(r"\bsay\(\s*'((?:[^'\\]|\\.)*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as an interface speaks it.

    `tag` is the course's, as HTML writes it (`es-MX`), and `spoken` that of the words: the tag, or
    `en` where no catalogue knows it. A catalogue holds a text, or plural forms by CLDR's names.
    """

    tag: str = "en"
    spoken: str = "en"
    catalogue: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict, repr=False)

    def say(self, text: str, /, **fields: object) -> str:
        """An English text in this language, its fields filled."""
        said = self.catalogue.get(text, text)
        assert isinstance(said, str)
        return said.format(**fields) if fields else said

    def many(self, number: float, one: str, other: str, /, **fields: object) -> str:
        """The form of a text that fits a number, which the texts name as {number}."""
        forms = self.catalogue.get(other)
        if not isinstance(forms, Mapping):
            forms = {"one": one, "other": other}
        form = forms.get(_locale(self.spoken).plural_form(number), forms["other"])
        return form.format(number=self.number(number), **fields)

    def markup(self, text: str, /, **fields: object) -> str:
        """As `say`, for HTML: the words are escaped, the fields are HTML already."""
        said = html.escape(self.say(text))
        return said.format(**fields) if fields else said

    def number(self, value: float) -> str:
        """A number to six digits: `2.5`."""
        from babel.numbers import format_decimal

        return format_decimal(Decimal(f"{value:g}"), locale=_locale(self.spoken),
                              decimal_quantization=False, group_separator=False)

    def percent(self, value: float) -> str:
        """A percent to six digits: `87.5%`."""
        from babel.numbers import format_percent

        return format_percent(Decimal(f"{value:g}") / 100, locale=_locale(self.spoken),
                              decimal_quantization=False, group_separator=False)

    def listed(self, items: Sequence[str]) -> str:
        """`a, b and c`."""
        from babel.lists import format_list

        return format_list(items, locale=_locale(self.spoken))

    def day(self, day: date) -> str:
        """`21 January 2027`."""
        from babel.dates import format_date

        return format_date(day, "long", locale=_locale(self.spoken))

    def weekday(self, day: date) -> str:
        """`Thursday 21 January 2027`."""
        from babel.dates import format_date

        return format_date(day, "full", locale=_locale(self.spoken))

    def short(self, day: date, *, year: bool) -> str:
        """`Thu 21 January`, with the year or without."""
        from babel.dates import format_date, format_skeleton

        locale = _locale(self.spoken)
        rest = self.day(day) if year else format_skeleton("MMMMd", day, locale=locale)
        return f"{format_date(day, 'EEE', locale=locale)} {rest}"

    def days(self, first: date, last: date) -> str:
        """`11 to 17 January 2027`."""
        from babel.dates import format_skeleton

        start, end = self.day(first), self.day(last)
        if first.year == last.year:
            start = format_skeleton("MMMMd", first, locale=_locale(self.spoken))
            if first.month == last.month and end.startswith(f"{last.day} "):
                start = str(first.day)
        return self.say("{first} to {last}", first=start, last=end)

    def moment(self, when: datetime, *, weekday: bool = False) -> str:
        """`21 January 2027, 23:59`, in the timezone that the moment is in."""
        from babel.dates import get_datetime_format

        day = self.weekday(when) if weekday else self.day(when)
        pattern = str(get_datetime_format("medium", locale=_locale(self.spoken)))
        return pattern.replace("{1}", day).replace("{0}", f"{when:%H:%M}").replace("'", "")

    @property
    def direction(self) -> str:
        """How texts in the course's language run, as HTML says it: `ltr` or `rtl`."""
        return "rtl" if _locale(self.tag).character_order == "right-to-left" else "ltr"

    @property
    def territorial(self) -> str:
        """The tag with the territory where most speak so, as Open Graph wants it: `es_ES`. Empty
        for a language that nobody lists."""
        from babel.core import get_global

        parts = self.tag.replace("-", "_").split("_")
        territory = next((part for part in parts[1:] if re.fullmatch("[A-Z]{2}", part)), "")
        likely = get_global("likely_subtags").get(parts[0].lower(), "").split("_")
        found = territory or (likely[-1] if len(likely) > 1 else "")
        return f"{parts[0].lower()}_{found}" if found and likely[0] else ""

    @property
    def sphinx(self) -> str:
        """The tag as Sphinx writes it: `pt_BR`."""
        return self.tag.replace("-", "_")


ENGLISH = Language()


def language_of(course: Course) -> Language:
    """The language that a course speaks to its readers."""
    return language(course.language)


@cache
def language(tag: str) -> Language:
    """The language of a tag: its words are those of the nearest catalogue (`es` for `es-MX`).

    What is no tag at all is taken for English.
    """
    tag = tag.strip().replace("_", "-")
    if not _TAG.fullmatch(tag):
        return ENGLISH
    known = {path.stem.lower(): path for path in FOLDER.glob("*.json")}
    parts = tag.lower().split("-")
    if parts[0] == "en":
        return Language(tag=tag, spoken=tag)
    for length in range(len(parts), 0, -1):
        if path := known.get("-".join(parts[:length])):
            return Language(tag=tag, spoken=tag,
                            catalogue=json.loads(path.read_text(encoding="utf-8")))
    return Language(tag=tag)


@cache
def _locale(tag: str) -> Locale:
    """What is known of dates and numbers there: of the tag, or of as much of it as is known."""
    from babel import Locale, UnknownLocaleError

    if tag == "en":
        return Locale.parse("en_GB")  # the day comes first
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        try:
            return Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")


def marked(text: str) -> Iterator[str]:
    """The English texts that a script or a template marks by `say('...')`, in order."""
    for found in _MARKED.findall(text):
        yield re.sub(r"\\(.)", r"\1", found)


def carried(words: Language, *scripts: Path) -> str:
    """What a page carries of the words that these scripts say, as JSON that ends no element. Empty
    where the words are English, which the scripts know by themselves."""
    if not words.catalogue:
        return ""
    texts = [text for path in scripts for text in marked(path.read_text(encoding="utf-8"))]
    said = {"language": words.spoken, "words": {text: words.say(text) for text in sorted(texts)}}
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
