"""Making a process warm: what each run would else import, look up or fill for itself, done once."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import warnings
from typing import Any

from kit.sandbox import pages
from kit.sandbox.guard import remember
from kit.sandbox.travel import pack, unpack
from kit.sandbox.warm import Warm


def warm_up(packages: list[str], room: list[bytes]) -> Warm:
    """Import what the course uses and make the kernel; a package that fails is left out. `room`
    was made for it, see `pages`."""
    from kit.sandbox.kernel import make_kernel
    from kit.sandbox.recorder import Recorder
    from kit.sandbox.rehearsal import rehearse

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    recorder = Recorder()
    kernel = make_kernel(recorder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in packages:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        for name, warm in (("numpy", _warm_numpy), ("pandas", _warm_pandas),
                           ("matplotlib", _warm_matplotlib)):
            if name in sys.modules:
                with contextlib.suppress(Exception):  # of another version: then it is not warm
                    warm()
        _warm_traceback(kernel)
    made = Warm(kernel=kernel, recorder=recorder, state=remember(kernel.shell))
    with contextlib.suppress(Exception):  # then each run is a little slower
        rehearse(made)
    room.clear()
    pages.settle()
    return made


def _warm_numpy() -> None:
    importlib.import_module("numpy.testing")
    importlib.import_module("numpy.random")  # each run draws a seed of its own
    array = sys.modules["numpy"].arange(3.0)
    unpack(pack([array, array.sum()]))


def _warm_pandas() -> None:
    # Parts of it are imported at the first table that is shown, or turned.
    importlib.import_module("pandas.testing")
    pandas: Any = sys.modules["pandas"]
    table = pandas.DataFrame({"a": ["x", "y"] * 2, "b": range(4), "c": [0.5, 1.5] * 2})
    repr(table)
    table._repr_html_()
    by = table.groupby("a").b.sum()
    table.merge(by.reset_index(), on="a").describe()
    table.pivot_table(index="b", columns="a", values="c")
    pandas.read_csv(io.StringIO("day,n\n2027-01-05,1\n"), parse_dates=["day"])
    unpack(pack([table, by]))


def _warm_matplotlib() -> None:
    # Fonts are looked up once for all, not once a figure of each submission.
    importlib.import_module("matplotlib.pyplot")
    importlib.import_module("matplotlib_inline.backend_inline")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.subplots().set_title("a")
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")


def _warm_traceback(kernel: Any) -> None:
    # Loads the lexers and styles that every later traceback needs.
    with contextlib.suppress(Exception):
        try:
            raise LookupError("warm")
        except LookupError:
            kernel.shell.InteractiveTB.structured_traceback(*sys.exc_info())
