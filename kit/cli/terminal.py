"""What the terminal shows: one live line while work runs, one line of result, what to do next.

Colour marks state alone, and everything reads the same without it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.errors import KitError, typed
from kit.model import Finding, Progress, Severity

if TYPE_CHECKING:
    from rich.console import Console

OnProgress = Callable[[Progress], None]


def console(*, stderr: bool = False) -> Console:
    """A rich console that neither wraps paths nor guesses at colours for numbers."""
    from rich.console import Console

    class Plain(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # rich would exit with 1; `kit.cli.main.run` knows better

    return Plain(stderr=stderr, highlight=False, soft_wrap=True, emoji=False, markup=False)


def error(problem: KitError) -> None:
    """Print an error to stderr: place and message, then what to do next."""
    out = console(stderr=True)
    out.print("error", style="bold red", end="   ")
    where = f"{problem.where}: " if problem.where else ""
    out.print(f"{where}{problem.message}")
    for line in problem.hint.splitlines():
        out.print(f"        {line}")


def line(text: str = "", *, style: str = "") -> None:
    """Print one line."""
    console().print(text, style=style or None)


def paragraph(text: str, *, indent: int = 6, style: str = "") -> None:
    """Print a text behind an indent; on a terminal its lines break there, a pipe gets one line.

    What cannot be printed is shown as such: the text may be a learner's, and steer a terminal.
    """
    import textwrap

    out, space = console(), " " * indent
    width = max(40, out.width - 1) if out.is_terminal else 10**6
    flat = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    for part in textwrap.wrap(flat, width, initial_indent=space, subsequent_indent=space,
                              break_long_words=False, break_on_hyphens=False):
        out.print(part, style=style or None)


def result(label: str, text: str, details: Sequence[tuple[str, str]] = ()) -> None:
    """Print what was done: a label, one line, and pairs of (what, why) below it."""
    out = console()
    out.print(label, style="bold", end="")
    out.print(f"   {text}")
    indent = " " * (len(label) + 3)
    width = max((_width(name) for name, _ in details), default=0)
    for name, why in details:
        start = f"{_padded(name, width)}   " if width else ""
        out.print(f"{indent}{start}{why}".rstrip())


def next_steps(steps: Sequence[tuple[str, str]]) -> None:
    """Print the commands that come next, each with a reason; below it on a narrow terminal."""
    out = console()
    width = max((_width(typing) for typing, _ in steps), default=0)
    below = out.is_terminal and any(9 + width + _width(why) > out.width for _, why in steps)
    for place, (typing, why) in enumerate(steps):
        out.print("Next" if place == 0 else "    ", style="bold", end="  ")
        out.print(typing if below else f"{_padded(typing, width)}   ", end="\n" if below else "")
        out.print(f"          {why}" if below else why, style="dim")


def command(*words: object) -> str:
    """A command of the kit to type next, quoted; `--course` stands in it where it did before."""
    import click

    context = click.get_current_context(silent=True)
    folder = context.params.get("course_dir") if context else None
    return typed("kit", *words, *(("--course", folder) if folder else ()))


def again(*more: object, without: str = "") -> str:
    """The command at work as it was typed, `more` behind it, without one of its parameters."""
    import click
    from click.core import ParameterSource

    context = click.get_current_context()
    words: list[object] = list(context.command_path.split())
    for param in context.command.params:
        name = param.name or ""
        if name == without or context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        values = value if isinstance(value, tuple) else (value,)
        if isinstance(param, click.Option) and param.is_flag:
            words.append(param.opts[0] if value else param.secondary_opts[0])
        elif isinstance(param, click.Option):
            words += [word for one in values for word in (param.opts[0], one)]
        else:
            words += values
    return typed(*words, *more)


def here(path: Path) -> str:
    """A path as one types it from the current folder."""
    try:
        relative = Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive of Windows
        return str(path)
    return str(path) if relative.startswith("../../..") else relative


def findings(found: Sequence[Finding], *, places: str) -> None:
    """Print findings by file, then a line that counts them; `places` says what was read."""
    out = console()
    for path in dict.fromkeys(finding.path for finding in found):
        out.print(path, style="bold")
        for finding in (f for f in found if f.path == path):
            _finding(out, finding)
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    warnings = len(found) - errors
    out.print(f"{count(errors, 'error')}, {count(warnings, 'warning')} in {places}",
              style="red" if errors else "yellow" if warnings else "green")


def _finding(out: Console, finding: Finding) -> None:
    severe = finding.severity is Severity.ERROR
    out.print(f"  {finding.severity.value:<8}", style="red" if severe else "yellow", end="")
    spot = [f"cell {finding.cell}"] if finding.cell else []
    if finding.line is not None:
        spot.append(f"line {finding.line}")
    where = ", ".join(spot)
    out.print(f"{finding.code}  {where}{': ' if where else ''}{finding.message}")
    for text in finding.hint.splitlines():
        out.print(f"          {text}", style="dim")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
          ) -> None:
    """Print a plain table: a rule under the head, none between rows.

    `right` holds the columns that are aligned to the right (numbers).
    """
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(_width(column), *(_width(row[i]) for row in cells), 0) if cells
              else _width(column) for i, column in enumerate(columns)]
    out = console()
    out.print(_row(columns, widths, right), style="bold")
    out.print("─" * (sum(widths) + 2 * (len(widths) - 1)), style="dim")
    for row in cells:
        out.print(_row(row, widths, right))


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    return "  ".join(
        _padded(cell, width, right=place in right)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _width(text: str) -> int:
    """Columns of the terminal: a Chinese or Japanese letter takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def emit_json(value: Any) -> None:
    """Print one JSON object; dates, paths and tuples become what a script can read."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def count(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    plural = noun if number == 1 else f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `28 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def live(label: str, *, failures: str = "need review") -> Iterator[OnProgress]:
    """A line that shows progress, rate and time left, and goes when the work ends.

    Yields the function to call with each Progress. A pipe gets a plain line every ten
    seconds; `failures` says what a failed item is called.
    """
    out = console(stderr=True)
    if not out.is_terminal or os.environ.get("TERM") == "dumb":
        yield _plain_progress(label, failures)
        return
    from rich.live import Live
    from rich.text import Text

    pace = _Pace()
    with Live(Text(label), console=out, transient=True, refresh_per_second=8) as shown:
        yield lambda progress: shown.update(
            Text(_progress_line(label, progress, pace.rate(progress.done), failures)))


@contextmanager
def working(what: str) -> Iterator[None]:
    """A line that says what is going on, gone when it ends; for work that has no count."""
    out = console(stderr=True)
    if not out.is_terminal or os.environ.get("TERM") == "dumb":
        yield
        return
    with out.status(what, spinner="line"):
        yield


def _plain_progress(label: str, failures: str) -> OnProgress:
    pace = _Pace()
    last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        rate = pace.rate(progress.done)
        now = time.monotonic()
        if now - last >= 10:
            last = now
            text = _progress_line(label, progress, rate, failures, bar=False)
            sys.stderr.write(text + "\n")
            sys.stderr.flush()

    return show


_SOON, _FEW = 0.5, 3
"""Seconds, and items, from which on a rate says something."""


class _Pace:
    """How fast work goes on once it has begun to: what starts up for ten seconds, and then does
    five items a second, has no hour left."""

    def __init__(self) -> None:
        self._first: tuple[float, int] | None = None

    def rate(self, done: int) -> float:
        """Items a second since the first was done; 0 while that is not known."""
        now = time.monotonic()
        if self._first is None:
            self._first = (now, done) if done else None
            return 0.0
        since, at = self._first
        known = done - at >= _FEW and now - since >= _SOON
        return (done - at) / (now - since) if known else 0.0


def _progress_line(
    label: str, progress: Progress, rate: float, failures: str, *, bar: bool = True
) -> str:
    done, total = progress.done, progress.total
    parts = [label]
    if bar and total:
        filled = round(24 * done / total)
        parts.append("━" * filled + "─" * (24 - filled))
    parts.append(f"{done:,} of {total:,}" if total else f"{done:,}")
    if rate:
        parts.append(f"{rate:.1f} a second" if rate < 100 else f"{rate:,.0f} a second")
        if total > done:
            parts.append(f"{duration((total - done) / rate)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} {failures}")
    if progress.note:
        parts.append(progress.note)
    return "   ".join(parts)
