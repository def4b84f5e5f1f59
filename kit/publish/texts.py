"""The files that a public folder gets besides those of the course."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from kit.language import language_of
from kit.model import Course
from kit.site.launch import in_repository
from kit.site.words import literal, paragraphs

_WORKFLOW = """\
# Puts the built site on GitHub Pages whenever it was pushed.
name: Site
on:
  push:
    branches: [{branch}]
  workflow_dispatch:
permissions:
  contents: read
  pages: write
  id-token: write
concurrency:
  group: pages
  cancel-in-progress: false
jobs:
  site:
    runs-on: ubuntu-latest
    environment:
      name: github-pages
      url: ${{{{ steps.deployment.outputs.page_url }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/configure-pages@v5
      - uses: actions/upload-pages-artifact@v3
        with:
          path: {path}
      - id: deployment
        uses: actions/deploy-pages@v4
"""


def workflow(course: Course) -> str:
    """A workflow that puts the site on GitHub Pages; it builds nothing."""
    return _WORKFLOW.format(branch=_yaml_text(course.site.branch),
                            path=_yaml_text(in_repository(course.site, "site")))


def readme(course: Course, tree: Collection[str]) -> str:
    """What the folder is, for whoever finds it."""
    words = language_of(course)
    folders = {
        "site": words.say("the course's pages: {index} opens without a server",
                          index="`index.html`"),
        "lessons": words.say("the lessons, as text and as notebooks to run"),
        "release": words.say("the homework, as it was handed out"),
        "data": words.say("what the notebooks read"),
    }
    parts = [f"# {literal(course.title)}", *paragraphs(course.description)]
    if course.site.url:
        parts.append(words.say("Read it: {address}", address=f"<{course.site.url}>"))
    there = {name.split("/", 1)[0] for name in tree if "/" in name}
    rows = "\n".join(f"| `{name}/` | {what} |" for name, what in folders.items()
                     if name in there)
    parts.append(f"| {words.say('folder')} | {words.say('what is in it')} |\n|---|---|\n{rows}")
    parts.append(words.say("To run the notebooks on your own machine:") + "\n\n"
                 "    python -m pip install -r requirements.txt\n    jupyter notebook")
    by = ", ".join(literal(author.name) for author in course.authors)
    said = [words.say("By {authors}.", authors=by) if by else "",
            words.say("Licence: {licence}.", licence=literal(course.licence))
            if course.licence else ""]
    if any(said):
        parts.append(" ".join(filter(None, said)))
    parts.append(words.say(
        "This folder is made by {command} and replaced by it: an error is best reported, or mended "
        "in a pull request that the author takes into the course.", command="`kit publish`"))
    return "\n\n".join(parts) + "\n"


def licence(course: Course) -> str:
    """What course.yml says of the licence, and where its text is where that is known."""
    by = ", ".join(author.name for author in course.authors) or course.institution
    year = f" {course.start.year}" if course.start else ""
    holder = f"Copyright{year} {by}\n" if by else ""
    address = _address(course.licence)
    said = language_of(course).say("Licence of the content: {licence}", licence=course.licence)
    return (f"{course.title}\n{holder}\n{said}\n"
            + (f"{address}\n" if address else ""))


def _address(identifier: str) -> str:
    """Where the text of a Creative Commons licence is, by its SPDX identifier."""
    parts = identifier.lower().split("-")
    if parts[0] == "cc0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if parts[0] == "cc" and len(parts) >= 3 and parts[-1] in ("3.0", "4.0"):
        return f"https://creativecommons.org/licenses/{'-'.join(parts[1:-1])}/{parts[-1]}/"
    return ""


def course_file(course: Course) -> str:
    """The public part of `course.yml`: what pages show. No comment and no policy of grading by
    hand, no limits, no evidence and no roster's settings are in it."""
    import yaml

    said: dict[str, Any] = {
        "id": course.id, "title": course.title, "description": course.description,
        "language": course.language,
        "authors": [_filled(name=one.name, email=one.email, affiliation=one.affiliation)
                    for one in course.authors],
        "institution": course.institution, "licence": course.licence, "effort": course.effort,
        "timezone": course.timezone.key, "start": course.start, "pace": course.pace,
        "parts": [{"title": part.title, "lessons": [lesson.path for lesson in part.lessons]}
                  for part in course.parts],
        "assignments": [
            _filled(name=one.name, title=one.title, opens=_moment(course, one.opens),
                    due=_moment(course, one.due)) for one in course.assignments],
        "outcomes": [{"id": one.id, "statement": one.statement} for one in course.outcomes],
        "environment": _filled(packages=list(course.packages)),
        "site": _site(course),
    }
    return yaml.safe_dump(_filled(**said), sort_keys=False, allow_unicode=True)


def _site(course: Course) -> dict[str, Any]:
    site = course.site
    if not (site.url or site.repository):
        return {}
    return _filled(url=site.url, repository=site.repository, branch=site.branch,
                   folder=site.folder, hub=site.hub, colab=site.colab, report=site.report,
                   accent=site.accent, logo=site.logo)


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _moment(course: Course, when: datetime | None) -> str:
    return f"{when.astimezone(course.timezone):%Y-%m-%d %H:%M}" if when else ""


def _yaml_text(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
