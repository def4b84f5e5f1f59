"""Traits that a kernel sets at each cell, set the short way where nobody listens to them."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import ExecutionResult
from traitlets import All, Bool, Instance, Integer, Unicode

_NOBODY: dict[str, list[Any]] = {}


class Quick:
    """Makes a trait that looks for who listens to it before it asks what it would tell them."""

    name: str
    plain: tuple[type, ...] = ()
    """Values of these very types are taken as they are."""

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        if owner is not None:
            try:
                return owner._trait_values[self.name]
            except KeyError:  # it has its default yet
                pass
        ordinary: Any = super()
        return ordinary.__get__(owner, kind)

    def __set__(self, owner: Any, value: Any) -> None:
        heard = owner._trait_notifiers
        if (type(value) in self.plain and self.name not in heard
                and not any(heard.get(All, _NOBODY).values())):
            owner._trait_values[self.name] = value
            return
        ordinary: Any = super()
        ordinary.__set__(owner, value)


class Count(Quick, Integer):  # type: ignore[misc, type-arg]
    """A number that is set at each cell."""

    plain = (int,)


class Text(Quick, Unicode):  # type: ignore[misc, type-arg]
    """A text that is set at each cell."""

    plain = (str,)


class Flag(Quick, Bool):  # type: ignore[misc, type-arg]
    """A yes or no that is set at each cell."""

    plain = (bool,)


class Known(Quick, Instance):  # type: ignore[misc, type-arg]
    """A thing that is asked for at each cell."""


class Result(Known):
    """What became of a cell, while it runs and then."""

    plain = (ExecutionResult, type(None))
