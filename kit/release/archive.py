"""The zip that learners get: notebooks, files, requirements and a short README."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from kit.errors import NotebookError, ReleaseError, typed
from kit.files import write_bytes
from kit.model import Assignment, Course, Release
from kit.notebook import decode

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16
_README_CALLS = ("coursewright", "notebook>=7")
"""What gives the commands that the README names: `kit` and `jupyter notebook`."""
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")


def archive_path(course: Course, assignment: str) -> Path:
    """`release/<course>-<assignment>.zip`: beside the folder that nbgrader writes."""
    return course.root / "release" / f"{course.id}-{assignment}.zip"


def write_archive(course: Course, assignment: Assignment, release: Release, folder: Path) -> Path:
    """Zip the released `folder`; the same release gives the same bytes."""
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    own = _own_requirements(course, folder)
    contents["requirements.txt"] = _requirements(course, own).encode()
    contents.setdefault("README.md", _readme(course, assignment, release).encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"{assignment.name}/{name}", _EPOCH)
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on each platform
            archive.writestr(entry, contents[name])
    target = archive_path(course, assignment.name)
    write_bytes(target, buffer.getvalue())
    return target


def _requirements(course: Course, own: str) -> str:
    """The author's requirements and what else the README and the notebooks need."""
    there = {_plain(found[1]) for line in own.splitlines() if (found := _NAME.match(line))}
    if "jupyter" in there:
        there.add("notebook")  # the one brings the other
    missing = [name for name in dict.fromkeys((*_README_CALLS, *course.packages))
               if not (found := _NAME.match(name)) or _plain(found[1]) not in there]
    lines = [own.rstrip("\n")] if own.strip() else []
    return "\n".join([*lines, *missing]) + "\n"


def _own_requirements(course: Course, folder: Path) -> str:
    """Those of the assignment, else those of the course; "" where there are none."""
    for path in (folder / "requirements.txt", course.root / "requirements.txt"):
        if path.is_file():
            try:
                return decode(path.read_bytes(), name=path.name)
            except NotebookError as error:
                raise ReleaseError(error.message, where="requirements.txt",
                                   hint=error.hint) from error
    return ""


def _plain(name: str) -> str:
    """A package's name as PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _readme(course: Course, assignment: Assignment, release: Release) -> str:
    names = [f"{notebook.name}.ipynb" for notebook in release.notebooks]
    due = ""
    if assignment.due is not None:
        local = assignment.due.astimezone(course.timezone)
        word = "Suggested by" if course.self_paced else "Due"
        due = f"{word} {local:%A} {local.day} {local:%B %Y, %H:%M} ({course.timezone.key}).\n"
    listed = "\n".join(f"- `{name}`: {notebook.max_points:g} points"
                       for name, notebook in zip(names, release.notebooks, strict=True))
    return f"""# {assignment.title}

{course.title}. {due}
{listed}

1. Install what it needs: `python -m pip install -r requirements.txt`
2. Open it: `{typed('jupyter', 'notebook', names[0])}`
3. Write your answers into the cells that ask for them. Leave the other cells as they are.
4. Before you hand in, save it and check it: `{typed('kit', 'validate', names[0])}`
5. Hand in the notebook itself, under the name that it has.
"""
