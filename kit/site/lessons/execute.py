"""Execute lessons in kernels of their own, two at once, and remember what came out.

The memory is kept by content: the code, the files that code can read, and the environment. A
lesson whose prose alone changed is not executed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.errors import BuildError, Interrupted
from kit.files import digest_bytes, write_text
from kit.language import ENGLISH, Language
from kit.model import Course, Progress
from kit.site.lessons.asking import Asking
from kit.site.lessons.figures import environment, without_large
from kit.site.lessons.forks import Forks, by_fork
from kit.site.lessons.kernels import CELL_SECONDS, Kernels, Place
from kit.site.lessons.raising import failed, raised, stopped, tags_of
from kit.site.lessons.widgets import as_parts
from kit.site.model import Outcome, Source

_FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What all lessons gave, by docname, and how many of them had to run."""

    outcomes: Mapping[str, Outcome]
    ran: int
    cached: int


def execute(
    course: Course,
    lessons: Sequence[Source],
    context: str,
    *,
    workers: int = 2,
    kernels: Kernels | None = None,
    forks: Forks | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Executed:
    """Run the lessons that have no remembered outcome.

    `context` is a digest of data and environment. Raises BuildError for the first lesson (in
    reading order) that raises, with lesson, cell, line and traceback, and Interrupted for
    Ctrl-C; the outcomes of the others are kept, so that a second build goes on from there.
    """
    folder = course.records / "executed"
    keys = {lesson.docname: _key(lesson, context) for lesson in lessons if lesson.code}
    outcomes = {docname: found for docname, key in keys.items()
                if (found := _recall(folder / f"{key}.json")) is not None}
    todo = [lesson for lesson in lessons if lesson.code and lesson.docname not in outcomes]
    cached = len(outcomes)

    def keep(lesson: Source, outcome: Outcome) -> None:
        outcomes[lesson.docname] = outcome
        _remember(folder / f"{keys[lesson.docname]}.json", outcome)

    with (nullcontext(kernels) if kernels else Kernels() as others,
          nullcontext(forks) if forks else Forks() as at_work):
        failures = _run_rest(course, todo, keep, others, at_work, workers=workers,
                             on_progress=on_progress)
        if forks is not None and any(_forked(lesson) for lesson in lessons):
            forks.start(course, environment_digest())
        if by_kernel := [one for one in todo or lessons if one.code and not _forked(one)]:
            others.keep(place_of(course, by_kernel[-1]), environment_digest())
    for lesson in todo:
        if lesson.docname in failures:
            raise failures[lesson.docname]
    _forget(folder, set(keys.values()))
    return Executed(outcomes=outcomes, ran=len(todo), cached=cached)


def _run_rest(
    course: Course, todo: Sequence[Source], keep: Callable[[Source, Outcome], None],
    kernels: Kernels, forks: Forks, *, workers: int,
    on_progress: Callable[[Progress], None] | None,
) -> dict[str, BuildError]:
    """Run these lessons and `keep` what each gives; the errors of the others, by docname."""
    failures: dict[str, BuildError] = {}
    ran = 0

    def done(lesson: Source, result: Outcome | BuildError) -> None:
        nonlocal ran
        ran += 1
        if isinstance(result, BuildError):
            failures[lesson.docname] = result
        else:
            keep(lesson, result)
        if on_progress:
            on_progress(Progress(done=ran, total=len(todo), failed=len(failures),
                                 note=lesson.path))

    if todo:
        if on_progress:
            on_progress(Progress(done=0, total=len(todo)))
        with telling(lambda: f"after {ran - len(failures)} of {len(todo)} lessons"):
            if forked := [lesson for lesson in todo if _forked(lesson)]:
                forks.run_all(course, forked, environment_digest(), workers, done)
            if rest := [lesson for lesson in todo if not _forked(lesson)]:
                kernels.complete(lambda: _run_all(course, rest, kernels, workers, done))
    return failures


def _forked(lesson: Source) -> bool:
    spec = _kernelspec(lesson)
    return bool(lesson.code) and by_fork(spec["name"], spec["language"])


@contextmanager
def telling(when: Callable[[], str]) -> Iterator[None]:
    """Raises Interrupted for Ctrl-C: when it was, and what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(
            f"stopped {when()}; what lessons gave is kept, the site is as it was",
            hint="run the same command again to go on") from None


def merged(
    lesson: Source, outcome: Outcome | None, *, elsewhere: tuple[str, str] = ("", ""),
    words: Language = ENGLISH,
) -> dict[str, Any]:
    """The lesson as an executed notebook. `elsewhere` and `words` are as with `as_parts`."""
    cells = [dict(cell) for cell in lesson.cells]
    metadata: dict[str, Any] = {"kernelspec": _kernelspec(lesson)}
    if outcome is not None:
        outputs, widgets = as_parts(outcome.outputs, outcome.widgets, outcome.report,
                                    elsewhere=elsewhere, words=words)
        for place, index in enumerate(lesson.code):
            cells[index]["outputs"] = outputs[place]
            cells[index]["execution_count"] = outcome.counts[place]
        metadata["language_info"] = dict(outcome.language)
        if widgets:
            metadata["widgets"] = widgets
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata,
            "cells": without_large(cells)}


def _kernelspec(lesson: Source) -> dict[str, str]:
    spec = lesson.metadata.get("kernelspec")
    spec = spec if isinstance(spec, Mapping) else {}
    name = str(spec.get("name") or "python3")
    return {"name": name, "display_name": str(spec.get("display_name") or name),
            "language": str(spec.get("language") or "python")}


def _key(lesson: Source, context: str) -> str:
    code = [(lesson.cells[i]["source"], tags_of(lesson.cells[i])) for i in lesson.code]
    folder = Path(lesson.path).parent.as_posix()
    text = json.dumps([_FORMAT, context, folder, _kernelspec(lesson)["name"], code])
    return digest_bytes(text.encode())


def _recall(path: Path) -> Outcome | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Outcome(
            outputs=tuple(tuple(cell) for cell in kept["outputs"]), counts=tuple(kept["counts"]),
            widgets=kept["widgets"], language=kept["language"], report=kept["report"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(path: Path, outcome: Outcome) -> None:
    write_text(path, json.dumps({"outputs": outcome.outputs, "counts": outcome.counts,
                                 "widgets": outcome.widgets, "language": outcome.language,
                                 "report": outcome.report}))


def _forget(folder: Path, keep: set[str]) -> None:
    """Outcomes that no lesson uses, apart from the latest fifty (an undone edit comes back)."""
    stale = sorted((p for p in folder.glob("*.json") if p.stem not in keep),
                   key=lambda p: p.stat().st_mtime, reverse=True)
    for path in stale[50:]:
        path.unlink(missing_ok=True)


# ------------------------------------------------------------------------------- kernels


async def _run_all(
    course: Course, todo: Sequence[Source], kernels: Kernels, workers: int,
    done: Callable[[Source, Outcome | BuildError], None],
) -> None:
    import asyncio

    room = asyncio.Semaphore(max(1, workers))

    async def one(lesson: Source) -> None:
        async with room:
            try:
                result: Outcome | BuildError = await _run(course, lesson, kernels)
            except BuildError as error:
                result = error
            done(lesson, result)

    await asyncio.gather(*(one(lesson) for lesson in todo))


async def _run(course: Course, lesson: Source, kernels: Kernels) -> Outcome:
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import from_dict

    node: Any = from_dict(  # type: ignore[no-untyped-call]
        {**merged(lesson, None), "metadata": {"kernelspec": _kernelspec(lesson)}}
    )
    place = place_of(course, lesson)
    client = await kernels.client(node, place, environment_digest())
    asking = Asking(client, node) if _is_python(lesson) else None
    try:
        await _executed(client, place)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        if asking is None or not asking.has_begun:
            raise _failed(lesson, node, error) from None
    finally:
        await kernels.end(client)
    return _outcome(lesson, node, asking.answer() if asking is not None else {})


def _failed(lesson: Source, node: Any, error: Exception) -> BuildError:
    """Why a cell of the lesson could not be run to its end."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    if isinstance(error, CellExecutionError):
        index = next(
            (i for i in lesson.code
             if any(o["output_type"] == "error" for o in node.cells[i].outputs)
             and "raises-exception" not in tags_of(lesson.cells[i])), lesson.code[-1])
        return raised(lesson, index, node.cells[index].outputs)
    place = _last_started(node, lesson)
    if isinstance(error, CellTimeoutError):
        return stopped(lesson, place, CELL_SECONDS)
    return failed(lesson, place, error)


def _is_python(lesson: Source) -> bool:
    return _kernelspec(lesson)["language"].lower() == "python"


async def _executed(client: Any, place: Place) -> None:
    """Execute; when that is cancelled, the kernel is killed rather than asked and waited for."""
    import asyncio

    work = asyncio.ensure_future(client.async_execute(env=environment(place.language)))
    try:
        await asyncio.wait({work})
    except asyncio.CancelledError:
        client.shutdown_kernel = "immediate"
        while not work.done():  # there are places in which nbclient loses a cancellation
            work.cancel()
            await asyncio.wait({work}, timeout=0.5)
        if not work.cancelled():
            work.exception()  # nbclient takes it for a kernel that died
        raise
    work.result()


def place_of(course: Course, lesson: Source) -> Place:
    """Where a lesson of the course runs. Raises BuildError for an unknown kernel."""
    return Place(kernel=_installed_kernel(lesson), folder=(course.root / lesson.path).parent,
                 language=course.language)


def _installed_kernel(lesson: Source) -> str:
    """The kernel that the lesson names, or this Python where it names another machine's."""
    from jupyter_client.kernelspec import KernelSpecManager

    wanted = _kernelspec(lesson)
    known = KernelSpecManager().find_kernel_specs()
    if wanted["name"] in known:
        return wanted["name"]
    if _is_python(lesson):
        return "python3"
    raise BuildError(f"the kernel {wanted['name']!r} is not installed", where=lesson.path,
                     hint=f"install it, or choose one of: {', '.join(sorted(known))}")


def _outcome(lesson: Source, node: Any, report: Mapping[str, Any]) -> Outcome:
    plain = json.loads(json.dumps(node))
    cells = [plain["cells"][index] for index in lesson.code]
    metadata = plain["metadata"]
    return Outcome(
        outputs=tuple(tuple(cell.get("outputs", ())) for cell in cells),
        counts=tuple(cell.get("execution_count") for cell in cells),
        widgets=metadata.get("widgets", {}), language=metadata.get("language_info", {}),
        report=report,
    )


def _last_started(node: Any, lesson: Source) -> int:
    started = [i for i in lesson.code if node.cells[i].get("execution_count") is not None]
    following = [i for i in lesson.code if not started or i > started[-1]]
    return following[0] if following else lesson.code[-1]


# ------------------------------------------------------------------------------- context


def environment_digest() -> str:
    """What the kernels can import: Python's version and every installed distribution."""
    from importlib.metadata import version

    found = {sys.version, sys.prefix, version("coursewright")}
    for entry in sys.path:
        folder = Path(entry or ".")
        if folder.name in ("site-packages", "dist-packages") and folder.is_dir():
            found |= {path.name for path in folder.iterdir()
                      if path.name.endswith((".dist-info", ".egg-info"))}
    kit = Path(__file__).resolve().parents[2]
    for package in (kit / "lesson", kit.parent / "autograders"):
        for path in package.rglob("*.*"):
            if path.suffix in (".py", ".js", ".css", ".mplstyle", ".json"):
                found.add(f"{path.relative_to(package.parent)}:{digest_bytes(path.read_bytes())}")
    return digest_bytes("\n".join(sorted(found)).encode())
