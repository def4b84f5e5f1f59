"""The syllabus that follows from `course.yml`, for a course whose author wrote none."""

from __future__ import annotations

from collections.abc import Sequence

from kit.language import language_of
from kit.model import Course
from kit.site.pages import policy
from kit.site.pages.schedule import Happening, table
from kit.site.words import literal, raw


def has_syllabus(course: Course) -> bool:
    """Whether `course.yml` says enough for one."""
    return bool(course.outcomes or course.effort or policy.has_policy(course))


def syllabus(course: Course, found: Sequence[Happening]) -> str:
    """The page as Markdown: what one learns, what it takes, when, how it is graded."""
    words = language_of(course)
    parts = [f"# {words.say('Syllabus')}\n"]
    parts += [f"{literal(paragraph)}\n" for paragraph in course.description.strip().split("\n\n")
              if paragraph.strip()]
    if course.outcomes:
        parts.append(f"## {words.say('What you will be able to do')}\n")
        parts.append("\n".join(f"- {literal(one.statement)}" for one in course.outcomes) + "\n")
    if course.effort:
        parts.append(f"## {words.say('What it takes')}\n\n{literal(course.effort)}\n")
    if found:
        zone = literal(course.timezone.key.replace("_", " "))
        times = words.say("Times are those of {zone}.", zone=zone)
        parts.append(f"## {words.say('Schedule')}\n")
        parts += [f"{times}\n"] if any(one.at for one in found) else []
        parts.append(raw(table(course, found)))
    if policy.has_policy(course):
        parts.append(f"## {words.say('Grading')}\n\n{policy.words(course, level=3)}")
    if course.licence:
        told = words.say("The content of this course: {licence}.", licence=literal(course.licence))
        parts.append(f"## {words.say('Licence')}\n\n{told}\n")
    return "\n".join(parts)
