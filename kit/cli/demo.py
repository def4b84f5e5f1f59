"""`kit demo`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A command as a user would type it, and what it is for."""

    arguments: tuple[str, ...]
    what: str

    @property
    def typed(self) -> str:
        from kit.errors import typed

        return typed("kit", *self.arguments)


@click.command()
@click.argument("folder", default="accounting-demo", type=click.Path(path_type=Path))
@click.option("--template", default="accounting", help="The template to make the course from.")
@click.option("--count", default=60, type=click.IntRange(min=1), help="Submissions to simulate.")
@click.option("--seed", default=7, help="The same seed makes the same class.")
def command(folder: Path, template: str, count: int, seed: int) -> int:
    """Run the whole road on a made-up class: new, check, build, release ... grades.

    Each step is shown as the command that you would type. The course stays in FOLDER.

    \b
    Example
      kit demo --count 200
    """
    import contextlib
    import time

    from kit.cli import terminal
    from kit.errors import Interrupted, TemplateError, typed

    if folder.exists():
        raise TemplateError("the folder exists", where=str(folder),
                            hint="kit demo OTHER-FOLDER, or remove this one first")
    began = time.monotonic()
    spent: list[tuple[_Step, float]] = []
    first, *rest = _steps(folder, template, count, seed)
    _run(first, spent, seed)
    _show(typed("cd", folder))
    with contextlib.chdir(folder):
        for step in rest:
            try:
                _run(step, spent, seed)
            except (Interrupted, KeyboardInterrupt):
                # The same command again would not go on: the folder is there.
                raise Interrupted(
                    f"stopped at {step.typed}", where=str(folder),
                    hint=f"go on there by hand, or remove {folder} and start the demo again",
                ) from None
    terminal.line()
    terminal.table(
        ("step", "what it did", "seconds"),
        [(_name(step), step.what, f"{seconds:.1f}") for step, seconds in spent],
        right=(2,),
    )
    _where(folder, time.monotonic() - began, count)
    return 0


def _steps(folder: Path, template: str, count: int, seed: int) -> tuple[_Step, ...]:
    from datetime import datetime, timedelta

    # The class is over: the problem set was due, so late work is late.
    start = datetime.now().astimezone().date() - timedelta(weeks=4)
    start -= timedelta(days=start.weekday())
    return (
        _Step(arguments=("new", str(folder), "--template", template, "--start",
                         start.isoformat()), what="a course with lessons and homework"),
        _Step(arguments=("check",), what="looked for what learners would stumble over"),
        _Step(arguments=("build",), what="executed the lessons, rendered the site"),
        _Step(arguments=("release", "ps1"), what="made the learners' version"),
        _Step(arguments=("build",), what="put the homework on the site"),
        _Step(arguments=("simulate", "ps1", "--count", str(count), "--seed", str(seed),
                         "--roster"), what="made up a class"),
        _Step(arguments=("collect", "ps1", ".kit/simulated/ps1"), what="took in what it handed in"),
        _Step(arguments=("grade", "ps1"), what="graded it"),
        _Step(arguments=("marks", "split", "ps1", "--graders", "2"),
              what="handed out what a person marks"),
        _Step(arguments=("marks", "import", "ps1", "marks/ps1/grader-1/marks.csv",
                         "marks/ps1/grader-2/marks.csv"), what="merged the marks"),
        _Step(arguments=("feedback", "ps1"), what="wrote a page for each learner"),
        _Step(arguments=("grades", "ps1"), what="showed the gradebook"),
    )


def _run(step: _Step, spent: list[tuple[_Step, float]], seed: int) -> None:
    import time

    from kit.cli.main import cli
    from kit.errors import KitError

    began = time.monotonic()
    if step.arguments[:2] == ("marks", "import"):
        _fill_in(sorted(Path("marks").rglob("marks.csv")), seed)
    _show(step.typed)
    code = cli.main(args=list(step.arguments), prog_name="kit", standalone_mode=False)
    if isinstance(code, int) and code != 0:
        raise KitError(f"{step.typed} ended with {code}", hint="its lines above say why")
    spent.append((step, time.monotonic() - began))


def _name(step: _Step) -> str:
    command, *rest = step.arguments
    return f"marks {rest[0]}" if command == "marks" else command


def _fill_in(files: list[Path], seed: int) -> None:
    """What the graders would do: a mark in half points for each answer."""
    import csv
    import io
    import random

    from kit.cli import terminal
    from kit.files import write_text

    draw = random.Random(seed)  # noqa: S311 - a made-up class, not a secret
    for path in files:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        for row in rows:
            row["mark"] = str(draw.randint(round(float(row["max"])), round(2 * float(row["max"])))
                              / 2)
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["code"])
        writer.writeheader()
        writer.writerows(rows)
        write_text(path, text.getvalue())
    terminal.line()
    terminal.line("# two graders fill in their marks.csv; here the demo does", style="dim")


def _show(line: str) -> None:
    from kit.cli import terminal

    terminal.line()
    terminal.line(f"$ {line}", style="bold")


def _where(folder: Path, seconds: float, count: int) -> None:
    from kit.cli import terminal
    from kit.errors import typed

    terminal.line()
    terminal.result("demo", f"{terminal.count(count, 'submission')} from hand-in to gradebook "
                            f"in {terminal.duration(seconds)}", [
        ("site", f"{folder}/_build/html/index.html"),
        ("feedback", f"{folder}/feedback/"),
        ("gradebook", f"{folder}/gradebook.db, nbgrader's own format"),
    ])
    terminal.next_steps([
        (typed("kit", *words, "--course", folder), why) for words, why in (
            (("preview", "--open"), "look at the site"),
            (("review", "ps1"), "look at what needs a person"),
            (("grades",), "the gradebook"))
    ])
