"""The pages that follow from `course.yml`: home, and the references."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from kit.language import Language, language_of
from kit.model import Author, Course
from kit.site.model import Page
from kit.site.moments import moment
from kit.site.pages.homework import Handed
from kit.site.words import literal, paragraphs, raw


def home(course: Course, lessons: Mapping[str, Page], handed: Sequence[Handed]) -> str:
    """The front page as Markdown: what, when, what one learns, lessons, homework."""
    words = language_of(course)
    parts = [f"# {literal(course.title)}\n"]
    if course.description.strip():
        first, *more = paragraphs(course.description)
        parts.append(f":::{{div}} lede\n{first}\n:::\n")
        parts.extend(f"{paragraph}\n" for paragraph in more)
    if facts := _facts(course):
        parts.append(facts)
    if course.outcomes:
        parts.append(f"## {words.say('What you will be able to do')}\n")
        parts.append("".join(f"- {literal(outcome.statement)}\n" for outcome in course.outcomes))
    parts.extend(_lessons(course, lessons))
    if handed:
        parts.append(f"## {words.say('Homework')}\n")
        parts.append(_schedule(course, handed))
    return "\n".join(parts)


def progress(lessons: Sequence[Page], words: Language) -> str:
    """The page on which a reader sees what they answered, lesson by lesson."""
    unopened = words.markup("not opened yet")
    rows = [
        f'<tr data-lesson="{html.escape(page.docname)}"><td><a href="{html.escape(page.docname)}'
        f'.html">{html.escape(page.title)}</a></td><td class="state">{unopened}</td>'
        f'<td><progress value="0" max="1" aria-label="{html.escape(page.title)}"></progress></td>'
        "</tr>" for page in lessons]
    heads = "".join(f'<th scope="col">{one}</th>' for one in (
        words.markup("Lesson"), words.markup("Answered"),
        f'<span class="visually-hidden">{words.markup("Share")}</span>'))
    told = words.say("What you answered in the lessons, as this browser remembers it. Nobody else "
                     "sees it, and nothing here counts towards a grade.")
    table = (f'<table class="progress" data-progress><thead><tr>{heads}</tr></thead><tbody>\n'
             + "\n".join(rows) + "\n</tbody></table>")
    return f"# {words.say('Your progress')}\n\n{told}\n\n{raw(table)}"


def references(words: Language) -> str:
    """The page that lists what others cite."""
    return f"# {words.say('References')}\n\n```{{bibliography}}\n```\n"


def _facts(course: Course) -> str:
    words = language_of(course)
    rows = [(words.say("Taught by"), ", ".join(_author(one, course) for one in course.authors)),
            (words.say("At"), course.institution)]
    if course.start:
        rows.append((words.say("Starts"), words.day(course.start)))
    rows.append((words.say("Takes"), course.effort))
    if course.pace == "self":
        rows.append((words.say("Pace"), words.say("your own")))
    if any(assignment.due for assignment in course.assignments):
        rows.append((words.say("Times are"), course.timezone.key.replace("_", " ")))
    shown = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{_line(value)}</dd></div>"
                    for name, value in rows if value)
    return f'```{{raw}} html\n<dl class="facts">{shown}</dl>\n```\n' if shown else ""


def _line(value: str) -> str:
    """On one line, so that it cannot end the block of HTML that it stands in."""
    return html.escape(" ".join(value.split()))


def _author(author: Author, course: Course) -> str:
    """The name, and where the author works unless that is where the course is given."""
    elsewhere = author.affiliation and author.affiliation != course.institution
    return f"{author.name} ({author.affiliation})" if elsewhere else author.name


def _lessons(course: Course, lessons: Mapping[str, Page]) -> list[str]:
    words, written = language_of(course), list[str]()
    title = words.say("Lessons") if course.assignments else words.say("Contents")
    for part in course.parts:
        rows = [f"1. {{doc}}`{lesson.docname}`" for lesson in part.lessons
                if lesson.docname in lessons]
        if not rows:
            continue
        if not written:
            written.append(f"## {title}\n")
        if part.title and part.title not in ("Lessons", "Contents", title):
            written.append(f":::{{div}} part\n{literal(part.title)}\n:::\n")
        written.append(":::{div} contents\n" + "\n".join(rows) + "\n:::\n")
    return written


def _schedule(course: Course, handed: Sequence[Handed]) -> str:
    words, rows = language_of(course), []
    for item in handed:
        assignment = item.assignment
        names = [f"{{doc}}`{_plain(assignment.title if len(item.pages) == 1 else page.title)} "
                 f"<{page.docname}>`" for page in item.pages]
        title = "<br>".join(names) or words.say("{title} (not released yet)",
                                                title=literal(assignment.title))
        due = moment(course, assignment.due) if assignment.due else ""
        points = words.number(item.points) if item.points else ""
        rows.append((title, due, points))
    due_word = words.say("Suggested by") if course.self_paced else words.say("Due")
    names_of = (words.say("Set"), due_word, words.say("Points"))
    used = [place for place in range(3) if place == 0 or any(row[place] for row in rows)]
    lines = [f"| {' | '.join(names_of[place] for place in used)} |",
             f"| {' | '.join('---:' if place == 2 else '---' for place in used)} |"]
    lines += [f"| {' | '.join(row[place] for place in used)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A title inside a role and a table cell: without what would end either."""
    return " ".join(text.replace("`", "'").replace("|", "/").replace("<", "(").replace(
        ">", ")").split())
