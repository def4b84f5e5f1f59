"""A new course folder from a template: rendered by Copier, text notebooks written as .ipynb.

Everything is made beside the target and renamed at the end, so a template that fails leaves
nothing behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from kit import notebook as notebooks
from kit.course.load import load_course
from kit.course.nbgrader_config import derive_nbgrader_config
from kit.course.questions import slug
from kit.course.text import notebook_of
from kit.errors import TemplateError, UnknownName
from kit.files import replace_tree, write_text
from kit.model import Course

COMMON = "_common"
"""The folder of files that every template gets; its names win over nothing."""

_NOTEBOOK_FOLDERS = ("lessons", "source")


def templates_folder() -> Path:
    """Where the templates are: inside the installed package, or beside it in a checkout."""
    packaged = Path(__file__).resolve().parent.parent
    for folder in (packaged / "_course_template", packaged.parent / "course_template"):
        if folder.is_dir():
            return folder
    raise TemplateError("the templates are missing from this installation",
                        hint="install coursewright again")


def template_names() -> tuple[str, ...]:
    """The templates there are, by listing their folder."""
    return tuple(sorted(
        folder.name for folder in templates_folder().iterdir()
        if (folder / "copier.yml").is_file() and not folder.name.startswith("_")
    ))


def scaffold(
    template: str, target: Path, answers: Mapping[str, Any], *,
    finish: Callable[[Course], object] | None = None,
) -> Course:
    """Make the course folder `target` from a template and return the course in it.

    `finish` is called with the course before its folder gets its name; what it writes there
    belongs to the scaffold.

    `answers` fill the template's questions; `course_id`, `title`, `author`, `email`,
    `institution`, `start` (a date) and `timezone` are asked by each. Raises UnknownName for a
    template that is not there, TemplateError when the folder exists or the template is broken.
    """
    if template not in template_names():
        raise UnknownName("template", template, template_names())
    if target.exists() and not target.is_dir():
        raise TemplateError("a file has that name", where=str(target),
                            hint="choose another name for the folder")
    if target.exists() and any(target.iterdir()):
        raise TemplateError("the folder exists and is not empty", where=str(target),
                            hint="choose another name, or run kit adopt inside it")
    full = {**default_answers(target.name, template), **answers}
    full["course_id"] = answers.get("course_id") or course_id(target.name, str(full["title"]))
    _check_answers(full)
    with replace_tree(target) as folder:
        for source in (templates_folder() / COMMON, templates_folder() / template):
            _render(source, folder, full)
        _write_notebooks(folder)
        _finish(folder)
        if finish is not None:
            finish(load_course(folder))
    return load_course(target)


def default_answers(name: str, template: str) -> dict[str, Any]:
    """What a template gets where nobody answered. The start is a Monday in about 8 weeks."""
    soon = datetime.now().astimezone().date() + timedelta(weeks=8)
    return {
        "course_id": course_id(name),
        "title": _template_default(template, "title") or name.replace("-", " ").capitalize(),
        "author": "",
        "email": "",
        "institution": "",
        "timezone": "UTC",
        "start": soon - timedelta(days=soon.weekday()),
    }


def course_id(folder: str, title: str = "") -> str:
    """A course's id: its folder's name, made of Latin letters; else of its title; else `course`."""
    from kit.course.schema import NAME

    return folder if NAME.fullmatch(folder) else slug(folder) or slug(title) or "course"


def _template_default(template: str, question: str) -> str:
    from ruamel.yaml import YAML

    asked = YAML(typ="safe").load(templates_folder() / template / "copier.yml")
    return str((asked.get(question) or {}).get("default", ""))


def _check_answers(answers: Mapping[str, Any]) -> None:
    from kit.course.schema import NAME

    if not NAME.fullmatch(str(answers["course_id"])):
        raise TemplateError(f"{answers['course_id']!r} cannot be a course's id",
                            hint="use letters, digits, '.', '_' and '-' only")
    try:
        _first_day(answers["start"])
    except ValueError:
        raise TemplateError(f"{answers['start']!r} is not a date",
                            hint="write the start as 2027-01-11") from None


def _first_day(start: Any) -> date:
    return start if isinstance(start, date) else date.fromisoformat(str(start))


def _render(source: Path, folder: Path, answers: Mapping[str, Any]) -> None:
    import copier
    from copier.errors import CopierError

    try:
        copier.run_copy(
            str(source), str(folder), data=_plain(answers), defaults=True, overwrite=True,
            quiet=True, unsafe=True, skip_tasks=True,
        )
    except (CopierError, ValueError) as error:
        raise TemplateError(f"cannot be rendered: {error}", where=source.name) from error
    _drop_python_caches(folder)


def _plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {**answers, "start": _first_day(answers["start"]).isoformat()}


def _drop_python_caches(folder: Path) -> None:
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)


def _write_notebooks(folder: Path) -> None:
    for home in _NOTEBOOK_FOLDERS:
        for path in sorted((folder / home).rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            if not is_text_notebook(text):
                continue
            made = notebook_of(text, name=path.relative_to(folder).as_posix())
            notebooks.write(made, path.with_suffix(".ipynb"))
            path.unlink()


def is_text_notebook(text: str) -> bool:
    """Whether a Markdown text is a notebook: its front matter names Jupytext or a kernel."""
    if not text.startswith("---\n"):
        return False
    front = text[4:].split("\n---", 1)[0]
    return "jupytext:" in front or "kernelspec:" in front


def _finish(folder: Path) -> None:
    course = load_course(folder)
    write_schema(folder)
    derive_nbgrader_config(course)


def write_schema(folder: Path) -> None:
    """Put the JSON Schema where the first line of `course.yml` points editors."""
    import json

    from kit.course.schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    write_text(folder / ".kit" / "course.schema.json", text)

