"""`_config.yml` and `_toc.yml`, so that stock `jupyter-book build` works in the course folder,
and `myst.yml`, which Jupyter Book 2 reads in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from kit.course import DerivedFile, write_derived
from kit.language import language_of
from kit.model import Course
from kit.site.stage import PRIVATE

CONFIG, TOC, MYST = "_config.yml", "_toc.yml", "myst.yml"
_LICENCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")


def derive_book_config(course: Course) -> tuple[DerivedFile, ...]:
    """Write the three files, each unless the author keeps his own there."""
    return tuple(write_derived(course.root / name, body)
                 for name, body in book_files(course).items())


def book_files(course: Course, there: Collection[str] | None = None) -> dict[str, str]:
    """The files that stock Jupyter Book reads, 1 and 2, by name.

    `there` are the files of a published folder; without it the course folder's own count.
    """
    toc = book_toc(course, there)
    return {CONFIG: _yaml(book_config(course, there or ())), TOC: _yaml(toc),
            MYST: _yaml(book_project(course, toc))}


def book_config(course: Course, there: Collection[str] = ()) -> dict[str, Any]:
    """What stock Jupyter Book needs to know of the course.

    A published lesson that is there as text and as a notebook is read as text.
    """
    twins = sorted(name for name in there
                   if name.endswith(".ipynb") and f"{name.removesuffix('.ipynb')}.md" in there)
    private = sorted(f"{name}/**" for name in PRIVATE - {"release"} if "." not in name)
    config: dict[str, Any] = {
        "title": course.title,
        "author": ", ".join(author.name for author in course.authors),
        "copyright": str(course.start.year) if course.start else "",
        "only_build_toc_files": True,
        "exclude_patterns": [*private, ".kit/**", "README.md", *twins],
        # Released homework is unfinished on purpose: it would raise.
        "execute": {"execute_notebooks": "cache", "timeout": 300,
                    "exclude_patterns": ["release/*/*"]},
        "html": {"use_repository_button": False, "use_multitoc_numbering": False},
        "sphinx": {"config": {"language": language_of(course).sphinx}},
    }
    if bibliography(course):
        config["bibtex_bibfiles"] = [bibliography(course)]
    return config


def book_toc(course: Course, there: Collection[str] | None = None) -> dict[str, Any]:
    """The table of contents over files that stand in the course folder, or among `there`."""
    words = language_of(course)
    lessons = [(part.title or words.say("Lessons"), [lesson.docname for lesson in part.lessons])
               for part in course.parts]
    homework = [
        f"release/{assignment.name}/{name}"
        for assignment in course.assignments for name in assignment.notebooks
        if (f"release/{assignment.name}/{name}.ipynb" in there if there is not None else
            (course.root / "release" / assignment.name / f"{name}.ipynb").is_file())
    ]
    parts = [*lessons, (words.say("Homework"), homework)]
    root = next((name for name in ("index", "syllabus") if has_page(course.root, name)), None)
    if root is None:
        root = next((names[0] for _, names in parts if names), "README")
    chapters = [(title, [name for name in names if name != root]) for title, names in parts]
    front = [name for name in ("syllabus",) if name != root and has_page(course.root, name)]
    toc: dict[str, Any] = {"format": "jb-book", "root": root}
    shown: list[dict[str, Any]] = [
        {"caption": title, "chapters": [{"file": name} for name in names]}
        for title, names in chapters if names
    ]
    if front:
        shown.insert(0, {"caption": words.say("Course"),
                         "chapters": [{"file": name} for name in front]})
    if has_page(course.root, "glossary") and "glossary" not in {
            lesson.docname for lesson in course.lessons}:
        shown.append({"caption": words.say("More"), "chapters": [{"file": "glossary"}]})
    if shown:
        toc["parts"] = shown
    return toc


def book_project(course: Course, toc: Mapping[str, Any]) -> dict[str, Any]:
    """What Jupyter Book 2 needs to know of the course, with this table of contents: `myst.yml`."""
    entries: list[dict[str, Any]] = [{"file": _file(course, toc["root"])}]
    entries += [
        {"title": part["caption"],
         "children": [{"file": _file(course, one["file"])} for one in part["chapters"]]}
        for part in toc.get("parts", ())
    ]
    project: dict[str, Any] = {"title": course.title}
    if course.authors:
        project["authors"] = [
            {"name": author.name}
            | ({"email": author.email} if author.email else {})
            | ({"affiliations": [author.affiliation]} if author.affiliation else {})
            for author in course.authors]
    if _LICENCE_ID.fullmatch(course.licence):
        project["license"] = course.licence
    if bibliography(course):
        project["bibliography"] = [bibliography(course)]
    return {"version": 1, "project": {**project, "toc": entries},
            "site": {"template": "book-theme", "title": course.title}}


def _file(course: Course, docname: str) -> str:
    """The file of a page, with its suffix."""
    known = {lesson.docname: lesson.path for lesson in course.lessons}
    there = (f"{docname}{suffix}" for suffix in (".md", ".ipynb")
             if (course.root / f"{docname}{suffix}").is_file())
    return known.get(docname) or next(there, f"{docname}.md")


def has_page(root: Path, name: str) -> bool:
    """Whether the folder holds a page of that name."""
    return any((root / f"{name}{suffix}").is_file() for suffix in (".md", ".ipynb"))


def bibliography(course: Course) -> str:
    """The name of the course's BibTeX file, or an empty string."""
    return "references.bib" if (course.root / "references.bib").is_file() else ""


def _yaml(value: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(json.loads(json.dumps(value)), sort_keys=False, allow_unicode=True)
