"""What the last build left behind: its digest, what Sphinx said, and when it holds no more."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.files import write_text
from kit.site.inputs import good_until, mark, snapshot
from kit.site.model import Site

if TYPE_CHECKING:
    from kit.model import Course

_FILE = Path(".kit") / "site" / "built.json"


def last_build(root: Path) -> dict[str, Any]:
    """What the last build of the course in `root` left; empty where there was none."""
    try:
        kept = json.loads((root / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def unchanged(root: Path) -> Site | None:
    """The site of the last build, where the files of the course are certainly as they were.

    Reads no file of the course. None means that `build` has to look.
    """
    started = time.monotonic()
    out, last = root / "_build" / "html", last_build(root)
    seen = str(last.get("seen", ""))
    if not seen or not (out / "index.html").is_file() or time.time() >= last.get("until", 0):
        return None
    if mark(snapshot(root), now=time.time_ns()) != seen:
        return None
    return as_before(out, last, last.get("derived", {}), time.monotonic() - started)


def still_true(
    before: Sequence[str], said: Sequence[str], untouched: Collection[str]
) -> tuple[str, ...]:
    """Sphinx's warnings of this build, and earlier ones of the pages that it left untouched."""
    kept = [line for line in before if line not in said and _docname(line) in untouched]
    return (*kept, *said)


def _docname(warning: str) -> str:
    """The page that a warning is about: `lessons/one.md:3: WARNING: ...`."""
    name = warning.partition(":")[0]
    return name.rsplit(".", 1)[0] if name.endswith((".md", ".ipynb")) else ""


def write_stamp(
    course: Course, state: str, seen: str, site: Site, order: Sequence[Any]
) -> None:
    """Keep what the next build asks for: `state` digests contents, `seen` sizes and times, `order`
    holds the pages as plain data."""
    write_text(course.root / _FILE, json.dumps({
        "course": course.id, "state": state, "seen": seen,
        "until": min(good_until(course, datetime.now(UTC)), 1e12),
        "pages": site.pages, "homework": site.homework, "warnings": site.warnings,
        "lessons": site.executed + site.cached, "derived": dict(site.derived),
        "waiting": site.waiting, "order": order,
    }))


def as_before(
    out: Path, last: Mapping[str, Any], derived: Mapping[str, str], seconds: float
) -> Site:
    """The site of the last build, which is what a build would make now."""
    return Site(
        course=str(last.get("course", "")), folder=out, state="unchanged",
        pages=int(last.get("pages", 0)), cached=int(last.get("lessons", 0)),
        homework=tuple(last.get("homework", ())), waiting=tuple(last.get("waiting", ())),
        warnings=tuple(last.get("warnings", ())), derived=derived, seconds=seconds,
    )
