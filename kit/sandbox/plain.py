"""Cells that are plain Python to IPython: nothing in them is for it to transform.

It takes each cell apart twice, token by token, to find magics; most have none. What might have
one, or is not sure, is left to IPython.
"""

from __future__ import annotations

import re
import tokenize
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

_NOT_SURE = re.compile(
    r"\A\s"  # what comes first is cut off
    r"|^[ \t]+$"  # such lines are emptied
    r"|^[^\S\n]*[%!?,;/]|=\s*[%!]|\?"  # magics, shells, help, and calls without brackets
    r"|>>>|\.\.\.|In \["  # prompts
    r"|[\0\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]",  # lines may end there, or not
    re.MULTILINE)
_SURE_LINE = re.compile(
    r"(?!exit\b|quit\b)[A-Za-z_]\w*\s*=[^=]|(?:import|from|assert|def|class|for|while|if|with)\s")
"""What a cell of one line begins with that no command of IPython does."""

_FRESH = TransformerManager()  # type: ignore[no-untyped-call]
_LISTS = ("cleanup_transforms", "line_transforms", "token_transformers")


def whole(source: str) -> str:
    """The text of a plain cell as it is compiled."""
    return source if source.endswith("\n") else source + "\n"


def is_plain(shell: Any, source: str) -> bool:
    """Whether IPython, as it stands, would hand on this text as it is, but for the end."""
    if not _is_sure(source) or shell.input_transformers_post:
        return False
    manager, lines = shell.input_transformer_manager, shell.prefilter_manager
    return not lines.transformers and type(manager) is TransformerManager and all(
        getattr(manager, one) == getattr(_FRESH, one) for one in _LISTS)


def is_indented(source: str) -> bool:
    """Whether each line goes back to where another stands. Where one does not, IPython finds that
    before the compiler does, and says it in words of its own."""
    try:
        for _ in tokenize.generate_tokens(iter(source.splitlines(keepends=True)).__next__):
            pass
    except IndentationError:
        return False
    except (tokenize.TokenError, SyntaxError):
        pass  # so does IPython
    return True


def _is_sure(source: str) -> bool:
    """Whether a shell that nobody changed compiles this text as it is, for sure."""
    if not source or _NOT_SURE.search(source):
        return False
    lines = [line for line in source.split("\n") if line.strip()]
    return len(lines) > 1 or bool(_SURE_LINE.match(lines[0]))
