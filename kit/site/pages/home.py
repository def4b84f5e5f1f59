"""The pages that follow from `course.yml`: home, and the references."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from kit.model import Author, Course
from kit.site.model import Page
from kit.site.moments import moment
from kit.site.pages.homework import Handed
from kit.site.words import literal, paragraphs

PROGRESS = """\
# Your progress

What you answered in the lessons, as this browser remembers it. Nobody else sees it, and nothing
here counts towards a grade.

```{{raw}} html
<table class="progress" data-progress><thead><tr><th scope="col">Lesson</th>
<th scope="col">Answered</th><th scope="col"><span class="visually-hidden">Share</span></th></tr>
</thead><tbody>
{rows}
</tbody></table>
```
"""

REFERENCES = "# References\n\n```{bibliography}\n```\n"


def home(course: Course, lessons: Mapping[str, Page], handed: Sequence[Handed]) -> str:
    """The front page as Markdown: what, when, what one learns, lessons, homework."""
    parts = [f"# {literal(course.title)}\n"]
    if course.description.strip():
        first, *more = paragraphs(course.description)
        parts.append(f":::{{div}} lede\n{first}\n:::\n")
        parts.extend(f"{paragraph}\n" for paragraph in more)
    if facts := _facts(course):
        parts.append(facts)
    if course.outcomes:
        parts.append("## What you will be able to do\n")
        parts.append("".join(f"- {literal(outcome.statement)}\n" for outcome in course.outcomes))
    parts.extend(_lessons(course, lessons))
    if handed:
        parts.append("## Homework\n")
        parts.append(_schedule(course, handed))
    return "\n".join(parts)


def progress(lessons: Sequence[Page]) -> str:
    """The page on which a reader sees what they answered, lesson by lesson."""
    rows = [
        f'<tr data-lesson="{html.escape(page.docname)}"><td><a href="{html.escape(page.docname)}'
        f'.html">{html.escape(page.title)}</a></td><td class="state">not opened yet</td>'
        f'<td><progress value="0" max="1" aria-label="{html.escape(page.title)}"></progress></td>'
        "</tr>" for page in lessons]
    return PROGRESS.format(rows="\n".join(rows))


def _facts(course: Course) -> str:
    rows = [("Taught by", ", ".join(_author(author, course) for author in course.authors)),
            ("At", course.institution)]
    if course.start:
        rows.append(("Starts", f"{course.start.day} {course.start:%B %Y}"))
    rows.append(("Takes", course.effort))
    if course.pace == "self":
        rows.append(("Pace", "your own"))
    if any(assignment.due for assignment in course.assignments):
        rows.append(("Times are", course.timezone.key.replace("_", " ")))
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
    written: list[str] = []
    for part in course.parts:
        rows = [f"1. {{doc}}`{lesson.docname}`" for lesson in part.lessons
                if lesson.docname in lessons]
        if not rows:
            continue
        if not written:
            written.append("## Lessons\n" if course.assignments else "## Contents\n")
        if part.title and part.title not in ("Lessons", "Contents"):
            written.append(f":::{{div}} part\n{literal(part.title)}\n:::\n")
        written.append(":::{div} contents\n" + "\n".join(rows) + "\n:::\n")
    return written


def _schedule(course: Course, handed: Sequence[Handed]) -> str:
    rows = []
    for item in handed:
        assignment = item.assignment
        names = [f"{{doc}}`{_plain(assignment.title if len(item.pages) == 1 else page.title)} "
                 f"<{page.docname}>`" for page in item.pages]
        title = "<br>".join(names) if names else f"{literal(assignment.title)} (not released yet)"
        due = moment(course, assignment.due) if assignment.due else ""
        points = f"{item.points:g}" if item.points else ""
        rows.append((title, due, points))
    names_of = ("Set", "Suggested by" if course.self_paced else "Due", "Points")
    used = [place for place in range(3) if place == 0 or any(row[place] for row in rows)]
    lines = [f"| {' | '.join(names_of[place] for place in used)} |",
             f"| {' | '.join('---:' if place == 2 else '---' for place in used)} |"]
    lines += [f"| {' | '.join(row[place] for place in used)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A title inside a role and a table cell: without what would end either."""
    return " ".join(text.replace("`", "'").replace("|", "/").replace("<", "(").replace(
        ">", ")").split())
