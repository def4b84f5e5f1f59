"""`kit marks`: manual marks without a server."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.cli.options import assignment_argument, course_option, json_option

if TYPE_CHECKING:
    from kit.model import Assignment, Course


class _Marks(click.Group):
    """`kit marks`, `kit marks ps1` and `kit marks split ps1` all mean something."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A first word that is no subcommand names an assignment; a slip names the nearest."""
        if args and args[0] not in self.commands:
            near = get_close_matches(args[0], ("split", "import"), n=1, cutoff=0.6)
            if near and not _is_assignment(ctx, args[0]):
                raise click.UsageError(
                    f"no assignment and no command is named {args[0]!r}; "
                    f"nearest: kit marks {near[0]}", ctx)
            args = ["left", *args]
        return super().resolve_command(ctx, args)


def _is_assignment(ctx: click.Context, name: str) -> bool:
    from kit import workflow

    return name in [one.name for one in workflow.load(ctx.params.get("course_dir")).assignments]


@click.group(cls=_Marks, invoke_without_command=True)
@course_option
@json_option
@click.pass_context
def command(ctx: click.Context, course_dir: Path | None, as_json: bool) -> None:
    """Hand out and merge manual marks; alone, tell what is left to mark.

    Formgrader works on the folder too: nbgrader's own way of marking stays as it is.

    \b
    Example
      kit marks
      kit marks split ps1 --graders grader-1,grader-2
      kit marks import ps1 marks/ps1/*/marks.csv
    """
    if ctx.invoked_subcommand is None:
        _left(None, course_dir, as_json=as_json)


@command.command(name="left", hidden=True)
@assignment_argument
@course_option
@json_option
def left(assignment: str, course_dir: Path | None, as_json: bool) -> None:
    """Tell what is left to mark of one assignment.

    \b
    Example
      kit marks ps1
    """
    _left(assignment, course_dir, as_json=as_json)


def _left(assignment: str | None, course_dir: Path | None, *, as_json: bool) -> None:
    from kit import gradebook, workflow
    from kit.cli import terminal
    from kit.course import assignment_of, load_roster

    course = workflow.load(course_dir)
    chosen = assignment_of(course, assignment) if assignment else None
    waiting = gradebook.to_mark(gradebook.rows(course, load_roster(course), chosen))
    counts: dict[tuple[str, str, str], int] = {}
    for row, cell in waiting:
        key = (row.assignment, cell.notebook, cell.grade_id)
        counts[key] = counts.get(key, 0) + 1
    if as_json:
        terminal.emit_json({"to_mark": [
            {"assignment": name, "notebook": book, "question": question, "left": number}
            for (name, book, question), number in counts.items()
        ]})
        return
    if not counts:
        terminal.result("marks", f"nothing of {assignment or 'the course'} waits for a mark")
        return
    terminal.table(
        ("Assignment", "Notebook", "Question", "To mark"),
        [(*key, str(number)) for key, number in counts.items()], right=(3,))
    first = next(iter(counts))[0]
    terminal.next_steps([(terminal.command("marks", "split", first, "--graders", 2),
                          "bundles to mark from"),
                         ("nbgrader formgrader", "or mark in the browser, in JupyterLab")])


@command.command()
@assignment_argument
@click.option("--graders", required=True, metavar="NAMES",
              help="Names with commas between, or how many.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False),
              help="The folder for the bundles (marks/ASSIGNMENT).")
@course_option
@json_option
def split(
    assignment: str, graders: str, to: Path | None, course_dir: Path | None, as_json: bool
) -> None:
    """Write a bundle for each grader: the answers, how to mark them, a file for marks.

    Bundles name no learner: the key to the codes stays in .kit/.

    \b
    Example
      kit marks split ps1 --graders grader-1,grader-2
      kit marks split ps1 --graders 3
    """
    from kit import workflow
    from kit.cli import terminal
    from kit.course import assignment_of
    from kit.errors import typed

    course = workflow.load(course_dir)
    chosen = assignment_of(course, assignment)
    bundles = workflow.split_marks(course, chosen, _names(graders), to=to)
    if as_json:
        terminal.emit_json({"assignment": chosen.name, "bundles": [
            {"grader": b.grader, "folder": b.folder, "answers": len(b.items)} for b in bundles]})
        return
    total = sum(len(bundle.items) for bundle in bundles)
    terminal.result(
        chosen.name, f"{terminal.count(total, 'answer')} for "
                     f"{terminal.count(len(bundles), 'grader')}",
        [(b.grader, f"{terminal.count(len(b.items), 'answer')} in {_shown(b.folder, course)}")
         for b in bundles])
    folder = typed(terminal.here(bundles[0].folder.parent))
    terminal.next_steps([
        (f"{terminal.command('marks', 'import', chosen.name)} {folder}/*/marks.csv",
         "when they are marked")])


def _names(graders: str) -> list[str]:
    from kit.errors import MarksError

    if graders.isdecimal():
        count = int(graders)
        if not 1 <= count <= 100:
            raise MarksError("there can be 1 to 100 graders",
                             hint="kit marks split ps1 --graders 2")
        return [f"grader-{number}" for number in range(1, count + 1)]
    return [name.strip() for name in graders.split(",") if name.strip()]


def _shown(path: Path, course: Course) -> str:
    return f"{path.relative_to(course.root)}/" if path.is_relative_to(course.root) else str(path)


@command.command(name="import")
@click.argument("assignment")
@click.argument("files", nargs=-1, required=True,
                type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Overwrite marks that were given already.")
@course_option
@json_option
def import_(
    assignment: str, files: tuple[Path, ...], force: bool, course_dir: Path | None, as_json: bool
) -> None:
    """Merge marks files into the gradebook, all of them or nothing.

    Files as spreadsheets leave them are read: commas or semicolons, decimal commas, a byte order
    mark. The gradebook is saved first.

    \b
    Example
      kit marks import ps1 marks/ps1/*/marks.csv
    """
    from kit import gradebook, workflow
    from kit.cli import terminal
    from kit.course import assignment_of, load_roster
    from kit.course.author import configured

    course = workflow.load(course_dir)
    course, chosen = configured(course, assignment_of(course, assignment))
    load_roster(course)  # a roster that cannot be read is told before anything is written
    done = gradebook.import_marks(course, chosen, files, force=force)
    if as_json:
        terminal.emit_json({"assignment": chosen.name, "written": done.written,
                            "same": done.same, "empty": done.empty, "backup": done.backup})
        return
    details = [("unchanged", f"{terminal.count(done.same, 'mark')} stood there already")
               if done.same else None,
               ("empty", f"{terminal.count(done.empty, 'line')} without a mark")
               if done.empty else None]
    terminal.result(chosen.name, f"{terminal.count(done.written, 'mark')} written",
                    [line for line in details if line])
    terminal.next_steps(_after(course, chosen))


def _after(course: Course, chosen: Assignment) -> list[tuple[str, str]]:
    from kit import gradebook
    from kit.cli import terminal
    from kit.course import load_roster

    waiting: Any = gradebook.to_mark(gradebook.rows(course, load_roster(course), chosen))
    if waiting:
        return [(terminal.command("marks", chosen.name),
                 f"{terminal.count(len(waiting), 'answer')} left to mark")]
    return [(terminal.command("feedback", chosen.name), "pages for learners"),
            (terminal.command("grades", chosen.name), "the class at a glance")]
