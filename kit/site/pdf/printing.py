"""`kit build --pdf`: the built site as one book, printed by Chromium and finished by pypdf."""

from __future__ import annotations

import io
import json
import mimetypes
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from kit import __version__
from kit.errors import BuildError, MissingExtra
from kit.files import write_bytes, write_text
from kit.model import Course
from kit.site.model import Page, Printed, Site
from kit.site.pdf.chromium import GET_ONE, ORIGIN, Answer, Browser, find_chromium, open_browser
from kit.site.stamp import last_build

if TYPE_CHECKING:
    from pypdf import PdfReader

    from kit.site.pdf.bound import Bound

_NAME = "book.html"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
          ".woff2": "font/woff2"}
# Formulas, widgets and fonts are there before anything is printed. A widget that cannot be drawn
# must not keep the book back.
_SETTLED = """(async () => {
  if (window.MathJax && MathJax.startup) await MathJax.startup.promise;
  const root = document.documentElement;
  const late = new Promise((done) => setTimeout(() => done('late'), 60000));
  const drawn = !document.querySelector('script[src*="widgets.js"]') || root.dataset.widgets
    || new Promise((done) => document.addEventListener('widgets-drawn', () => done('drawn')));
  const how = await Promise.race([drawn, late]);
  await document.fonts.ready;
  await Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
  return how === 'late' ? 'late' : 'ready';
})()"""
# A table or a formula that is wider than the sheet gets smaller; else the browser shrinks the whole
# book for its sake. 166 mm of text are 627 of the browser's pixels.
_WIDTH = 627
_SMALLEST = 0.6
_FITTED = """((smallest) => {
  const cut = [];
  const ratio = (one) => one.parentElement.clientWidth
    / Math.max(one.scrollWidth, one.firstElementChild?.scrollWidth || 0);
  for (const one of document.querySelectorAll('main table, main mjx-container[display="true"]')) {
    if (one.parentElement.closest('table') || !one.parentElement.clientWidth) continue;
    if (ratio(one) < smallest) one.classList.add('tight');  // words may break
    const found = ratio(one);
    if (found > 0.999) continue;
    one.style.zoom = Math.max(found, smallest);
    if (found < smallest) cut.push(one.closest('.chapter').dataset.title);
  }
  return [...new Set(cut)];
})"""
_NUMBERS = """(numbers) => {
  for (const at of document.querySelectorAll('[data-at]')) at.textContent = numbers[at.dataset.at];
}"""

_NODE = re.compile(rb"\(node\d{8}\)")


def print_book(course: Course, site: Site, *, force: bool = False) -> Printed:
    """Write `_build/<course id>.pdf` from the built site, and say what was done.

    `force` prints again even when the site is as it was. Raises MissingExtra without pypdf, and
    BuildError where there is no Chromium or it fails; the PDF of the last time stays as it was.
    """
    started = time.monotonic()
    if find_spec("pypdf") is None:
        raise MissingExtra("pdf", needs="pypdf")
    out, stamp = course.root / "_build" / f"{course.id}.pdf", course.records / "site" / "pdf.json"
    built, last = last_build(course.root), _read(stamp)
    state = built.get("state")
    if not force and last.get("state") == state and out.is_file():
        return Printed(path=out, state="unchanged", pages=int(last["pages"]),
                       warnings=tuple(last["warnings"]), seconds=time.monotonic() - started)
    program = find_chromium()
    if not program:
        raise BuildError("a PDF is printed by Chromium, and there is none here", hint=GET_ONE)
    from kit.site.pdf.bound import bind

    pages = tuple(Page(**{**one, "downloads": ()}) for one in built.get("order", ()))
    bound = bind(course, pages, site.folder)
    data, count, warnings = _print(course, bound, site.folder, program)
    write_bytes(out, data)
    write_text(stamp, json.dumps({"state": state, "pages": count, "warnings": warnings}))
    return Printed(path=out, state="built", pages=count, warnings=warnings,
                   seconds=time.monotonic() - started)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _print(
    course: Course, bound: Bound, folder: Path, program: str
) -> tuple[bytes, int, tuple[str, ...]]:
    """The finished PDF, how many pages it has, and what is not in it."""
    root = folder.resolve()

    def answer(address: str) -> Answer | None:
        name = unquote(urlsplit(address).path)
        if name == _NAME:
            return Answer(body=bound.html.encode(), kind="text/html; charset=utf-8")
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0] or ""
        return Answer(body=path.read_bytes(), kind=kind)

    with open_browser(program, answer) as browser:
        browser.open(_NAME)
        how = browser.evaluate(_SETTLED)
        warnings = [*bound.warnings, *_refused(browser)]
        if how == "late":
            warnings.append("some widgets were not drawn in a minute; they are not in the PDF")
        warnings += [f"{title}: a table or formula is too wide for the sheet, and is cut off"
                     for title in _fit(browser)]
        numbers = _numbers(_once(browser, tagged=False))
        browser.evaluate(f"({_NUMBERS})({json.dumps(numbers)})")
        data, count = _finished(course, bound.headings, _once(browser))
    return data, count, tuple(warnings)


def _fit(browser: Browser) -> list[str]:
    """Make wide tables and formulas fit; the titles of chapters where one is far too wide."""
    browser.call("Emulation.setEmulatedMedia", media="print")
    browser.call("Emulation.setDeviceMetricsOverride", width=_WIDTH, height=1000,
                 deviceScaleFactor=1, mobile=False)
    tight = browser.evaluate(f"{_FITTED}({_SMALLEST})")
    browser.call("Emulation.clearDeviceMetricsOverride")
    browser.call("Emulation.setEmulatedMedia", media="")
    return list(tight)


def _once(browser: Browser, *, tagged: bool = True) -> bytes:
    return browser.print(preferCSSPageSize=True, printBackground=True, generateTaggedPDF=tagged,
                         generateDocumentOutline=tagged)


def _refused(browser: Browser) -> list[str]:
    return [f"{url.removeprefix(ORIGIN)} is not a file of the site; it is not in the PDF"
            for url in dict.fromkeys(browser.refused)]


def _numbers(data: bytes) -> dict[str, int]:
    """The page on which each chapter begins, by its anchor; the first page is 1."""
    reader = _reader(data)
    return {name.lstrip("/"): (reader.get_destination_page_number(place) or 0) + 1
            for name, place in reader.named_destinations.items()}


def _reader(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(data))


def _finished(course: Course, headings: Sequence[str], data: bytes) -> tuple[bytes, int]:
    """The PDF with the course's metadata in place of the browser's, and without a clock's time."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter(clone_from=_reader(data))
    writer.metadata = None
    known = {"".join(text.split()): text for text in headings}
    for entry in _entries(writer.root_object.get("/Outlines")):
        # Where a heading breaks into lines, the browser loses the space between two words.
        whole = known.get("".join(str(entry["/Title"]).split()))
        if whole is not None:
            entry[NameObject("/Title")] = TextStringObject(whole)
    told = {"/Title": course.title, "/Author": ", ".join(one.name for one in course.authors),
            "/Subject": " ".join(course.description.split()), "/Creator": "coursewright",
            "/Producer": f"coursewright {__version__}"}
    writer.add_metadata({name: text for name, text in told.items() if text})
    out = io.BytesIO()
    writer.write(out)
    return _renumbered(out.getvalue()), len(writer.pages)


def _renumbered(data: bytes) -> bytes:
    """The browser names cells of tables by a number that depends on what it did before: their
    rank in its place, as wide as before, so that nothing moves."""
    ranks = {name: rank for rank, name in enumerate(sorted(set(_NODE.findall(data))), 1)}
    return _NODE.sub(lambda found: b"(node%08d)" % ranks[found[0]], data)


def _entries(parent: Any) -> Iterator[Any]:
    """The entries of an outline, whatever their depth."""
    entry = parent.get_object().get("/First") if parent is not None else None
    while entry is not None:
        found = entry.get_object()
        yield found
        yield from _entries(found)
        entry = found.get("/Next")
