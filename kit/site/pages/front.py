"""Stage the pages that a course has beside its lessons and homework, each where it has a use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kit.language import language_of
from kit.model import Course
from kit.site.model import Page
from kit.site.pages import policy
from kit.site.pages.calendar import calendar
from kit.site.pages.homework import Handed
from kit.site.pages.licences import licences
from kit.site.pages.outside import CALENDAR, TOP
from kit.site.pages.schedule import Happening, happenings, schedule
from kit.site.pages.syllabus import has_syllabus, syllabus
from kit.site.stage import Stage

OWN = ("syllabus", "schedule", "grading", "glossary", "licences")
"""Names of pages that are staged here; a lesson of such a name stands in their place."""

COURSE, MORE, UNLISTED = "Course", "More", ""

_FROM = "course.yml"


def stage_front(
    course: Course, stage: Stage, lessons: Mapping[str, Page], handed: Sequence[Handed]
) -> list[Page]:
    """Syllabus, schedule and grading, as far as `course.yml` says something of each."""
    words, pages = language_of(course), []
    found = happenings(course, lessons, handed)
    if "syllabus" not in lessons:
        page = _syllabus(course, stage, found)
        pages += [page] if page else []
    if found and "schedule" not in lessons:
        stage.write(f"{TOP}/{CALENDAR}", calendar(course, found))
        pages.append(_made(stage, "schedule", words.say("Schedule"),
                           schedule(course, found, CALENDAR)))
    if "grading" not in lessons and policy.has_policy(course):
        pages.append(_made(stage, "grading", words.say("Grading"),
                           policy.policy(course, handed)))
    return pages


def stage_back(course: Course, stage: Stage, lessons: Mapping[str, Page]) -> list[Page]:
    """The author's glossary, and the licences of what the site contains."""
    words, pages = language_of(course), []
    if (course.root / "glossary.md").is_file() and "glossary" not in lessons:
        stage.copy(course.root / "glossary.md", "glossary.md")
        pages.append(Page(docname="glossary", title=words.say("Glossary"), group=MORE,
                          origin="glossary.md"))
    if "licences" not in lessons:
        stage.write("licences.md", licences(course))
        pages.append(Page(docname="licences", title=words.say("Licences"), group=UNLISTED,
                          printed=False))
    return pages


def _syllabus(course: Course, stage: Stage, found: Sequence[Happening]) -> Page | None:
    """The author's own where there is one, else what follows from course.yml."""
    title = language_of(course).say("Syllabus")
    if (course.root / "syllabus.md").is_file():
        stage.copy(course.root / "syllabus.md", "syllabus.md")
        return Page(docname="syllabus", title=title, group=COURSE, origin="syllabus.md")
    if has_syllabus(course):
        return _made(stage, "syllabus", title, syllabus(course, found))
    return None


def _made(stage: Stage, docname: str, title: str, text: str) -> Page:
    stage.write(f"{docname}.md", text)
    return Page(docname=docname, title=title, group=COURSE, origin=_FROM)
