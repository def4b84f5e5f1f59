"""What is published of a course: path in the public folder -> its bytes, or the file to copy.

Only what is named here is ever published. Answers, submissions, people and records have no way in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from kit import notebook as nb
from kit.course.requirements import completed, for_notebooks, own_requirements
from kit.errors import BuildError
from kit.model import Course, Release
from kit.publish.lessons import public_text
from kit.publish.texts import course_file, licence, readme
from kit.site.book import book_files
from kit.site.lessons.notebooks import lesson_notebook, released_notebook, with_colab_setup
from kit.site.lessons.reading import read_lesson
from kit.site.stage import public_files

Tree = Mapping[str, bytes | Path]

_FRONT = ("index.md", "syllabus.md", "glossary.md")
_FOLDERS = ("data", "figures", "images", "static", "assets", "media")
_NEVER = (".md", ".ipynb", ".yml", ".yaml", ".toml", ".cfg", ".ini")


def public_tree(course: Course, releases: Mapping[str, Release], site: Path) -> Tree:
    """The public folder of a course: its site, its notebooks, and what they read.

    `site` is the folder of the built site; of the homework only `releases` are in it. Raises
    KitError for a lesson or a released notebook that cannot be published.
    """
    requirements = completed(course, own_requirements(course.root))
    needed = for_notebooks(requirements)
    texts, notebooks = _pages(course)
    tree: dict[str, bytes | Path] = {name: text.encode() for name, text in texts.items()}
    for path, notebook in notebooks.items():
        tree[path] = nb.dumps(with_colab_setup(course, notebook, path, needed)).encode()
    said = texts | {path: "\n".join(map(nb.source, notebook["cells"]))
                    for path, notebook in notebooks.items()}
    tree |= {name: path for name, path in _read_by(course, said) if name not in tree}
    for release in releases.values():
        tree |= dict(_released(course, release, needed))
    tree |= {f"site/{path.relative_to(site).as_posix()}": path for path in sorted(site.rglob("*"))
             if path.is_file() and not path.is_symlink()}
    tree |= {name: text.encode() for name, text in book_files(course, tree).items()}
    tree |= {"site/.nojekyll": b"", "requirements.txt": requirements.encode(),
             "course.yml": course_file(course).encode(), "README.md": readme(course, tree).encode(),
             **_licence(course)}
    for name in tree:
        if ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute():
            raise BuildError("lies outside the course folder", where=name)
    return tree


def _pages(course: Course) -> tuple[dict[str, str], dict[str, nb.Notebook]]:
    """The author's pages as text, and the lessons with code as clean notebooks, by path."""
    texts: dict[str, str] = {}
    notebooks: dict[str, nb.Notebook] = {}
    for name in _FRONT:
        if (path := course.root / name).is_file() and not path.is_symlink():
            texts[name] = public_text(nb.decode(path.read_bytes(), name=name))
    for lesson in course.lessons:
        source = read_lesson(course, lesson)
        if lesson.path.endswith(".md"):
            data = (course.root / lesson.path).read_bytes()
            texts[lesson.path] = public_text(nb.decode(data, name=lesson.path), source)
        if source is not None:
            notebooks[f"{lesson.docname}.ipynb"] = lesson_notebook(source, course.language)
    return texts, notebooks


def _released(
    course: Course, release: Release, needed: Sequence[str]
) -> Iterator[tuple[str, bytes | Path]]:
    """The notebooks and files of an assignment, as they were released."""
    where = f"release/{release.assignment}"
    for released in release.notebooks:
        path = f"{where}/{released.name}.ipynb"
        found = released_notebook(nb.read(course.root / path))
        yield path, nb.dumps(with_colab_setup(course, found, path, needed)).encode()
    for file in release.files:
        source = course.root / where / file.path
        hidden = any(part.startswith(".") for part in PurePosixPath(file.path).parts)
        if not hidden and source.is_file() and not source.is_symlink() and (
                source.suffix != ".ipynb"):
            yield f"{where}/{file.path}", source


def _read_by(course: Course, said: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Data and figures: what lies in a folder for them, and other files that a page names, or a
    module that one imports."""
    left = dict[str, Path]()
    for path, name in public_files(course):
        public = PurePosixPath(name).parts[0] in _FOLDERS and path.suffix != ".ipynb"
        if public or name in ("references.bib", course.site.logo):
            yield name, path
        elif path.suffix not in _NEVER and name != "requirements.txt":
            left[name] = path
    while said:
        found = {name: path for name, path in left.items()
                 if any(_names(text, page, name) for page, text in said.items())}
        yield from found.items()
        left = {name: path for name, path in left.items() if name not in found}
        said = {name: path.read_text(encoding="utf-8", errors="replace")
                for name, path in found.items() if path.suffix == ".py"}


def _names(text: str, page: str, name: str) -> bool:
    """Whether a page names a file: by its path from the page or, in a folder, from the course. A
    module that lies beside the page is named by importing it."""
    near = posixpath.relpath(name, posixpath.dirname(page) or ".")
    forms = {near} | ({name} if "/" in name else set())
    if any(re.search(rf"(?<![\w.-]){re.escape(form)}(?![\w-])", text) for form in forms):
        return True
    module = near.removesuffix(".py")
    return near != module and module.isidentifier() and re.search(
        rf"^\s*(?:import|from)\s+{module}\b", text, re.MULTILINE) is not None


def _licence(course: Course) -> dict[str, bytes | Path]:
    """The author's own file; without one, what course.yml says, where it says something."""
    for path in sorted(course.root.iterdir()):
        if re.fullmatch(r"licen[cs]e(\.(md|txt))?", path.name, re.IGNORECASE) and (
                path.is_file() and not path.is_symlink()):
            return {path.name: path}
    return {"LICENCE.txt": licence(course).encode()} if course.licence else {}
