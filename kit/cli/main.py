"""The command `kit`: a table of commands, and the one place where errors are caught."""

from __future__ import annotations

import errno
import io
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kit import __version__
from kit.later import grammar_later

if TYPE_CHECKING:
    from kit.errors import KitError

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (group of `kit --help`, one line)
    "new": ("Author", "Scaffold a course from a template."),
    "adopt": ("Author", "Describe an existing nbgrader course; change nothing else in it."),
    "add": ("Author", "Add a lesson, an assignment or a question that works."),
    "check": ("Author", "Find what is wrong before learners do."),
    "build": ("Author", "Build the course's site."),
    "preview": ("Author", "Look at the site on this machine."),
    "vendor": ("Author", "Bring packages for Python in pages."),
    "publish": ("Author", "Write the public copy of the course, ready to push."),
    "reschedule": ("Author", "Shift all dates to a new term."),
    "release": ("Grade", "Make the learners' version of an assignment."),
    "collect": ("Grade", "Take in what learners handed in."),
    "grade": ("Grade", "Grade an assignment."),
    "review": ("Grade", "List what needs review, and settle it."),
    "marks": ("Grade", "Hand out and merge manual marks."),
    "feedback": ("Grade", "Write a page for each submission."),
    "grades": ("Grade", "Show or export grades."),
    "status": ("Grade", "Show where each assignment stands."),
    "roster": ("Grade", "Show the roster, or import one from an LMS."),
    "validate": ("Learn", "Check a notebook before handing it in."),
    "demo": ("Try", "Run the whole road on a made-up class."),
    "simulate": ("Try", "Make a class of varied submissions."),
    "schema": ("Try", "Print the JSON Schema of course.yml."),
    "doctor": ("Try", "Tell what of this machine works."),
}

_AUTHOR_EXTRA = frozenset({
    "copier", "jinja2", "jupyter_book", "jupytext", "matplotlib", "myst_nb", "nbgrader", "numpy",
    "packaging", "pandas", "pydantic", "ruamel", "scipy", "sphinx", "sphinx_external_toc",
    "sqlalchemy",
})


class Commands(click.Group):
    """Lists the commands from the table and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"kit.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but an unknown command lists the nearest ones."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from kit.errors import nearest

            near = ", ".join(nearest(args[0], COMMANDS)[:3])
            raise click.UsageError(f"no command named {args[0]!r}; nearest: {near}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does, but a closed pipe reaches `run`: click would exit with 1."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            if not _reader_is_gone():
                raise
            raise click.exceptions.Exit(0) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, in its groups."""
        del ctx
        for group in dict.fromkeys(group for group, _ in COMMANDS.values()):
            with formatter.section(group):
                formatter.write_dl(
                    [(name, line) for name, (home, line) in COMMANDS.items() if home == group]
                )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kit")
def cli() -> None:
    """Open courses written as Jupyter notebooks: author, check, publish, grade.

    \b
    Start with
      kit demo                                    see the whole road in two minutes
      kit new accounting-101 --template accounting
    """


def main(argv: list[str] | None = None) -> NoReturn:
    """Run `kit` and exit; what a user can mend ends in a message, never in a traceback."""
    import gc
    import logging

    # What a command imports stays to its end: to look it through again and again is a tenth of
    # a short one.
    gc.set_threshold(20_000, 20, 20)
    # Some tools that we call send what every logger says to the terminal.
    logging.getLogger("kit").setLevel(logging.WARNING)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name of a learner's may hold what this terminal cannot show.
            stream.reconfigure(errors="backslashreplace")
    sys.unraisablehook = _again
    code = run(argv)
    # All is said and done: a second Ctrl-C must not show the inside of the interpreter's end.
    _ignore_interrupts()
    sys.exit(code)


def _ignore_interrupts() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _again(unraisable: sys.UnraisableHookArgs) -> None:
    """Send a Ctrl-C once more that hit where Python drops exceptions: it drops it silently."""
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    import os
    import signal
    import threading

    again = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    again.daemon = True
    again.start()


def run(argv: list[str] | None = None) -> int:
    """Run `kit` and return its exit code."""
    grammar_later()
    try:
        result = cli.main(args=argv, prog_name="kit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BaseException as error:
        told = _told(error)
        if told is None:
            raise
        return _show(told)


def _told(error: BaseException) -> KitError | None:
    """What ended the command as a user reads it; None for a defect of ours."""
    from kit.errors import Interrupted, KitError, MissingExtra

    if isinstance(error, KitError):
        return error
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return Interrupted("stopped", hint="run the same command again to go on")
    if isinstance(error, ModuleNotFoundError):
        missing = error.name or ""
        extra = missing.split(".")[0] in _AUTHOR_EXTRA
        return MissingExtra("author", needs=missing) if extra else None
    return _of_the_machine(error) if isinstance(error, OSError) else None


_PUT_RIGHT = {
    errno.EACCES: "check who owns it and who may write there",
    errno.EPERM: "check who owns it and who may write there",
    errno.EROFS: "the disk is read-only: copy the course to one that can be written",
    errno.ENOSPC: "make room on the disk and run the same command again",
    errno.EDQUOT: "your quota of the disk is used up: make room and run the same command again",
    errno.EISDIR: "a folder is where a file belongs: move it away",
    errno.ENOTDIR: "a file is where a folder belongs: move it away, or name another folder",
    errno.EEXIST: "something else has that name: move it away, or name another place",
    errno.ENOENT: "it was there or was expected there: put it back, or name another",
    errno.ELOOP: "its link leads back to itself: replace it by the file that is meant",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EADDRINUSE: "choose another port: --port 0 takes a free one",
}


def _of_the_machine(error: OSError) -> KitError | None:
    """What the disk or its rights refused, as a user can mend it; None for anything else."""
    import shutil

    from kit.errors import KitError

    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        # A folder that could not be copied: its first file stands for the others.
        source, _, why = error.args[0][0]
        return KitError(f"cannot be copied: {why}", where=str(source),
                        hint="mend or remove that file and run the same command again")
    hint = _PUT_RIGHT.get(error.errno or 0)
    if hint is None:
        return None
    said = (error.strerror or "cannot be used").lower()
    # A rename names two files: the second is the one that a user knows.
    where = error.filename2 or error.filename or ""
    return KitError(said, where=str(where), hint=hint)


def _reader_is_gone() -> bool:
    """Whether who read our output went away (`kit grades | head`): then nothing is wrong.

    Output goes nowhere from here on, so that the interpreter's last flush stays silent.
    """
    import os
    import select

    try:
        descriptor = sys.stdout.fileno()
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(descriptor, 0)
            if not any(seen & (select.POLLERR | select.POLLHUP) for _, seen in poll.poll(0)):
                return False
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    except (OSError, ValueError):
        return False
    return True


def _show(error: KitError) -> int:
    from kit.cli import terminal

    terminal.error(error)
    return error.exit_code
