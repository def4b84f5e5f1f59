"""Take the pictures of the README: a course of a template, built by the kit, in a browser.

    python docs/make_pictures.py [FOLDER]

FOLDER keeps the course, so that a second run builds only what changed; without one it is made
anew. A picture is written only where it differs. It needs what the tests of pages need.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
MOST = 150_000
NOTICED = 60  # pixels that clearly differ: fewer are another machine's rounding
LAPTOP, PHONE = (1200, 780), (390, 780)
ASKS = '.course-part:is([data-part="predict"], [data-part="quiz"])'


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page to look at. `answered`: its first question gets an answer, and is in the middle."""

    name: str
    page: str
    size: tuple[int, int]
    theme: str
    answered: bool = False


def pictures(lesson: str) -> tuple[Picture, ...]:
    """What the README shows; `lesson` is the page of a lesson that asks something."""
    homework = "homework/ps1/ps1.html"
    return (
        Picture(name="home", page="index.html", size=LAPTOP, theme="light"),
        Picture(name="lesson", page=lesson, size=LAPTOP, theme="light", answered=True),
        Picture(name="lesson-phone", page=lesson, size=PHONE, theme="dark", answered=True),
        Picture(name="assignment", page=homework, size=LAPTOP, theme="dark"),
        Picture(name="assignment-phone", page=homework, size=PHONE, theme="light"),
        Picture(name="progress", page="progress.html", size=PHONE, theme="light"),
    )


def kit(*words: object, course: Path | None = None) -> None:
    """Run a command of the kit."""
    where = ("--course", str(course)) if course else ()
    subprocess.run([sys.executable, "-m", "kit", *map(str, words), *where], check=True,
                   stdout=subprocess.DEVNULL)


def course_in(folder: Path) -> Path:
    """The built site of a course of the statistics template, its problem set released."""
    root = folder / "statistics-101"
    if not (root / "course.yml").is_file():
        kit("new", root, "--template", "statistics", "--start", "2027-01-11")
    kit("release", "ps1", course=root)
    kit("build", course=root)
    return root / "_build" / "html"


def asking(site: Path) -> str:
    """The first lesson with a question that can be answered, else the first lesson."""
    lessons = sorted((site / "lessons").glob("*.html"))
    for lesson in lessons:
        text = lesson.read_text(encoding="utf-8")
        if 'data-part="predict"' in text or 'data-part="quiz"' in text:
            return f"lessons/{lesson.name}"
    return f"lessons/{lessons[0].name}"


def take(site: Path) -> list[str]:
    """Take all pictures; the names of those that are new."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from browser import INSTALL, find_chromium, served
    from playwright.sync_api import sync_playwright

    found = find_chromium()
    if not found:
        sys.exit(INSTALL)
    with served(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        new = [picture.name for picture in pictures(asking(site))
               if _write(PICTURES / f"{picture.name}.webp", _shot(browser, base, picture, site))]
        browser.close()
    return new


def _shot(browser: Any, base: str, picture: Picture, site: Path) -> bytes:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=1.5,
        color_scheme=picture.theme, reduced_motion="reduce")
    page = context.new_page()
    if picture.name == "progress":
        _open(page, base + asking(site))
        _answer(page)
    _open(page, base + picture.page)
    if picture.answered:
        _answer(page)
    taken: bytes = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return taken


def _open(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


def _answer(page: Any) -> None:
    """Answer the first question by its first option, as a reader may well do."""
    part = page.locator(ASKS).filter(has=page.locator("input[type=radio]")).first
    if not part.count():
        return
    part.locator("input[type=radio]").first.check()
    part.locator("button:not(.cp-quiet)").first.click()
    part.evaluate("(one) => scrollTo(0, one.getBoundingClientRect().top + scrollY - 150)")
    page.evaluate("document.activeElement.blur()")


def _write(path: Path, taken: bytes) -> bool:
    """Write it small, if it shows anything else than what is there."""
    from PIL import Image, ImageChops

    image = Image.open(io.BytesIO(taken)).convert("RGB")
    for quality in (88, 80, 70, 60):
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=6)
        if len(out.getvalue()) <= MOST:
            break
    if path.is_file():
        before, after = Image.open(path).convert("RGB"), Image.open(out).convert("RGB")
        if before.size == after.size and (
                _pixels(ImageChops.difference(before, after)) < NOTICED):
            return False
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(out.getvalue())
    return True


def _pixels(difference: Any) -> int:
    """How many pixels of a difference are more than a shade."""
    return sum(difference.convert("L").histogram()[48:])


def main(arguments: Sequence[str]) -> None:
    """Take the pictures and say which are new."""
    if arguments:
        new = take(course_in(Path(arguments[0])))
    else:
        with tempfile.TemporaryDirectory(prefix="kit-pictures-") as folder:
            new = take(course_in(Path(folder)))
    for name in new:
        print(f"{name}.webp")
    print("up to date" if not new else f"{len(new)} new in docs/pictures")


if __name__ == "__main__":
    main(sys.argv[1:])
