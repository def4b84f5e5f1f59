"""Cells that are plain Python to IPython: nothing in them is for it to transform.

It takes each cell apart twice, token by token, to find magics; most have none. What might have
one, or is not sure, is left to IPython.
"""

from __future__ import annotations

from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from kit.sandbox.sure import is_sure

_FRESH = TransformerManager()  # type: ignore[no-untyped-call]
_LISTS = ("cleanup_transforms", "line_transforms", "token_transformers")


def whole(source: str) -> str:
    """The text of a plain cell as it is compiled."""
    return source if source.endswith("\n") else source + "\n"


def is_plain(shell: Any, source: str) -> bool:
    """Whether IPython, as it stands, would hand on this text as it is, but for the end."""
    if not is_sure(source) or shell.input_transformers_post:
        return False
    manager, lines = shell.input_transformer_manager, shell.prefilter_manager
    return not lines.transformers and type(manager) is TransformerManager and all(
        getattr(manager, one) == getattr(_FRESH, one) for one in _LISTS)
