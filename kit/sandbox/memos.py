"""What IPython works out anew for each cell or traceback, though it comes out the same: kept.

Outputs stay as they are. Each of these is a function of its arguments alone.
"""

from __future__ import annotations

import inspect
import os
import struct
import sys
from collections.abc import Mapping
from types import CodeType, FrameType, TracebackType
from typing import Any

import ipykernel.compiler
import ipykernel.ipkernel
import stack_data
from IPython.core import inputtransformer2
from pygments.formatters.terminal256 import Terminal256Formatter
from pygments.lexer import RegexLexerMeta

_WORD, _BY, _BITS = struct.Struct("<I"), 0x5BD1E995, 0xFFFFFFFF


def keep_results() -> None:
    """Put all of them in place. Call it once a process."""
    _keep_accepted_parameters()
    _keep_tokens()
    _keep_styles()
    _keep_colours()
    _keep_lexers()
    _keep_unknown_files()
    names: Any = ipykernel.compiler
    names.murmur2_x86 = murmur2  # the same number in half the time


def murmur2(text: str, seed: int) -> int:
    """ipykernel's number of a cell, which its file is named by: MurmurHash2, 32 bits, by Austin
    Appleby."""
    data = text.encode()
    end = len(data) & ~3
    number = seed ^ len(data)
    for (word,) in _WORD.iter_unpack(data[:end]):
        mixed = word * _BY & _BITS
        number = (number * _BY & _BITS) ^ ((mixed ^ mixed >> 24) * _BY & _BITS)
    if end < len(data):
        number = (number ^ int.from_bytes(data[end:], "little")) * _BY & _BITS
    number = (number ^ number >> 13) * _BY & _BITS
    return number ^ number >> 15


def _keep_accepted_parameters() -> None:
    # Inspecting run_cell's signature for each cell costs a third of a trivial cell.
    module: Any = ipykernel.ipkernel
    original = module._accepts_parameters
    known: dict[tuple[Any, ...], Mapping[str, Any]] = {}

    def kept(method: Any, names: list[str]) -> Mapping[str, Any]:
        key = (getattr(method, "__func__", method), *names)
        if key not in known:
            known[key] = original(method, names)
        return known[key]

    module._accepts_parameters = kept


def _keep_tokens() -> None:
    # A kernel transforms each cell twice, and takes it apart each time.
    module: Any = inputtransformer2
    original = module.make_tokens_by_line
    last: list[Any] = [None, []]

    def kept(lines: list[str]) -> list[list[Any]]:
        key = tuple(lines)
        if last[0] != key:
            last[:] = [key, original(lines)]
        return [list(line) for line in last[1]]

    module.make_tokens_by_line = kept


def _keep_styles() -> None:
    # A traceback makes a class of some two hundred styles.
    module: Any = stack_data
    original = module.style_with_executing_node
    known: dict[tuple[Any, str], Any] = {}

    def kept(style: Any, modifier: str) -> Any:
        if (style, modifier) not in known:
            known[style, modifier] = original(style, modifier)
        return known[style, modifier]

    module.style_with_executing_node = kept


def _keep_colours() -> None:
    # A formatter of that class looks for the nearest of 256 colours of each style.
    formatter: Any = Terminal256Formatter
    original = formatter._setup_styles
    known: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Any]]] = {}

    def kept(self: Any) -> None:
        key = (type(self), self.style, self.usebold, self.useunderline, self.useitalic)
        if key not in known:
            original(self)
            known[key] = dict(self.style_string), dict(self.best_match)
        self.style_string, self.best_match = map(dict, known[key])

    formatter._setup_styles = kept


def _keep_lexers() -> None:
    # A traceback makes a class of lexer a frame, and each compiles the patterns of its base.
    kind: Any = RegexLexerMeta
    original = kind.process_tokendef
    known: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def kept(self: Any, name: str, tokendefs: Any = None) -> Any:
        if name:
            return original(self, name, tokendefs)
        key = (self.flags, *(one for one in self.__mro__ if "tokens" in vars(one)
                             or "get_tokendefs" in vars(one)))
        if key not in known:
            known[key] = original(self, name, tokendefs), self._all_tokens
        self._all_tokens = known[key][1]
        return known[key][0]

    kind.process_tokendef = kept


def _keep_unknown_files() -> None:
    # The module of a frame is looked for in all modules, several times, where its file is none
    # of theirs (a cell, or a module in Cython): what was not there will not be.
    module: Any = inspect
    original = module.getmodule
    known: dict[str, tuple[int, str]] = {}

    def kept(thing: Any, _filename: str | None = None) -> Any:
        if _filename is None or not isinstance(thing, (FrameType, TracebackType, CodeType)):
            return original(thing, _filename)
        now = len(sys.modules), os.getcwd()  # noqa: PTH109 - a string, and nothing looked up
        if known.get(_filename) == now:
            return None
        found = original(thing, _filename)
        if found is None:
            known[_filename] = now
        return found

    module.getmodule = kept
