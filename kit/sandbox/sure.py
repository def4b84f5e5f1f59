"""Text of which IPython hands on every character: no magic, no prompt, nothing to transform."""

from __future__ import annotations

import re

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


def is_sure(source: str) -> bool:
    """Whether a shell that nobody changed compiles this text as it is, for sure."""
    if not source or _NOT_SURE.search(source):
        return False
    lines = [line for line in source.split("\n") if line.strip()]
    return len(lines) > 1 or bool(_SURE_LINE.match(lines[0]))
