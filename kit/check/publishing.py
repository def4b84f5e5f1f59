"""E128, W129 and W133: what `course.yml` says of how the site looks and what it speaks."""

from __future__ import annotations

from collections.abc import Iterator

from kit.check.context import Context
from kit.check.registry import Check, check, found
from kit.errors import BuildError, nearest
from kit.lesson.saying import is_spoken, languages
from kit.model import Finding


@check("E128", "the logo cannot be shown")
def no_logo(context: Context) -> Iterator[Finding]:
    """`site.logo` names a file that is not there, is no picture, or lies where the site must not
    look (`source/`, hidden folders). The site cannot be built. Name a picture of the course by its
    path from the course folder."""
    from kit.site.pages.outside import logo_of

    if not context.whole:
        return
    try:
        logo_of(context.course)
    except BuildError as error:
        yield found("E128", "course.yml", error.message, hint=error.hint)


@check("W129", "the accent is too pale")
def pale_accent(context: Context) -> Iterator[Finding]:
    """Links in the colour of `site.accent` would be hard to read: text needs a contrast of 4.5 to
    1 with the page behind it. Light pages take a darker tone of it instead. Dark pages always take
    a tone that is light enough."""
    from kit.site.colour import LEAST, LIGHT, accent_of, least_contrast

    accent = context.course.site.accent
    if not accent or not context.whole:
        return
    reached = least_contrast(accent, LIGHT)
    if reached < LEAST:
        yield found("W129", "course.yml", f"the accent {accent} has a contrast of {reached:.1f} "
                    f"with the page; text needs {LEAST}",
                    hint=f"pages take {accent_of(accent).light} instead; name that, or a darker "
                         "colour")


@check("W133", "the interface does not speak the course's language")
def not_spoken(context: Context) -> Iterator[Finding]:
    """`language:` names a language into which nobody has translated what the kit itself says on a
    page: buttons, labels, verdicts. Readers get these words in English, beside the author's own.
    A translation is one file, so that one can be added: see "Languages" in the documentation. A
    code such as `es-MX` takes the words of `es`."""
    language = context.course.language
    if context.whole and not is_spoken(language):
        yield found("W133", "course.yml", f"the interface does not speak {language!r}; readers get "
                    "its words in English",
                    hint=f"nearest: {', '.join(nearest(language, languages())[:3])}")


CHECKS: tuple[Check, ...] = (no_logo, pale_accent, not_spoken)
