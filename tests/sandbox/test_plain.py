"""What is taken for plain Python is what IPython would not change; and most cells are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from kit.sandbox.plain import is_indented, is_plain

LINES = (
    "x = 1", "x", "ls", "ls -l", "pwd", "exit", "quit = 3", "exit = 3", "import math", "print(x)",
    "def f(n):", "    return n % 3 != 1", "    ", "", "\t", "%time x", "%%time", "!ls", "x = !ls",
    "x = %who", "print?", "??x", "f'{x=!r}'", "'%d' % x", "x = (1", ", 2)", "/ 3)", "% 4)",
    ">>> x = 1", "... x", "In [1]: x = 1", "   ...: x", "x[...]", "'''", "  text  ", '"""',
    "await f()", "async def g():", "    await f()", "[i async for i in x]", "x == 1", "x = = 2",
    "a\rb = 2", "y = 'a\x0cb'", "# a comment?", "# a comment", ";x", "/f x", ",f a b", "time x",
    "def (", "from os import *", "if x: y", "for i in range(3): i", "   indented = 1", "é = 2",
    "x: int = 3", "x.y = 2", "x += 1", "with open('a') as f: f", "class A: pass", "assert x != 2",
)


@pytest.fixture(scope="module")
def shell() -> Iterator[Any]:
    made: Any = InteractiveShell()
    yield made
    made.history_manager.end_session()


@example(lines=["x = 1", "    return n % 3 != 1", "   indented = 1"], end="")
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=6),
       end=st.sampled_from(["", "\n", "\n\n", "  "]))
def test_ipython_would_not_change_it(shell: Any, lines: list[str], end: str) -> None:
    source = "\n".join(lines) + end
    whole = source if source.endswith("\n") else source + "\n"
    if is_plain(shell, source) and is_indented(source):
        assert InteractiveShell.transform_cell(shell, source) == whole


@given(source=st.text(alphabet="ab =%!?\n\t ().,:'\"[]#\x0b\u2028/;>In1", max_size=12))
def test_nor_any_other_text(shell: Any, source: str) -> None:
    if is_plain(shell, source) and is_indented(source):
        whole = source if source.endswith("\n") else source + "\n"
        assert InteractiveShell.transform_cell(shell, source) == whole


@pytest.mark.parametrize("source", [
    "total = sum(range(101))", "import math", "# my answer\ntotal = 3\ntotal",
    "def is_prime(n):\n    # slow\n    return n > 1 and all(n % d for d in range(2, n))\n",
    "x = 3 if y != 2 else 4\n\nprint(f'{x:.2f} of {y}')", "assert area(2) == 3",
    "sales = pd.DataFrame({\n    'shop': ['a'],\n    'units': [1],\n})\nsales.head()",
])
def test_ordinary_cells_are_plain(shell: Any, source: str) -> None:
    assert is_plain(shell, source)
    assert InteractiveShell.transform_cell(shell, source) == source.removesuffix("\n") + "\n"


@pytest.mark.parametrize("change", [
    lambda shell: shell.input_transformers_post.append(lambda lines: lines),
    lambda shell: shell.input_transformer_manager.cleanup_transforms.append(lambda lines: lines),
    lambda shell: shell.input_transformer_manager.line_transforms.clear(),
    lambda shell: shell.input_transformer_manager.token_transformers.pop(),
])
def test_where_somebody_changed_what_is_done_with_cells_none_is(change: Any) -> None:
    own: Any = InteractiveShell()
    assert is_plain(own, "x = 1")
    change(own)
    assert not is_plain(own, "x = 1")
    own.history_manager.end_session()
