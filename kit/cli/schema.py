"""`kit schema`."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of course.yml, for editors and other tools.

    \b
    Example
      kit schema > .kit/course.schema.json
    """
    from kit.cli import terminal
    from kit.course.schema import json_schema

    terminal.emit_json(json_schema())
