"""`kit feedback`: a page for each submission."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.feedback import Packed
    from kit.model import Feedback


@click.command()
@assignment_argument
@click.option("--for", "lms", metavar="LMS",
              help="Also pack the pages as canvas or moodle takes them back.")
@course_option
@json_option
def command(assignment: str, lms: str | None, course_dir: Path | None, as_json: bool) -> None:
    """Write a page for each submission, into feedback/.

    The page shows the score by question, the answer, and what the tests that learners can read
    had to say. Of hidden tests it shows what course.yml allows, by default only their tags.

    \b
    Example
      kit feedback ps1
      kit feedback ps1 --for moodle
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course import assignment_of
    from kit.errors import GradingError, typed

    course = workflow.load(course_dir)
    chosen = assignment_of(course, assignment)
    with terminal.live(chosen.name) as on_progress:
        pages = list(workflow.feedback(course, chosen, on_progress=on_progress))
    if not pages:
        raise GradingError(f"nothing of {chosen.name} is graded yet",
                           hint=typed("kit", "grade", chosen.name))
    packed = workflow.pack_feedback(course, chosen, lms) if lms else None
    if as_json:
        terminal.emit_json(_as_json(chosen.name, pages, packed))
        return
    where = f"feedback/*/{chosen.name}/"
    terminal.result(chosen.name, f"{terminal.count(len(pages), 'page')} written to {where}")
    if packed is not None:
        _show_packed(packed, str(lms), course.root)
        return
    terminal.next_steps([
        (typed("open", terminal.here(pages[0].path)), "look at one"),
        (terminal.command("grades", chosen.name), "the class at a glance"),
    ])


def _as_json(name: str, pages: list[Feedback], packed: Packed | None) -> dict[str, Any]:
    return {
        "assignment": name,
        "pages": {page.learner: page.path for page in pages},
        "archive": packed.path if packed else None,
        "without_page": packed.without_page if packed else [],
        "unknown": packed.unknown if packed else [],
    }


def _show_packed(packed: Packed, lms: str, root: Path) -> None:
    from kit.cli import terminal

    details = [(learner, "no page: nothing was handed in or graded")
               for learner in packed.without_page]
    details += [(learner, f"the hand-in did not come from {lms}: send the page by hand")
                for learner in packed.unknown]
    terminal.result(lms, f"{terminal.count(len(packed.packed), 'learner')} in "
                         f"{_shown(packed.path, root)}", details)
    terminal.next_steps([(f"upload {packed.path.name}", _upload(lms))])


def _upload(lms: str) -> str:
    if lms == "canvas":
        return "in Canvas: the assignment, Upload Submissions"
    return "in Moodle: View all submissions, Upload multiple feedback files in a zip"


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
