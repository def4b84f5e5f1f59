"""Every command that README and docs show exists, with the options shown."""

from __future__ import annotations

import click
import doc_pages as pages
import pytest

from kit.cli.main import COMMANDS, cli


def parse(arguments: list[str], *, whole: bool) -> None:
    """Parse as the command line does, without running; `whole` wants all arguments there."""
    if arguments[0].startswith("-"):
        assert arguments[0] in ("--help", "-h", "--version")
        return
    assert arguments[0] in COMMANDS, f"no command named {arguments[0]!r}"
    context = click.Context(cli, info_name="kit")
    command = cli.get_command(context, arguments[0])
    assert command is not None
    _parse(command, arguments[1:], context, whole=whole)


def _parse(
    command: click.Command, arguments: list[str], context: click.Context, *, whole: bool
) -> None:
    if isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        _, inner, rest = command.resolve_command(context, list(arguments))
        assert inner is not None
        _parse(inner, rest, context, whole=whole)
        return
    try:
        command.make_context(command.name or "", list(arguments), parent=context)
    except click.exceptions.NoArgsIsHelpError:
        pass
    except click.exceptions.Exit:
        pass
    except click.MissingParameter:
        if whole:
            raise
    except click.BadOptionUsage as error:
        # A sentence may name an option without its value.
        if whole or "requires an argument" not in error.message:
            raise
    except click.BadParameter as error:
        # A file of the reader's is not here.
        if "does not exist" not in error.message:
            raise


SHOWN = [(pages.name_of(page), command) for page in pages.PAGES
         for command in dict.fromkeys(pages.typed(page.read_text(encoding="utf-8")))]
MENTIONED = [(pages.name_of(page), command) for page in pages.PAGES
             for command in dict.fromkeys(pages.mentioned(page.read_text(encoding="utf-8")))]


@pytest.mark.parametrize(("page", "command"), SHOWN)
def test_a_command_that_is_shown_can_be_typed(page: str, command: str) -> None:
    parse(pages.words(command), whole=True)


@pytest.mark.parametrize(("page", "command"), MENTIONED)
def test_a_command_that_is_named_exists(page: str, command: str) -> None:
    if command.startswith("kit COMMAND"):
        return
    parse(pages.words(command), whole=False)


def test_commands_are_found_in_the_pages() -> None:
    found = {command.split()[1] for _, command in SHOWN}
    assert {"new", "check", "build", "release", "collect", "grade", "feedback", "grades"} <= found
    assert any(page == "README.md" for page, _ in SHOWN)


@pytest.mark.parametrize("line", ["kit relaese ps1", "kit grade ps1 --wrong", "kit grade"])
def test_a_wrong_command_would_be_noticed(line: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        parse(pages.words(line), whole=True)
