"""The whole flow on one page: each stage hands its nouns to the next.

    course folder ─► Course ─► Release ─► (learner works) ─► Submission ─► Score ─► gradebook
                        └─► site                                             └─► feedback, exports

The rooms below know nothing of one another; what one needs from another passes through here.
Rooms are imported inside the stages, so that a command pays only for what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kit.errors import ReleaseError, UnknownName, typed

if TYPE_CHECKING:
    from kit.check import Mutated
    from kit.collect import Collected, Ways
    from kit.feedback import Packed
    from kit.gradebook import Bundle, Gradesheet
    from kit.grading import Explained, Tally
    from kit.model import Assignment, Course, Feedback, Finding, Progress, Release, Submission
    from kit.publish import Published
    from kit.release import Made
    from kit.simulate import Simulated
    from kit.site import Printed, Site, Warm


def load(course_dir: Path | None = None) -> Course:
    """The course in `course_dir`, or in the nearest folder upwards that has one."""
    from kit.course import find_course, load_course

    return load_course(find_course(course_dir))


def release_of(course: Course, assignment: Assignment) -> Release:
    """What was handed out: our manifest, else what stock nbgrader's gradebook remembers.

    Raises ReleaseError where the assignment was never released.
    """
    from kit import gradebook, release

    found = release.read_release(course, assignment) or gradebook.read_release(course, assignment)
    if found is None:
        raise ReleaseError(
            f"{assignment.name} has not been released", where=f"source/{assignment.name}",
            hint=typed("kit", "release", assignment.name),
        )
    return found


def adopt(folder: Path) -> tuple[Course, tuple[str, ...]]:
    """Write `course.yml` for the nbgrader course in `folder`; also what was left alone."""
    from dataclasses import replace

    from kit import gradebook
    from kit.course.adopt import adopt as write
    from kit.course.adopt import survey
    from kit.grading import unused

    found = survey(folder)
    due = {**gradebook.due_dates(folder / "gradebook.db"), **found.due}
    course = write(folder, replace(found, due=due))
    not_used = unused(course, course.assignments[0]) if course.assignments else ()
    return course, (*found.notes, *not_used)


def check(
    root: Path, *, assignments: Sequence[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with the course in `root`; of all of it, or of some assignments."""
    from kit.check import check_folder

    return check_folder(root, assignments=assignments, on_progress=on_progress)


def mutate(
    root: Path, *, assignments: Sequence[str] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Mutated, ...]:
    """How many small faults in each solution its tests notice."""
    from kit.check import mutate_course
    from kit.course import load_course

    return mutate_course(load_course(root), assignments=assignments, on_progress=on_progress)


def release(
    course: Course, assignment: Assignment, *, force: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Made:
    """Make the learners' version: checked first, unless forced, then written.

    Raises CheckFailed when the check finds errors, ReleaseError when it cannot be made.
    """
    from kit import gradebook
    from kit.check import check_course
    from kit.course import derive_nbgrader_config
    from kit.errors import CheckFailed
    from kit.model import Severity
    from kit.release import make_release

    if not force:
        found = check_course(course, assignments=(assignment.name,), on_progress=on_progress)
        errors = [finding for finding in found if finding.severity is Severity.ERROR]
        if errors:
            first = errors[0]
            spot = f"{first.path}, cell {first.cell}" if first.cell else first.path
            many = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise CheckFailed(
                f"{first.code} {first.message}{many}", where=spot,
                hint=f"see all of it: {typed('kit', 'check', assignment.name)}\n"
                     f"or release anyway: {typed('kit', 'release', assignment.name, '--force')}",
            )
    if (course.root / "nbgrader_config.py").exists():  # an adopted course may have none
        derive_nbgrader_config(course)
    previous = None
    if not (course.records / "releases" / assignment.name / "manifest.json").is_file():
        previous = gradebook.read_release(course, assignment)
    if not (course.root / "gradebook.db").exists():
        # nbgrader would start the program `alembic` for it, which may not be on the PATH.
        gradebook.ensure(course)
    made = make_release(course, assignment, force=force, previous=previous,
                        course_id=gradebook.course_id(course))
    gradebook.write_due(course, assignment)
    gradebook.lay_again(course, assignment)
    return made


def grade(
    course: Course, assignment: Assignment, *, learners: Sequence[str] = (), force: bool = False,
    engine: str = "local", workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Tally:
    """Grade what was handed in and write it into the gradebook as it comes.

    What is graded already is left out unless forced; what lateness costs and whose grade it is
    follow changed dates, people, policy and marks all the same. Marks that are overwritten are
    backed up first. Raises ReleaseError, UnknownName, GradebookError, GradingError while another
    run is at work, and Interrupted after what was finished is written.
    """
    from kit import graded
    from kit.course.author import configured

    course, assignment = configured(course, assignment)
    return graded.grade_class(
        course, assignment, release_of(course, assignment), learners=learners, force=force,
        engine=engine, workers=workers, on_progress=on_progress)


def explain(
    course: Course, assignment: Assignment, *, learners: Sequence[str] = (), force: bool = False,
    engine: str = "local",
) -> Explained:
    """What `grade` would run and why, and what it would not; nothing is run or written.

    Raises as `grade` does.
    """
    from kit import graded
    from kit.course.author import configured

    course, assignment = configured(course, assignment)
    return graded.explain_class(course, assignment, release_of(course, assignment),
                                learners=learners, force=force, engine=engine)


def chosen_of(
    found: Sequence[Submission], assignment: Assignment, learners: Sequence[str]
) -> list[Submission]:
    """Those of the named learners, or all. Raises UnknownName."""
    names = [one.learner for one in found]
    for learner in learners:
        if learner not in names:
            raise UnknownName("submission of a learner", learner, names,
                              where=f"submitted/*/{assignment.name}")
    return [one for one in found if not learners or one.learner in learners]


def collect(
    course: Course, assignment: Assignment, origin: Path | None, *, ways: Ways | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Collected:
    """Take in what learners handed in; `origin` None is nbgrader's exchange."""
    from kit import collect as room
    from kit.course import load_roster

    return room.collect(course, load_roster(course), assignment, origin, ways=ways,
                        on_progress=on_progress)


def simulate(
    course: Course, assignment: Assignment, *, count: int, write_roster: bool = False,
    on_progress: Callable[[Progress], None] | None = None, **how: Any,
) -> tuple[Simulated, bool]:
    """Make a class, and its roster where there is none; whether the roster has the class."""
    from kit import release
    from kit import simulate as room
    from kit.course import load_roster
    from kit.course.roster_import import merge
    from kit.course.roster_import import write_roster as write
    from kit.model import Learner

    made = room.simulate(course, assignment, release.read_release(course, assignment), count,
                         on_progress=on_progress, **how)
    there = load_roster(course).learners
    change = merge(there, [Learner(**row) for row in room.roster_rows(made)])
    if change.added and (write_roster or not there):
        write(course, change.learners)
        return made, True
    return made, not change.added


def built_before(course_dir: Path | None = None) -> Site | None:
    """The site that stands there, where no file that it was made from has changed since.

    A quick look that parses nothing; None where `build` has to find out.
    """
    from kit.course import find_course
    from kit.site import unchanged

    return unchanged(find_course(course_dir))


def build(
    course: Course, *, workers: int = 2, force: bool = False, heat: Warm | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Site:
    """Build the site; of the homework, only what was released appears on it."""
    from kit import site

    return site.build(course, _handed_out(course), workers=workers, force=force, heat=heat,
                      on_progress=on_progress)


def _handed_out(course: Course) -> dict[str, Release]:
    """Every release that is known and there."""
    from kit import release as room

    found = {}
    for assignment in course.assignments:
        if (course.root / "release" / assignment.name).is_dir():
            made = room.read_release(course, assignment)
            if made is None:
                from kit import gradebook

                made = gradebook.read_release(course, assignment)
            if made is not None:
                found[assignment.name] = made
    return found


def publish(
    course: Course, folder: Path, *, keep: Sequence[str] = (), overwrite: bool = False,
    workers: int = 2, on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Site, Published]:
    """Build the site, and bring the public folder level with what may leave the course."""
    from kit import publish as room
    from kit import site

    releases = _handed_out(course)
    built = site.build(course, releases, workers=workers, on_progress=on_progress)
    tree = room.public_tree(course, releases, built.folder)
    return built, room.write_tree(course, tree, folder, keep=keep, overwrite=overwrite)


def print_book(course: Course, built: Site, *, force: bool = False) -> Printed:
    """Print the built site as one PDF."""
    from kit import site

    return site.print_book(course, built, force=force)


# ----------------------------------------------------------------- gradebook and feedback


def gradesheet(
    course: Course, assignment: Assignment | None = None, *,
    by: Literal["assignment", "question", "outcome"] = "assignment",
) -> Gradesheet:
    """Everyone's rows, of one assignment or of all, ready to be shown or exported."""
    from kit import gradebook
    from kit.course import load_roster

    roster = load_roster(course)
    rows = gradebook.rows(course, roster, assignment)
    return gradebook.sheet(course, roster, rows, by=by)


def feedback(
    course: Course, assignment: Assignment, *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Feedback]:
    """Write a page for each submission of the assignment; yields them as they are written."""
    from kit import gradebook
    from kit.course import load_roster
    from kit.feedback import write_feedback

    roster = load_roster(course)
    yield from write_feedback(
        course, assignment, release_of(course, assignment),
        gradebook.rows(course, roster, assignment), autograded=course.root / "autograded",
        roster=roster, repairs=gradebook.repairs(course, assignment),
        acts=gradebook.acts(course, assignment), on_progress=on_progress,
    )


def pack_feedback(course: Course, assignment: Assignment, lms: str) -> Packed:
    """The pages as the LMS's bulk upload takes them, named as its own download named them."""
    from kit.collect import versions
    from kit.course import load_roster
    from kit.feedback import pack

    origins: dict[str, list[str]] = {}
    for version in versions(course, assignment.name):
        # The latest hand-in first: its numbers are the ones that the LMS still knows.
        names = [version.origin, *(old for old, _ in version.renamed)]
        origins[version.learner] = names + origins.get(version.learner, [])
    return pack(course, assignment, load_roster(course), lms, origins=origins)


def split_marks(
    course: Course, assignment: Assignment, graders: Sequence[str], *, to: Path | None = None
) -> tuple[Bundle, ...]:
    """Bundles for graders: the answers as a page, and a file for the marks."""
    from kit import gradebook
    from kit.course import load_roster
    from kit.feedback import marking_page
    from kit.files import write_text

    rows = gradebook.rows(course, load_roster(course), assignment)
    bundles = gradebook.split_marks(course, assignment, rows, graders, to=to)
    for bundle in bundles:
        write_text(bundle.folder / "answers.html", marking_page(
            course, assignment, bundle.items, autograded=course.root / "autograded"))
    return bundles
