"""The filter `plus_days` for templates: `{{ start | plus_days(7) }}`, a date a week later."""

from __future__ import annotations

from datetime import date, timedelta

from jinja2 import Environment
from jinja2.ext import Extension


def plus_days(start: str, days: int) -> str:
    """The date `days` after `start`, both as YYYY-MM-DD."""
    return (date.fromisoformat(str(start)) + timedelta(days=days)).isoformat()


class Dates(Extension):
    """Adds `plus_days`; a template names it under `_jinja_extensions` in copier.yml."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["plus_days"] = plus_days
