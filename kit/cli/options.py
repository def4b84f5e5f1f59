"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def _or_outer(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """What stands before a subcommand holds for it too: `kit marks --course DIR split ps1`."""
    outer = ctx.parent.params if ctx.parent else {}
    return value or outer.get(param.name or "", value)


course_option: Callable[[Function], Function] = click.option(
    "--course", "course_dir", type=click.Path(path_type=Path, file_okay=False), default=None,
    callback=_or_outer, metavar="DIR",
    help="The course folder; found from the current folder upwards otherwise.",
)

json_option: Callable[[Function], Function] = click.option(
    "--json", "as_json", is_flag=True, callback=_or_outer,
    help="Print one JSON object and nothing else."
)


class Day(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A day as 2027-01-11."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The date, or click's usage error that shows how to write one."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2027-01-11", param, ctx)


class Zone(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A timezone as Europe/Berlin."""

    name = "timezone"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The name, or click's usage error with the nearest ones."""
        from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(str(value).strip()).key
        except (KeyError, ValueError, OSError):
            from kit.course.zones import zone_hint

            self.fail(f"no timezone is named {value!r}; {zone_hint(str(value))}", param, ctx)


class _Assignment(click.Argument):
    """The name of an assignment. Where none is given, those of the course are named."""

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """As click does."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter:
            names = _assignments(ctx.params.get("course_dir"))
            raise click.MissingParameter(f"The course has {names}." if names else None,
                                         ctx=ctx, param=self) from None


def _assignments(course_dir: Path | None) -> str:
    from kit import workflow
    from kit.errors import KitError

    try:
        course = workflow.load(course_dir)
    except (KitError, OSError):
        return ""
    return ", ".join(one.name for one in course.assignments)


assignment_argument: Callable[[Function], Function] = click.argument(
    "assignment", cls=_Assignment)
