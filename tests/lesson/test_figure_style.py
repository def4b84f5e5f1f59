"""`figure_style()` in a notebook: one line, and figures look as on a built page."""

from __future__ import annotations

from typing import Any

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from kit.lesson.figures import GROUND, STYLE
from kit.lesson.views import COLOURS
from kit.site.lessons.figures import _COLOURS as FOLLOWED


def outputs(*cells: str) -> list[Any]:
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    NotebookClient(book, timeout=120).execute()
    return list(book.cells[-1]["outputs"])


def test_one_line_makes_figures_svg_in_the_style_on_a_light_ground() -> None:
    [shown] = outputs(
        "from kit.lesson import figure_style\nfigure_style()",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert set(shown["data"]) == {"image/svg+xml", "text/plain"}
    drawn = shown["data"]["image/svg+xml"]
    assert "stroke: #0b5fa5" in drawn
    assert f"fill: {GROUND}" in drawn
    assert "<text" in drawn


def test_an_authors_own_settings_win() -> None:
    [shown] = outputs(
        "from kit.lesson import figure_style\nfigure_style()",
        "import matplotlib.pyplot as plt\nplt.rcParams['axes.prop_cycle'] = plt.cycler(color='r')",
        "plt.plot([1, 2]);")
    assert "stroke: #ff0000" in shown["data"]["image/svg+xml"]


def test_the_style_is_one_that_matplotlib_knows_and_has_the_series_of_charts() -> None:
    import matplotlib as mpl

    found = mpl.rc_params_from_file(STYLE, fail_on_error=True, use_default_template=False)
    series = [hexed(colour) for colour in found["axes.prop_cycle"].by_key()["color"]]
    assert series == list(COLOURS)
    assert [FOLLOWED[colour] for colour in series] == ["s1", "s2", "s3", "s4", "s5"]
    drawn = {str(value) for key, value in found.items() if key.endswith("color")}
    drawn -= {"none", "auto", "inherit"}
    assert set(map(hexed, drawn)) <= set(FOLLOWED)


def hexed(colour: str) -> str:
    return f"#{colour.removeprefix('#')}"
