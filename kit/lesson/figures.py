"""How figures of matplotlib look in lessons: one style, text as text, colours of the page."""

from __future__ import annotations

import os
from pathlib import Path

STYLE = Path(__file__).with_name("lesson.mplstyle")
"""The style, as a file of matplotlib's own settings. `kit build` runs lessons under it."""

GROUND = "#fdfdfb"
"""What figures stand on in a notebook; on a page they stand on the page."""


def figure_style() -> None:
    """Draw the figures of this notebook as a built page shows them: as SVG, in the same style.

    A call at the top of a notebook is all; `kit build` does it for each lesson. Raises
    ModuleNotFoundError without matplotlib.
    """
    import matplotlib as mpl

    mpl.rc_file(STYLE)
    if os.environ.get("MATPLOTLIBRC") != str(STYLE):
        mpl.rcParams["figure.facecolor"] = GROUND  # a dark JupyterLab would swallow the ink
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return
    if get_ipython() is not None and mpl.get_backend().endswith("inline"):
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("svg")  # type: ignore[no-untyped-call]
