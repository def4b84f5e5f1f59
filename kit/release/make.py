"""Make the learners' version: folder, gradebook rows, manifest, zip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from kit.errors import ReleaseError
from kit.model import Assignment, Course, Release
from kit.release.archive import write_archive
from kit.release.changes import Change, changes, refuse_structural
from kit.release.generate import generated
from kit.release.handout import write_handouts
from kit.release.manifest import read_release, write_manifest
from kit.release.pipeline import Pipeline, pipeline

__all__ = ["Change", "Made", "make_release"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What `make_release` made, and what it changed since the release before."""

    release: Release
    changes: tuple[Change, ...]
    folder: Path
    archive: Path
    after_submissions: bool = False


def make_release(
    course: Course,
    assignment: Assignment,
    *,
    force: bool = False,
    previous: Release | None = None,
    course_id: str = "",
) -> Made:
    """Write `release/<assignment>/`, the gradebook's rows, the manifest and the zip.

    `previous` is what was released before, where the kit itself has no record of it (stock
    nbgrader's release, read from the gradebook). Once learners have handed in, text, tests and
    points may change; a cell more or less is refused. `force` lets it through while nothing
    that was handed in is graded; nbgrader itself refuses after that. `course_id` is what the
    gradebook calls the course, where that is not the id of course.yml.

    Raises ReleaseError; the release that was there before then stays as it was.
    """
    new = generated(course, assignment).release
    try:
        before = read_release(course, assignment) or previous
    except ReleaseError:
        before = previous  # a damaged record is made again
    found = changes(before, new)
    steps = pipeline(course, assignment.name, course_id=course_id)
    after = _handed_in(course, steps)
    if after and not force:
        refuse_structural(found, assignment=assignment.name)
    with _kept(steps.destination):
        _convert(steps, assignment)
        _check_written(steps, new)
        write_handouts(new, steps.destination, course.language)
    new = replace(new, made_at=datetime.now(UTC).replace(microsecond=0))
    write_manifest(course, new)
    archive = write_archive(course, assignment, new, steps.destination)
    return Made(release=new, changes=found, folder=steps.destination, archive=archive,
                after_submissions=after)


def _handed_in(course: Course, steps: Pipeline) -> bool:
    submitted = steps.converter.coursedir.submitted_directory
    pattern = steps.converter.coursedir.format_path(submitted, "*", steps.assignment)
    relative = os.path.relpath(pattern, steps.root)
    if any(path.is_dir() for path in steps.root.glob(relative)):
        return True
    records = course.records / "submissions" / steps.assignment
    return records.is_dir() and any(path.is_dir() for path in records.iterdir())


@contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """Set the old release aside; it comes back when making the new one fails."""
    aside = folder.with_name(f".{folder.name}.before")
    if aside.exists():  # a run that was killed left it
        shutil.rmtree(folder, ignore_errors=True)
        aside.replace(folder)
    if folder.exists():
        folder.replace(aside)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if aside.exists():
            aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _convert(steps: Pipeline, assignment: Assignment) -> None:
    try:
        steps.write()
    except (Exception, SystemExit) as error:
        raise _from_log(steps.log.lines, error, assignment.name) from error


def _from_log(lines: list[str], error: BaseException, assignment: str) -> ReleaseError:
    """nbgrader logs the reason and raises something general."""
    text = "\n".join(lines)
    if "add or remove cells" in text or "there are submissions associated" in text:
        return ReleaseError(
            "nbgrader cannot add or remove cells or notebooks: submissions are in the gradebook",
            where=assignment,
            hint="keep the released cells (set points to 0 to take one out), or put new\n"
            "questions into another assignment: kit add assignment",
        )
    if "error accessing the nbgrader database" in text:
        return ReleaseError(
            "the gradebook is of an older nbgrader, or another program holds it",
            where="gradebook.db",
            hint="close formgrader, or bring the gradebook up to date: kit status --upgrade",
        )
    causes = [line for entry in lines if "Traceback" in entry
              for line in entry.strip().splitlines()[-1:]]
    return ReleaseError(
        f"nbgrader could not make the release: {causes[-1] if causes else error}",
        where=assignment, hint="run `nbgrader generate_assignment` for its whole log",
    )


def _check_written(steps: Pipeline, release: Release) -> None:
    """What stands in the folder is what the manifest records."""
    from kit import notebook as nb

    for notebook in release.notebooks:
        written = nb.read(steps.destination / f"{notebook.name}.ipynb")
        texts = {nb.grade_id(cell): nb.source(cell) for cell in written["cells"]}
        for cell in notebook.cells:
            if texts.get(cell.grade_id) != cell.released:
                raise ReleaseError(
                    "a preprocessor gives another result when it runs twice",
                    where=f"{notebook.name}, cell {cell.grade_id}",
                    hint="make the preprocessor in nbgrader_config.py deterministic",
                )
