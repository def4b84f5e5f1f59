"""The command `kit`: a table of commands, and the one place where errors are caught."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from kit import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (group of `kit --help`, one line)
    "new": ("Author", "Scaffold a course from a template."),
    "adopt": ("Author", "Describe an existing nbgrader course; change nothing else in it."),
    "add": ("Author", "Add a lesson, an assignment or a question that works."),
    "check": ("Author", "Find what is wrong before learners do."),
    "build": ("Author", "Build the course's site."),
    "preview": ("Author", "Look at the site on this machine."),
    "reschedule": ("Author", "Shift all dates to a new term."),
    "release": ("Grade", "Make the learners' version of an assignment."),
    "collect": ("Grade", "Take in what learners handed in."),
    "grade": ("Grade", "Grade an assignment."),
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
    "pandas", "pydantic", "ruamel", "scipy", "sphinx", "sphinx_external_toc", "sqlalchemy",
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
    sys.exit(run(argv))


def run(argv: list[str] | None = None) -> int:
    """Run `kit` and return its exit code."""
    from kit.errors import Interrupted, KitError, MissingExtra

    try:
        result = cli.main(args=argv, prog_name="kit", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _show(Interrupted("stopped", hint="run the same command again to go on"))
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _AUTHOR_EXTRA:
            raise
        return _show(MissingExtra("author", needs=error.name or "a package"))
    except BrokenPipeError:
        # The reader of a pipe went away (`kit grades | head`): nothing is wrong.
        sys.stderr.close()
        return 0
    except KitError as error:
        return _show(error)


def _show(error: Exception) -> int:
    from kit.cli import terminal
    from kit.errors import KitError

    assert isinstance(error, KitError)
    terminal.error(error)
    return error.exit_code
