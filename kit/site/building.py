"""Build the site: execute lessons, stage what may be published, let Sphinx render it."""

from __future__ import annotations

import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from kit import __version__
from kit.course import COURSE_FILE, DerivedFile
from kit.errors import BuildError
from kit.files import digest_bytes, digest_file
from kit.language import FOLDER as LANGUAGES
from kit.language import language_of
from kit.lesson.saying import speaking
from kit.model import Course, Progress, Release
from kit.site.book import bibliography, derive_book_config
from kit.site.inputs import mark, snapshot
from kit.site.launch import launches
from kit.site.lessons import execute as running
from kit.site.lessons.notebooks import lesson_download, lesson_notebook
from kit.site.lessons.parts import PART, copy_media, media_of
from kit.site.lessons.reading import read_lesson, title_in, title_of
from kit.site.lessons.widgets import alive_elsewhere
from kit.site.model import Page, Site, Source
from kit.site.pages.card import staged_card
from kit.site.pages.front import COURSE, MORE, OWN, stage_back, stage_front
from kit.site.pages.home import home, progress, references
from kit.site.pages.homework import Handed, stage_homework
from kit.site.pages.outside import stage_outside, staged_logo
from kit.site.pages.selfstudy import is_open, notice
from kit.site.python.inpage import PythonPage, bring, python_pages, vendor_folder
from kit.site.render.deadlinks import DEAD, dead_links
from kit.site.render.press import Press
from kit.site.stage import Stage, copy_public, public_files
from kit.site.stamp import as_before, last_build, still_true, write_stamp
from kit.site.warmth import Warm

VENDOR = Path(__file__).with_name("vendor")


def build(
    course: Course,
    releases: Mapping[str, Release],
    *,
    archives: Mapping[str, Path] | None = None,
    workers: int = 2,
    force: bool = False,
    heat: Warm | None = None,
    now: datetime | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Site:
    """Build `_build/html` and say what was done.

    `releases` are the assignments to show, by name, as they were released; `archives` their
    zips where these are elsewhere than the release room puts them. `now` decides what waits for
    a due date. `force` renders again even when nothing changed. What is handed in as `heat` is
    warm for the next build. Raises BuildError for a lesson that raises, or a page
    that Sphinx refuses, Interrupted for Ctrl-C; the site of the last build stays as it was.
    """
    started = time.monotonic()
    _need_vendor()
    derived = derive_book_config(course)
    seen = mark(snapshot(course.root), now=time.time_ns())
    out = course.root / "_build" / "html"
    context, now = _context(course), now or datetime.now(UTC)
    state = _fingerprint(course, releases, archives or {}, context, now)
    last = last_build(course.root)
    if not force and last.get("state") == state and (out / "index.html").is_file():
        site = as_before(out, last, _told(derived), time.monotonic() - started)
        write_stamp(course, state, seen, site, last.get("order", ()))
        return site
    sources = [found for lesson in course.lessons if (found := read_lesson(course, lesson))]
    executed = running.execute(course, sources, context, workers=workers,
                               kernels=heat.kernels if heat else None,
                               forks=heat.forks if heat else None, on_progress=on_progress)
    stage = Stage(course.records / "site" / "src")
    with running.telling(lambda: "while its pages were made"), speaking(course.language):
        from kit.site.render import html

        pages, handed = _stage(course, stage, sources, executed, releases, archives or {}, now)
        python = python_pages(course, sources, executed.outcomes)
        with nullcontext(heat.press) if heat else Press() as at_work:
            warnings = _printed(course, stage, pages, python, at_work, last.get("warnings", ()),
                                force=force)
    homework = tuple(item.assignment.name for item in handed if item.pages)
    with _held():
        new = html.publish(course.records / "site", out)
        site = Site(
            course=course.id, folder=out, state="built", pages=len(pages), changed=new,
            executed=executed.ran, cached=executed.cached, warnings=warnings,
            derived=_told(derived), homework=homework,
            waiting=tuple(a.name for a in course.assignments if a.name not in homework),
            seconds=time.monotonic() - started,
        )
        write_stamp(course, state, seen, site, [asdict(page) for page in pages])
    return site


def _printed(
    course: Course, stage: Stage, pages: tuple[Page, ...], python: Mapping[str, PythonPage],
    press: Press, before: Sequence[str], *, force: bool,
) -> tuple[str, ...]:
    """Print the staged pages; all warnings that hold of them."""
    from kit.site.render import html

    records = course.records / "site"
    logo = staged_logo(course, stage)
    card = staged_card(course, stage, logo, records / "cards")
    stage_outside(course, stage, pages)
    stage.finish()
    said = html.render(course, pages, stage.folder, records, press=press, force=force,
                       around=html.Around(python=python, logo=logo, card=card))
    bring(course, python, records / "html" / "_static")
    # Links are looked at anew: whether one leads somewhere depends on other pages too.
    kept = [line for line in before if not line.endswith(DEAD)]
    warnings = still_true(kept, said, {page.docname for page in pages} - press.read)
    return warnings + dead_links(course, records / "html", pages, warnings)


@contextmanager
def _held() -> Iterator[None]:
    """Let Ctrl-C wait until this is done: the site is the old one or the new one."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def is_stale(course: Course, releases: Mapping[str, Release]) -> bool:
    """Whether the built site differs from what a build would make now."""
    out = course.root / "_build" / "html" / "index.html"
    last = last_build(course.root)
    return not out.is_file() or last.get("state") != _fingerprint(
        course, releases, {}, _context(course), datetime.now(UTC)
    )


def _stage(
    course: Course, stage: Stage, sources: list[Source], executed: running.Executed,
    releases: Mapping[str, Release], archives: Mapping[str, Path], now: datetime,
) -> tuple[tuple[Page, ...], tuple[Handed, ...]]:
    from kit import notebook

    words = language_of(course)
    run = {source.docname: source for source in sources}
    written = {lesson.path for lesson in course.lessons}
    written |= {f"{name}.md" for name in ("index", *OWN)}
    copy_public(course, stage, frozenset(written))
    for docname, source in run.items():
        stage.write(f"{docname}.ipynb", notebook.dumps(running.merged(
            source, executed.outcomes.get(docname), elsewhere=alive_elsewhere(course, docname),
            words=words)))
        stage.write(lesson_download(docname),
                    notebook.dumps(lesson_notebook(source, course.language)))
    copy_media(stage.folder, course.records / "site" / "media", {
        docname: media_of(outcome.widgets) for docname, outcome in executed.outcomes.items()})
    for lesson in course.lessons:
        if lesson.docname not in run:
            stage.copy(course.root / lesson.path, lesson.path)
    lessons = _lesson_pages(course, run)
    handed = stage_homework(course, stage, releases, archives, now)
    by_name = {page.docname: page for page in lessons}
    own = (course.root / "index.md").is_file() and "index" not in by_name
    pages = [Page(docname="index", title=words.say("Home"), group=COURSE,
                  origin="index.md" if own else COURSE_FILE)]
    if own:
        stage.copy(course.root / "index.md", "index.md")
    else:
        stage.write("index.md", home(course, by_name, handed))
    pages += stage_front(course, stage, by_name, handed)
    pages += [*lessons, *(page for item in handed for page in item.pages)]
    pages += stage_back(course, stage, by_name)
    if any(stage.holds(f"{page.docname}.ipynb", PART) for page in lessons):
        stage.write("progress.md", progress(lessons, words))
        pages.append(Page(docname="progress", title=words.say("Your progress"), group=MORE,
                          printed=False))
    if bibliography(course) and _needs_references(stage, pages):
        stage.write("references.md", references(words))
        pages.append(Page(docname="references", title=words.say("References"), group=MORE,
                          origin=bibliography(course)))
    return tuple(pages), handed


def _lesson_pages(course: Course, run: Mapping[str, Source]) -> tuple[Page, ...]:
    words, total = language_of(course), len(course.lessons)
    numbered = total > 1 and bool(course.assignments)
    pages, number = [], 0
    for part in course.parts:
        for lesson in part.lessons:
            number += 1
            source, name = run.get(lesson.docname), f"{lesson.docname}.ipynb"
            pages.append(Page(
                docname=lesson.docname, origin=lesson.path,
                title=title_in(source) if source else title_of(course.root / lesson.path),
                group=part.title or words.say("Lessons"),
                eyebrow=words.say("Lesson {number} of {total}", number=number, total=total)
                if numbered else part.title,
                downloads=((words.say("Download notebook"), lesson_download(lesson.docname)),)
                if source else (),
                launches=launches(course.site, name, words) if source else (),
            ))
    return tuple(pages)


def _needs_references(stage: Stage, pages: list[Page]) -> bool:
    """Whether pages cite something, and none of the author's lists it already."""
    paths = (stage.folder / f"{page.docname}{suffix}"
             for page in pages for suffix in (".md", ".ipynb"))
    texts = [path.read_text(encoding="utf-8", errors="replace")
             for path in paths if path.is_file()]
    return any("{cite" in text for text in texts) and not any(
        "{bibliography}" in text for text in texts)


def _told(derived: tuple[DerivedFile, ...]) -> dict[str, str]:
    return {file.path.name: file.state for file in derived}


def _need_vendor() -> None:
    if not (VENDOR / "widgets.js").is_file():
        raise BuildError(
            "the browser code of sites is not there", where=str(VENDOR),
            hint="install the package again (pip install -e .), or run python hatch_build.py",
        )


# ------------------------------------------------------------------------- what has changed


def _context(course: Course) -> str:
    """Digest of all that lessons can read, and of the environment that runs them."""
    found = [running.environment_digest(), course.language]
    found += [f"{name}:{digest_file(path)}" for path, name in public_files(course)
              if path.suffix not in (".md", ".ipynb", ".bib") and name != "requirements.txt"]
    return digest_bytes("\n".join(found).encode())


def _fingerprint(
    course: Course, releases: Mapping[str, Release], archives: Mapping[str, Path], context: str,
    now: datetime,
) -> str:
    here = Path(__file__).parent
    found = [context, __version__, _digest(VENDOR / "SOURCES.sha256"),
             _digest(vendor_folder(course) / "pyodide-lock.json")]
    found += [_digest(course.root / name)
              for name in (COURSE_FILE, "_config.yml", "nbgrader_config.py")]
    found += [f"{path.name}:{_digest(path)}"
              for path in sorted([*here.rglob("*.py"), *(here / "theme").rglob("*.*"),
                                  *(here / "python").glob("*.*"), here.parent / "language.py",
                                  *LANGUAGES.glob("*.json")])]
    found += [f"{name}:{_digest(path)}" for path, name in public_files(course)
              if path.suffix in (".md", ".ipynb", ".bib")]
    for name, release in sorted(releases.items()):
        folder = course.root / "release"
        files = [folder / name / f"{n.name}.ipynb" for n in release.notebooks]
        files += [folder / name / file.path for file in release.files]
        files.append(archives.get(name, folder / f"{course.id}-{name}.zip"))
        found += [f"{name}:{release.digest}:{path.name}:{_digest(path)}" for path in files]
    found += [f"{assignment.name}:{is_open(course, assignment, now)}:"
              f"{notice(course, assignment, now)}"
              for assignment in course.assignments if assignment.name in releases]
    return digest_bytes("\n".join(found).encode())


def _digest(path: Path) -> str:
    return digest_file(path) if path.is_file() else ""


def remove(course: Course) -> None:
    """Remove the site, its PDF, and all that was kept to build them faster."""
    for folder in (course.root / "_build" / "html", course.records / "site",
                   course.records / "executed"):
        shutil.rmtree(folder, ignore_errors=True)
    (course.root / "_build" / f"{course.id}.pdf").unlink(missing_ok=True)
