"""Traits that a kernel sets at each cell, set the short way where nobody listens to them."""

from __future__ import annotations

from typing import Any

from traitlets import All, Instance, Integer, Unicode

_NOBODY: dict[str, list[Any]] = {}


class Quick:
    """Makes a trait that looks for who listens to it before it asks what it would tell them."""

    name: str
    plain: type | None = None
    """A value of this very type is taken as it is."""

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
        if (type(value) is self.plain and self.name not in heard
                and not any(heard.get(All, _NOBODY).values())):
            owner._trait_values[self.name] = value
            return
        ordinary: Any = super()
        ordinary.__set__(owner, value)


class Count(Quick, Integer):  # type: ignore[misc, type-arg]
    """A number that is set at each cell."""

    plain = int


class Text(Quick, Unicode):  # type: ignore[misc, type-arg]
    """A text that is set at each cell."""

    plain = str


class Known(Quick, Instance):  # type: ignore[misc, type-arg]
    """A thing that is asked for at each cell."""
