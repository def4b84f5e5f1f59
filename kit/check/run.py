"""Read the course, run what can be run, and ask every check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kit import notebook as nb
from kit.check import apart, runs, trial_runs, variant_runs
from kit.check.context import Context, Page, Paper, Work
from kit.check.pages import read_page
from kit.check.registry import checks, found
from kit.check.trials import Mutated
from kit.course import load_course, markers_of
from kit.errors import CourseError, KitError, NotebookError, ReleaseError, UnknownName
from kit.model import Assignment, Course, Finding, Markers, Progress
from kit.release import Generated, generated
from kit.release.seal import one_pool
from kit.sandbox import Pool

OnProgress = Callable[[Progress], None]


def check_folder(
    root: Path, *, assignments: Sequence[str] | None = None,
    on_progress: OnProgress | None = None, pool: Pool | None = None,
) -> tuple[Finding, ...]:
    """As `check_course`, from a folder: a `course.yml` that cannot be read is a finding too."""
    try:
        course = load_course(root)
    except (CourseError, UnknownName) as error:
        where = error.where.removeprefix("course.yml").strip(" ,")
        message = f"{where}: {error.message}" if where else error.message
        return (found("E101", "course.yml", message, hint=error.hint),)
    return check_course(course, assignments=assignments, on_progress=on_progress, pool=pool)


def check_course(
    course: Course, *, assignments: Sequence[str] | None = None,
    on_progress: OnProgress | None = None, pool: Pool | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with the course, sorted by file and place.

    With `assignments`, only those are looked at, and neither lessons nor what concerns the
    course as a whole. `pool` is an open pool of the sandbox to run in. Nothing in the course
    folder is written but what lessons write. Raises UnknownName for an assignment that the
    course does not have.
    """
    context = _context(course, assignments, on_progress, pool)
    collected = [finding for one in checks() for finding in one(context)]
    order = {path: place for place, path in enumerate(_paths(context))}
    cells = _cell_order(context)
    return tuple(sorted(
        dict.fromkeys(collected),
        key=lambda f: (order.get(f.path, -1), f.path, cells.get((f.path, f.cell), 0), f.line or 0,
                       f.code[1:]),
    ))


def mutate_course(
    course: Course, *, assignments: Sequence[str] | None = None,
    on_progress: OnProgress | None = None, pool: Pool | None = None,
) -> tuple[Mutated, ...]:
    """The mutation score of each question: how many small faults in its solution its tests
    notice. Raises UnknownName for an assignment that the course does not have."""
    chosen = (course.assignments if assignments is None
              else tuple(_named(course, name) for name in assignments))
    with one_pool(pool):
        works = tuple(_work(course, assignment) for assignment in chosen)
    return trial_runs.mutate(course, works, on_progress=on_progress, pool=pool)


def read_count(course: Course, assignments: Sequence[str] | None = None) -> int:
    """How many notebooks and lessons a check reads."""
    chosen = [a for a in course.assignments if assignments is None or a.name in assignments]
    lessons = 0 if assignments is not None else len(course.lessons)
    return sum(len(a.notebooks) for a in chosen) + lessons


def _context(
    course: Course, names: Sequence[str] | None, on_progress: OnProgress | None,
    pool: Pool | None,
) -> Context:
    chosen = course.assignments if names is None else tuple(_named(course, n) for n in names)
    pages: tuple[Page, ...] = tuple(
        read_page(course, lesson) for lesson in (course.lessons if names is None else ()))
    with runs.running(course, pool=pool) as submit:
        started = runs.start_pages(submit, course, pages)
        works = tuple(_work(course, assignment) for assignment in chosen)
        started += runs.start_works(submit, works)
        trying = trial_runs.start(submit, works)
        drawing = variant_runs.start(submit, works)
        total = len(started) + len(trying) + len(drawing)
        done = 0

        def tell(name: str) -> None:
            nonlocal done
            done += 1
            if on_progress is not None:
                on_progress(Progress(done=done, total=total, note=name))

        works, pages = runs.finish(started, works, pages, tell=tell)
        works = trial_runs.finish(trying, works, tell=tell)
        works = variant_runs.finish(drawing, works, tell=tell)
        works = apart.tried(course, works)
    return Context(course=course, works=works, pages=pages, whole=names is None,
                   markers=_markers(course))


def _markers(course: Course) -> Markers:
    try:
        return markers_of(course)
    except CourseError:
        return Markers()  # E117 tells that the configuration cannot be read


def _named(course: Course, name: str) -> Assignment:
    from kit.course import assignment_of

    return assignment_of(course, name)


def _work(course: Course, assignment: Assignment) -> Work:
    folder = course.root / "source" / assignment.name
    papers: list[Paper] = []
    broken: list[KitError] = []
    for path in sorted(folder.glob("*.ipynb")):
        shown = path.relative_to(course.root).as_posix()
        try:
            papers.append(Paper(path=shown, name=path.stem, notebook=nb.read(path)))
        except NotebookError as error:
            broken.append(NotebookError(error.message, where=shown, hint=error.hint))
    made: Generated | None = None
    refused: KitError | None = None
    if papers and not broken:
        try:
            made = generated(course, assignment)
        except ReleaseError as error:
            refused = error
    stages = {notebook.name: notebook for notebook in made.notebooks} if made else {}
    return Work(
        assignment=assignment, folder=folder, generated=made, refused=refused,
        unreadable=tuple(broken),
        papers=tuple(Paper(path=paper.path, name=paper.name, notebook=paper.notebook,
                           stages=stages.get(paper.name)) for paper in papers),
    )


def _paths(context: Context) -> list[str]:
    return ["course.yml", *(page.path for page in context.pages),
            *(paper.path for _, paper in context.papers)]


def _cell_order(context: Context) -> dict[tuple[str, str], int]:
    order = {(paper.path, name): place for _, paper in context.papers
             for place, name, _, _ in paper.cells("solved")}
    order |= {(page.path, block.name): block.place for page in context.pages
              for block in page.blocks if block.name}
    return order
