"""The state of widgets is what nbclient stores of the same notebook, and Output widgets capture."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from bothkernels import Cell, by_nbclient, by_pool, cells
from hypothesis import given
from hypothesis import strategies as st
from kernelcells import cases

from kit.model import Execution, RunState
from kit.sandbox import Pool
from kit.sandbox.widgets import MIME, WidgetStates

REQUEST = re.compile(r"[0-9a-f]{8}-[0-9a-f]{24}_\d+_\d+")
START = "import ipywidgets as w\nfrom IPython.display import HTML, clear_output, display"

CASES = cases("widgets")


def named(found: Sequence[Cell], widgets: Mapping[str, Any]) -> tuple[Any, Any]:
    """Cells and widgets, with each widget's id replaced by its place in the order of opening.

    Ids are random, and so are those of requests: an Output widget that is left open keeps one.
    """
    text = json.dumps([[[cell.outputs, cell.count] for cell in found], widgets])
    for place, name in enumerate(widgets.get(MIME, {}).get("state", {})):
        text = text.replace(name, f"widget-{place}")
    shown, state = json.loads(REQUEST.sub("request", text))
    return shown, state


@pytest.fixture(scope="module")
def both(
    pool: Pool, tmp_path_factory: pytest.TempPathFactory
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Cells and widgets of the same notebook, by nbclient and by our pool."""
    sources = [START, *(source for case in CASES.values() for source in case)]
    folder = tmp_path_factory.mktemp("widgets") / "work"
    folder.mkdir()
    done = by_pool(pool, sources, folder)
    return named(*by_nbclient(sources, folder)), named(cells(done, folder), done.widgets)


def test_state_is_what_nbclient_stores(both: tuple[tuple[Any, Any], tuple[Any, Any]]) -> None:
    (_, real), (_, ours) = both
    assert list(ours[MIME]["state"]) == list(real[MIME]["state"])
    for name, model in real[MIME]["state"].items():
        assert ours[MIME]["state"][name] == model
    assert ours == real


@pytest.mark.parametrize("case", CASES)
def test_outputs_are_what_nbclient_stores(
    both: tuple[tuple[Any, Any], tuple[Any, Any]], case: str
) -> None:
    start = 1 + sum(len(CASES[name]) for name in list(CASES)[:list(CASES).index(case)])
    (real, _), (ours, _) = both
    place = slice(start, start + len(CASES[case]))
    assert ours[place] == real[place]


def test_every_kind_of_widget_was_there(both: tuple[tuple[Any, Any], tuple[Any, Any]]) -> None:
    """A notebook that made none would pass."""
    models = both[1][1][MIME]["state"].values()
    assert {"IntSliderModel", "VBoxModel", "OutputModel", "LinkModel", "ImageModel",
            "AnyModel"} <= {model["model_name"] for model in models}
    assert sum("buffers" in model for model in models) >= 2
    captured = [one for model in models for one in model["state"].get("outputs", ())]
    assert {one["output_type"] for one in captured} >= {"stream", "display_data", "error"}


def run(pool: Pool, folder: Path, *sources: str, **limits: int) -> Execution:
    """Run cells of widgets."""
    return by_pool(pool, [START, *sources], folder, **limits)


def test_no_widgets_no_state(pool: Pool, tmp_path: Path) -> None:
    assert run(pool, tmp_path, "1").widgets == {}


def test_state_is_bounded_by_the_output_budget(pool: Pool, tmp_path: Path) -> None:
    done = run(pool, tmp_path, "small = w.Label('kept')", "w.Label('x' * 50_000)",
               "for _ in range(500):\n    small.value = 'y' * 100", output_bytes=20_000)
    values = [one["state"].get("value") for one in done.widgets[MIME]["state"].values()]
    assert "y" * 100 in values
    assert len(json.dumps(done.widgets)) < 20_000
    assert "output cut" in done.cells[2].outputs[-1]["text"]
    assert done.cells[3].outputs == ()


def test_what_an_output_widget_captures_is_bounded(pool: Pool, tmp_path: Path) -> None:
    done = run(pool, tmp_path, "out = w.Output()\nwith out:\n    print('x' * 10**6)",
               "with out:\n    while True:\n        display('y')", output_bytes=30_000,
               cell_seconds=2)
    assert len(json.dumps(done.widgets)) < 80_000
    assert done.cells[2].state is RunState.TIMEOUT


def test_state_of_a_run_that_was_killed_is_that_of_the_rest(pool: Pool, tmp_path: Path) -> None:
    done = run(pool, tmp_path, "w.Label('one')", "w.Label('two')\nimport os\nos._exit(1)",
               "w.Label('three')")
    values = [one["state"].get("value") for one in done.widgets[MIME]["state"].values()]
    assert [value for value in values if value] == ["one", "three"]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
SAID = st.dictionaries(st.text(), st.fixed_dictionaries(
    {"state": st.dictionaries(st.sampled_from(["_model_name", "a"]), JSON) | JSON},
    optional={"buffers": JSON | st.lists(st.fixed_dictionaries(
        {"path": JSON | st.lists(st.text() | st.integers()), "data": JSON}))}))


@given(st.lists(SAID | JSON, max_size=3))
def test_whatever_is_said_has_the_form_of_a_notebooks(said: list[Any]) -> None:
    states = WidgetStates()
    for one in said:
        states.take(one)
    for model in states.metadata().get(MIME, {"state": {}})["state"].values():
        assert set(model) - {"buffers"} == {
            "model_name", "model_module", "model_module_version", "state"}
        for buffer in model.get("buffers", ()):
            assert set(buffer) == {"data", "encoding", "path"}
    json.dumps(states.metadata()).encode("utf-8")
