"""Where the course is that a command speaks of."""

from __future__ import annotations

from pathlib import Path

from kit.errors import CourseError

COURSE_FILE = "course.yml"


def find_course(start: Path | None = None) -> Path:
    """The course folder: `start` if given, else the nearest one upwards that has a course.yml.

    Raises CourseError when there is none, and tells about `kit adopt` where source/ exists.
    """
    if start is not None:
        root = start.resolve()
        if not (root / COURSE_FILE).is_file():
            raise missing(root, where=str(start))
        return root
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    raise missing(here, what=f"there is no {COURSE_FILE} here or above")


def missing(
    folder: Path, *, what: str = f"there is no {COURSE_FILE}", where: str = ""
) -> CourseError:
    """The error that says so, and what to do in such a folder."""
    hint = "go to a course folder, name one with --course DIR, or make one with kit new"
    if (folder / "source").is_dir():
        hint = "this looks like a nbgrader course: run kit adopt in it"
    return CourseError(what, where=where or str(folder), hint=hint)
