"""What a cell put in the place of Python's own functions is gone when a guarded cell runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.model import Limits, RunState
from kit.sandbox import Code, Pool, Setting
from kit.sandbox.guard import changes_nothing

LIMITS = Limits(cell_seconds=20, cpu_seconds=20)
AS_MADE = "import math\nassert not all([False]) and len('ab') == 2 and math.sin(0) == 0"

CHANGES = {
    "what looks for changes": ("import builtins\nbuiltins.all = lambda *_: True", "builtins.all"),
    "all that looks for changes": (
        ("import builtins, operator\nbuiltins.all = operator.is_ = lambda *_: True\n"
         "builtins.map = lambda *_: ()"), "builtins.all"),
    "two functions in each other's place": (
        "import math\nmath.sin, math.cos = math.cos, math.sin", "math.sin"),
    "two names in each other's place": (
        ("import math\nown = vars(math)\nkept = dict(own)\nnames = list(kept)\n"
         "a, b = names.index('sin'), names.index('cos')\n"
         "names[a], names[b] = names[b], names[a]\n"
         "for name in list(own):\n    del own[name]\nown.update(zip(names, kept.values()))"),
        "math.sin"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_put_back_and_named(pool: Pool, tmp_path: Path, name: str) -> None:
    source, changed = CHANGES[name]
    with pool.live(Setting(cwd=tmp_path, limits=LIMITS, keep=False)) as live:
        assert live.run(Code(source=source), 0).state is RunState.OK
        assert live.run(Code(source=AS_MADE, guard=True), 1).state is RunState.OK
        assert changed in live.restored[1]


def test_where_nothing_was_changed_nothing_is_put_back(pool: Pool, tmp_path: Path) -> None:
    with pool.live(Setting(cwd=tmp_path, limits=LIMITS, keep=False)) as live:
        live.run(Code(source="import math\nmine = math.sin\nsin = 3"), 0)
        assert live.run(Code(source=AS_MADE, guard=True), 1).state is RunState.OK
        assert not live.restored


@pytest.mark.parametrize(("source", "nothing"), [
    ("import math", True), ("import math as m, os.path\nfrom math import sin as s", True),
    ("", True), ("# no more", True), ("from __future__ import annotations", True),
    ("import module_that_is_not_loaded", False), ("from math import nothing_of_it", False),
    ("from math import *", False), ("from . import math", False), ("x = 1", False),
    ("import math; math.sin = math.cos", False), ("%matplotlib inline", False),
    ("import 1", False),
])
def test_what_only_names_what_is_loaded_is_told(source: str, nothing: bool) -> None:
    assert changes_nothing(source) is nothing


@pytest.mark.parametrize("first", ["import math", "import math\nmath.sin = math.cos"])
def test_what_the_authors_first_cells_changed_stands(
        pool: Pool, tmp_path: Path, first: str) -> None:
    with pool.live(Setting(cwd=tmp_path, limits=LIMITS, keep=False)) as live:
        live.run(Code(source=first, trusted=True), 0)
        live.run(Code(source="own = math.sin\nmath.sin = abs"), 1)
        live.run(Code(source="assert math.sin is own", guard=True), 2)
        assert live.runs[2].state is RunState.OK
        assert live.restored[2] == ("math.sin",)
