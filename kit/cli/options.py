"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])

course_option: Callable[[Function], Function] = click.option(
    "--course", "course_dir", type=click.Path(path_type=Path, file_okay=False), default=None,
    metavar="DIR", help="The course folder; found from the current folder upwards otherwise.",
)

json_option: Callable[[Function], Function] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)

assignment_argument: Callable[[Function], Function] = click.argument("assignment")
