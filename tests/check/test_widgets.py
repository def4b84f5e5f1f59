"""What a page keeps of a lesson's explorations and widgets is told before it is built."""

from __future__ import annotations

from typing import Any

import pytest


def findings(folder: Any, *cells: str) -> list[tuple[str, str, int]]:
    """Code, message and cell of each finding in a lesson of these cells, after one with imports."""
    setup = "import ipywidgets as widgets\nfrom ipywidgets import interact, interact_manual"
    text = "".join(f"\n```{{code-cell}} python\n{one}\n```\n" for one in (setup, *cells))
    before = (folder.root / "lessons" / "first.md").read_text(encoding="utf-8")
    folder.write("lessons/first.md", before + text)
    return [(one.code, one.message, one.line) for one in folder.check()]


def test_an_interact_with_steps_and_a_widget_that_nothing_follows_are_fine(folder: Any) -> None:
    assert findings(folder, "interact(lambda n: print(n), n=(0, 5));",
                    "widgets.IntSlider()", "interact(lambda: print('all fixed'));") == []


LINKED = """\
import traitlets
s, t = widgets.IntSlider(), widgets.IntSlider()
k = traitlets.link((s, 'value'), (t, 'value'))
s"""


@pytest.mark.parametrize(("cell", "why"), [
    ('interact(lambda t: print(t), t="typed");', "a Text takes whatever is typed"),
    ("interact_manual(lambda n: n, n=(0, 5));", "a button runs it (interact_manual)"),
    ("interact(lambda n: n, n=widgets.Play());", "a Play runs by itself"),
    ("interact(lambda n: n, n=widgets.FloatSlider(step=None));", "without a step"),
    ("interact(lambda n: display(widgets.Label('x')), n=(0, 3));", "is a widget itself"),
    ("import IPython\ninteract(lambda n: display(IPython.display.Javascript('1')), n=(0, 3));",
     "runs a script of its own"),
    ("b = widgets.Button(); b.on_click(print); widgets.VBox([b])", "its button runs Python"),
    ("s = widgets.IntSlider(); s.observe(print, 'value'); s", "Python code follows an IntSlider"),
    ("s = widgets.IntSlider(); s.observe(print, 'value'); interact(lambda n: n, n=s);",
     "Python code follows an IntSlider"),
    (LINKED, "linked by Python"),
    ("import anywidget\nclass Chart(anywidget.AnyWidget):\n    _esm = 'export default {}'\nChart()",
     "a page does not know the widget Chart"),
    ("interact(lambda **n: print(n), **{f'n{i}': [1, 2] for i in range(9)});",
     "512 states are more than the 400"),
])
def test_what_cannot_be_alive_is_told_with_its_reason(folder: Any, cell: str, why: str) -> None:
    ((code, message, line),) = findings(folder, cell)
    assert code == "W315"
    assert message.startswith("on the page it cannot be alive: ")
    assert why in message
    lines = (folder.root / "lessons" / "first.md").read_text(encoding="utf-8").splitlines()
    assert lines[line - 1] == cell.splitlines()[0]


FIGURE = """
from matplotlib import pyplot as plt
def f(n):
    plt.plot([0, n]){more}
interact(f, n=(0, 3));"""


def test_a_picture_of_an_interact_needs_a_title_or_named_axes(folder: Any) -> None:
    ((code, message, _),) = findings(folder, FIGURE.format(more=""))
    assert (code, message) == ("W316", "a picture in it has no words")


def test_a_title_is_enough(folder: Any) -> None:
    assert findings(folder, FIGURE.format(more='; plt.title("A line")')) == []


MANY = ('from kit.lesson import explore\nexplore(lambda n: n, n=range(300), question="{name}")')


def test_the_budget_is_one_for_the_page(folder: Any) -> None:
    found = findings(folder, MANY.format(name="First"), MANY.format(name="Second"),
                     "interact(lambda n: print(n), n=(1, 100));")
    assert [code for code, _, _ in found] == ["W314", "W314"]
    for _, message, _ in found:
        assert "of its 300 values: a page holds 400 states" in message
        assert "has 700 states, " in message


def test_an_interact_that_is_too_large_is_told_too(folder: Any) -> None:
    ((code, message, _),) = findings(folder, "interact(lambda n: print(n), n=(0, 9999));")
    assert code == "W314"
    assert "of its 10,000 values" in message
