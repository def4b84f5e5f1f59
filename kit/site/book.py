"""`_config.yml` and `_toc.yml`, so that stock `jupyter-book build` works in the course folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kit.course import DerivedFile, write_derived
from kit.model import Course
from kit.site.stage import PRIVATE

CONFIG, TOC = "_config.yml", "_toc.yml"


def derive_book_config(course: Course) -> tuple[DerivedFile, DerivedFile]:
    """Write both files, unless the author keeps his own there."""
    return (
        write_derived(course.root / CONFIG, _yaml(book_config(course))),
        write_derived(course.root / TOC, _yaml(book_toc(course))),
    )


def book_config(course: Course) -> dict[str, Any]:
    """What stock Jupyter Book needs to know of the course."""
    private = sorted(f"{name}/**" for name in PRIVATE - {"release"} if "." not in name)
    config: dict[str, Any] = {
        "title": course.title,
        "author": ", ".join(author.name for author in course.authors),
        "copyright": str(course.start.year) if course.start else "",
        "only_build_toc_files": True,
        "exclude_patterns": [*private, ".kit/**", "README.md"],
        # Released homework is unfinished on purpose: it would raise.
        "execute": {"execute_notebooks": "cache", "timeout": 300,
                    "exclude_patterns": ["release/**"]},
        "html": {"use_repository_button": False, "use_multitoc_numbering": False},
        "sphinx": {"config": {"language": course.language}},
    }
    if bibliography(course):
        config["bibtex_bibfiles"] = [bibliography(course)]
    return config


def book_toc(course: Course) -> dict[str, Any]:
    """The table of contents over files that stand in the course folder."""
    lessons = [(part.title or "Lessons", [lesson.docname for lesson in part.lessons])
               for part in course.parts]
    homework = [
        f"release/{assignment.name}/{name}"
        for assignment in course.assignments for name in assignment.notebooks
        if (course.root / "release" / assignment.name / f"{name}.ipynb").is_file()
    ]
    parts = [*lessons, ("Homework", homework)]
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
        shown.insert(0, {"caption": "Course", "chapters": [{"file": name} for name in front]})
    if shown:
        toc["parts"] = shown
    return toc


def has_page(root: Path, name: str) -> bool:
    """Whether the folder holds a page of that name."""
    return any((root / f"{name}{suffix}").is_file() for suffix in (".md", ".ipynb"))


def bibliography(course: Course) -> str:
    """The name of the course's BibTeX file, or an empty string."""
    return "references.bib" if (course.root / "references.bib").is_file() else ""


def _yaml(value: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(json.loads(json.dumps(value)), sort_keys=False, allow_unicode=True)
