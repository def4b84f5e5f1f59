"""What is imported when it is first asked for: public names of a package, and a slow grammar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_GRAMMAR = "rfc3987_syntax"


def later(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` (PEP 562) of `package`.

    `homes` names for each public name the module, relative to the package, that defines it. A
    module must not bear the name of something public: importing it would put it in that place.
    """

    def getattribute(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return getattribute


def grammar_later() -> None:
    """Let `rfc3987_syntax` compile its grammars of IRIs when somebody first asks it for something.

    jsonschema imports it if it is there, nbformat imports jsonschema, and compiling takes three
    seconds, while neither checks an IRI in a notebook. Where it is loaded already nothing changes.
    """
    spec = None if _GRAMMAR in sys.modules else find_spec(_GRAMMAR)
    if spec is not None:
        sys.modules[_GRAMMAR] = stand_in = _Later(_GRAMMAR)
        stand_in.__spec__, stand_in.__path__ = spec, spec.submodule_search_locations or []


class _Later(ModuleType):
    """Stands in for a module until something of it is used that is not known beforehand."""

    def is_valid_syntax(self, term: str, value: str) -> Any:
        """The module's function of that name, the one that jsonschema imports."""
        return self.__getattr__("is_valid_syntax")(term, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what is asked of every module, by the import system too
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet")
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)
