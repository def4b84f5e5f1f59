"""The zip that learners get: notebooks, files, requirements and a short README."""

from __future__ import annotations

from pathlib import Path

from kit.course.requirements import completed, own_requirements, python_needed
from kit.errors import NotebookError, ReleaseError, typed
from kit.files import write_bytes, zipped
from kit.language import language_of
from kit.model import Assignment, Course, Release


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
    requirements = completed(course, _own(course, folder))
    contents["requirements.txt"] = requirements.encode()
    contents.setdefault(
        "README.md", _readme(course, assignment, release, python_needed(requirements)).encode())
    target = archive_path(course, assignment.name)
    write_bytes(target, zipped(assignment.name, contents))
    return target


def _own(course: Course, folder: Path) -> str:
    """The requirements of the assignment, else those of the course."""
    try:
        return own_requirements(folder, course.root)
    except NotebookError as error:
        raise ReleaseError(error.message, where=error.where, hint=error.hint) from error


def _readme(course: Course, assignment: Assignment, release: Release, python: str) -> str:
    names = [f"{notebook.name}.ipynb" for notebook in release.notebooks]
    words, due = language_of(course), ""
    if assignment.due is not None:
        when = words.moment(assignment.due.astimezone(course.timezone), weekday=True)
        zone = course.timezone.key
        due = (words.say("Suggested by {when} ({zone}).", when=when, zone=zone)
               if course.self_paced else words.say("Due {when} ({zone}).", when=when, zone=zone))
    listed = "\n".join(
        f"- `{name}`: " + words.many(notebook.max_points, "{number} point", "{number} points")
        for name, notebook in zip(names, release.notebooks, strict=True))
    needs = words.say(" It takes Python {version} or later.", version=python) if python else ""
    zip_name = archive_path(course, assignment.name).name
    return words.say("""# {title}

{course}. {due}

{listed}

## On your own machine

1. Install what it needs: {install}.{needs}
2. Open it: {open}. In VS Code, open this folder, then the
   notebook, and choose the Python of step 1 under *Select Kernel*.

## In Colab

1. Upload `{notebook}` by *File > Upload notebook*.
2. Open *Files* at the left, drop `{zip}` there as it came, and run this in a cell that you
   put first:

       {unzip}
       {enter}
       {install_there}

3. When you are done, *File > Download > Download .ipynb*.

## Then

1. Write your answers into the cells that ask for them. Leave the other cells as they are.
2. Before you hand in, save it and check it: {check}
3. Hand in the notebook itself, under the name that it has.
""", title=assignment.title, course=course.title, due=due, listed=listed, needs=needs,
        install="`python -m pip install -r requirements.txt`",
        open=f"`{typed('jupyter', 'notebook', names[0])}`", notebook=names[0], zip=zip_name,
        unzip=f"!unzip -oq {typed(zip_name)}", enter=f"%cd {typed(assignment.name)}",
        install_there="%pip install -q -r requirements.txt",
        check=f"`{typed('kit', 'validate', names[0])}`")
