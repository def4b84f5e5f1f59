"""Plain interacts and other widgets of a lesson on its built page, from a real kernel."""

from __future__ import annotations

import gzip
import json
from base64 import b64decode
from collections.abc import Callable
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served
from tinycourse import write_course

from kit.course import load_course
from kit.site import build
from kit.site.lessons.parts import kinds_in

HEAD = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Widgets

"""
SETUP = """
import random
import ipywidgets as widgets
import numpy as np
from ipywidgets import fixed, interact, interact_manual, interactive, interactive_output
from matplotlib import pyplot as plt
random.seed(1)
rng = np.random.default_rng(1)
runs, scale, kept = 0, 10, [0]
"""
# Each of these is a cell of the lesson on interacts, in this order.
INTERACTS = {
    "setup": SETUP,
    "say": """
@interact(n=(1, 9), word=["tea", "cake"], loud=False)
def say(n, word, loud):
    global runs
    runs += 1
    print(n * scale, word, "loud" if loud else "", f"run {runs}", random.random(), rng.random())
""",
    "wave": """
def wave(k=1.0):
    x = np.linspace(0, 6, 50)
    plt.figure(figsize=(4, 2.5))
    plt.plot(x, np.sin(k * x))
    plt.title("A wave"); plt.xlabel("Seconds"); plt.ylabel("Metres")
    plt.show()
interact(wave, k=(0.5, 3.0, 0.5));
""",
    "later": """
print(runs, random.random(), rng.random(), kept)
scale = "another thing"
""",
    "shared": """
a = widgets.IntSlider(1, 0, 3, description="$a$")
double = interactive_output(lambda a: print(2 * a), {"a": a})
part = interactive_output(lambda a, top: print(top / a), {"a": a, "top": fixed(6)})
display(widgets.VBox([widgets.HTML("<b>Two</b> of one"), a]), double, part)
""",
    "table": """
import pandas as pd
from IPython.display import Markdown, display
def table(cut):
    display(Markdown("Up to **three** <b>rows</b> of $x^2$"))
    return pd.DataFrame({"<x>": [1, 4, 9][:cut]})
interactive(table, {"auto_display": True}, cut=widgets.ToggleButtons(options={"two": 2, "all": 3}))
""",
}
OTHERS = {
    "setup": SETUP + "from kit.lesson import quiz\n",
    "typed": 'interact(lambda t: print(t.upper()), t="hello");',
    "manual": "interact_manual(lambda n: print(n), n=(0, 4));",
    "button": """
button = widgets.Button(description="Go")
button.on_click(lambda _: print("went"))
button
""",
    "alone": 'widgets.IntProgress(7, description="Done")',
    "linked": """
play, slider = widgets.Play(), widgets.IntSlider(description="Time")
widgets.jslink((play, "value"), (slider, "value"))
widgets.HBox([play, slider])
""",
    "foreign": """
import anywidget
class Chart(anywidget.AnyWidget):
    _esm = "export default {render() {}}"
widgets.VBox([Chart(), widgets.IntSlider(description="Beside")])
""",
    "picture": """
class Canvas(anywidget.AnyWidget):
    _esm = "export default {render() {}}"
    def _repr_mimebundle_(self, **more):
        data, metadata = super()._repr_mimebundle_(**more)
        return {**data, "text/html": "<p>As it was</p>"}, metadata
Canvas()
""",
    "quiz": 'widgets.VBox([widgets.Label("Now"), quiz("Is it?", {"Yes": "y", "No": "n"}, '
            'right="No")])',
    "own": "interact(lambda n: display(widgets.IntSlider(n)), n=(0, 3));",
}


def lesson(cells: dict[str, str]) -> str:
    return HEAD + "\n".join(f"```{{code-cell}}\n{text.strip()}\n```\n" for text in cells.values())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built course: interacts alone in its first lesson, other widgets in its second."""
    root = tmp_path_factory.mktemp("widgets") / "tiny"
    write_course(root)
    (root / "lessons" / "numbers.md").write_text(lesson(INTERACTS), encoding="utf-8")
    (root / "lessons" / "words.md").write_text(lesson(OTHERS), encoding="utf-8")
    return build(load_course(root), {}).folder


@pytest.fixture(scope="module")
def specs(site: Path) -> list[dict[str, Any]]:
    """What stands in the page of interacts, unpacked."""
    page = (site / "lessons" / "numbers.html").read_text(encoding="utf-8")
    return [json.loads(b64decode(one.split('"')[0])) for one in page.split('data-spec="')[1:]]


def shown(spec: dict[str, Any]) -> dict[tuple[Any, ...], str]:
    """The HTML of each state, by the keys of its controls."""
    keys = product(*(one["keys"] for one in spec["controls"]))
    return {at: "|".join(spec["views"][view]["html"] for view in row[:-1])
            for at, row in zip(keys, spec["grid"], strict=True)}


def outputs(site: Path, name: str) -> dict[str, str]:
    """The text of what stands below each cell of a lesson, by the name of the cell."""
    page = (site / "lessons" / f"{name}.html").read_text(encoding="utf-8")
    cells = page.split('<div class="cell docutils container">')[1:]
    return dict(zip(INTERACTS if name == "numbers" else OTHERS, cells, strict=True))


def test_a_page_of_interacts_alone_loads_a_few_kilobytes(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        seen = visit(base, "lessons/numbers.html")
        loaded = seen.page.evaluate(
            "performance.getEntriesByType('resource').map((one) => one.name)")
        ours = [Path(name).name for name in loaded if "/parts/" in name and name.endswith(".js")]
        assert not [name for name in loaded if "widgets" in name]
        assert (seen.foreign, seen.errors) == ([], [])
    assert sum(len(gzip.compress((site / "_static" / "parts" / name).read_bytes()))
               for name in ours) < 10_000


def test_every_state_is_there_and_the_authors_own_comes_first(specs: list[dict[str, Any]]) -> None:
    spec = specs[0]
    assert [(one["name"], one["form"], one["keys"][one["start"]]) for one in spec["controls"]] == [
        ("n", "slider", 5), ("word", "choice", "tea"), ("loud", "switch", False)]
    states = shown(spec)
    assert len(states) == 9 * 2 * 2
    assert states[7, "cake", True].startswith("<pre>70 cake loud")


def test_each_state_starts_from_what_stood_when_the_cell_ended(
    specs: list[dict[str, Any]]
) -> None:
    ends = {text.removesuffix("</pre>").split("run ")[1] for text in shown(specs[0]).values()}
    (only,) = ends
    assert only.startswith("2 ")


def test_what_an_interact_does_changes_no_later_cell(site: Path) -> None:
    import random

    import numpy as np

    random.seed(1)
    rng = np.random.default_rng(1)
    random.random(), rng.random()  # what the first run in the author's cell took
    expected = f"1 {random.random()} {rng.random()} [0]"
    assert expected in outputs(site, "numbers")["later"]


def test_figures_are_pictures_with_their_titles_as_words(specs: list[dict[str, Any]]) -> None:
    states = shown(specs[1])
    assert list(states) == [(0.5,), (1,), (1.5,), (2,), (2.5,), (3,)]
    assert len(set(states.values())) == 6
    for text in states.values():
        assert text.startswith(
            '<div role="img" aria-label="A wave: Metres against Seconds"><svg')


def test_functions_that_share_a_slider_are_one_and_an_error_is_a_state(
    site: Path, specs: list[dict[str, Any]]
) -> None:
    spec = specs[2]
    assert "\\(a\\)" in spec["controls"][0]["label"]
    states = shown(spec)
    assert states[3,] == "<pre>6</pre>|<pre>2.0</pre>"
    assert "ZeroDivisionError: division by zero" in states[0,]
    assert "Cell In[" in states[0,]
    assert "outputs.py" not in states[0,]
    below = outputs(site, "numbers")["shared"]
    assert kinds_in(below) == ["explore"]
    assert below.count('class="course-part"') == 1
    assert '<div class="widget-text"><div><b>Two</b> of one</div></div>' in below


def test_tables_and_markdown(specs: list[dict[str, Any]]) -> None:
    states = shown(specs[3])
    assert list(states) == [("two",), ("all",)]
    assert "<p>Up to <strong>three</strong>" in states["two",]
    assert '<span class="math">\\(x^2\\)</span>' in states["two",]
    assert "&lt;x&gt;" in states["all",]
    assert states["all",].count("<tr>") == states["two",].count("<tr>") + 1


@pytest.mark.parametrize("over", ["http", "file"])
def test_it_answers_to_mouse_and_keys(
    site: Path, visit: Callable[..., Visit], over: str
) -> None:
    with served(site) as base:
        seen = visit(base if over == "http" else site.as_uri() + "/", "lessons/numbers.html")
        say = seen.page.locator("section.cp").nth(0)
        slider = say.get_by_role("slider", name="n")
        box = slider.bounding_box()
        seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        seen.page.mouse.down()
        seen.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=3)
        seen.page.mouse.up()
        assert say.locator("pre").inner_text().startswith("90 tea")
        seen.page.keyboard.press("ArrowLeft")
        assert say.locator("pre").inner_text().startswith("80 tea")
        say.get_by_label("cake").check()
        say.get_by_role("checkbox", name="loud").check()
        assert say.locator("pre").inner_text().startswith("80 cake loud")
        shared = seen.page.locator("section.cp").nth(2)
        shared.get_by_role("slider").press("Home")
        assert "ZeroDivisionError" in shared.locator("pre.cp-error").inner_text()
        assert (seen.foreign, seen.errors) == ([], [])


# What one step of a slider writes anew: (how many nodes, which elements they stand in).
WORK = """async () => {
  const part = document.querySelectorAll('section.cp')[1];
  const slider = part.querySelector('input[type=range]');
  const records = [];
  const watch = new MutationObserver((found) => records.push(...found));
  watch.observe(document.body, { childList: true, characterData: true, subtree: true });
  slider.value = 5;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise(requestAnimationFrame);
  return [records.length, [...new Set(records.map((one) => one.target.className))].sort(),
          performance.getEntriesByType('resource').length];
}"""


def test_an_answer_writes_one_view_and_its_words_and_asks_for_nothing(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        page = visit(base, "lessons/numbers.html").page
        asked = page.evaluate("performance.getEntriesByType('resource').length")
        written, places, after = page.evaluate(WORK)
        assert places == ["", "cp-unseen", "cp-view"]
        assert written <= 4
        assert after == asked


def test_without_scripts_the_first_state_stands_there(
    site: Path, visit: Callable[..., Visit]
) -> None:
    bare = visit(site.as_uri() + "/", "lessons/numbers.html", java_script_enabled=False)
    text = bare.page.locator("main").inner_text()
    assert "n: 1 to 9 in steps of 1. Here: 5." in text
    assert "50 tea" in text
    assert bare.page.get_by_role("img", name="A wave: Metres against Seconds").is_visible()


def test_what_needs_a_kernel_says_so_beside_it(site: Path) -> None:
    found = {name: text.partition("This needs a running kernel: ")[2].partition(".")[0]
             for name, text in outputs(site, "words").items()}
    was = "the picture is as it was when the page was made"
    assert found == {
        "setup": "", "typed": was, "manual": was, "button": was, "alone": "", "linked": "",
        "foreign": "a page does not know the widget Chart",
        "picture": "a page does not know the widget Canvas", "quiz": "", "own": was}
    assert "<p>As it was</p>" in outputs(site, "words")["picture"]


def test_beside_them_the_others_are_drawn_and_nothing_is_logged(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        seen = visit(base, "lessons/words.html")
        seen.page.wait_for_selector("html[data-widgets=drawn]")
        assert seen.page.get_by_text("HELLO", exact=True).is_visible()
        assert seen.page.locator(".widget-slider").count() == 4
        assert seen.page.get_by_text("Beside", exact=True).count() == 0
        seen.page.get_by_label("No").check()
        seen.page.get_by_role("button", name="Check").click()
        assert seen.page.locator("section.cp[data-state=right]").count() == 1
        notes = seen.page.locator(".widget-note")
        with seen.page.expect_download() as saved:
            notes.first.get_by_role("link", name="Download the notebook").click()
        notebook = json.loads(saved.value.path().read_text(encoding="utf-8"))
        assert "interact_manual" in json.dumps(notebook["cells"])
        assert (seen.foreign, seen.errors) == ([], [])


def test_only_the_models_that_are_drawn_stand_in_the_page(site: Path) -> None:
    page = (site / "lessons" / "words.html").read_text(encoding="utf-8")
    state = page.split('application/vnd.jupyter.widget-state+json">')[1].split("</script>")[0]
    kinds = [one["model_name"] for one in json.loads(state)["state"].values()]
    assert "AnyModel" not in kinds
    assert "LinkModel" in kinds
    assert kinds.count("IntProgressModel") == 1
    assert kinds.count("IntSliderModel") == 4


def test_the_notebook_is_left_as_its_author_sees_it(site: Path) -> None:
    root = site.parents[1]
    staged = json.loads((root / ".kit/site/src/lessons/numbers.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in staged["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(INTERACTS) + 1))
    assert ["".join(cell["source"]) for cell in code] == [
        text.strip() for text in INTERACTS.values()]
    assert "widgets" not in staged["metadata"]


def test_a_hub_is_where_it_is_alive(site: Path, tmp_path: Path) -> None:
    from kit.site.lessons.widgets import alive_elsewhere, as_parts

    root = tmp_path / "tiny"
    write_course(root)
    path = root / "course.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(
        "site:\n", "site:\n  hub: https://hub.example.org\n"), encoding="utf-8")
    place = alive_elsewhere(load_course(root), "lessons/words")
    output = {"output_type": "display_data", "data": {
        "application/vnd.jupyter.widget-view+json": {"model_id": "a" * 32}}}
    (((note,),), rest) = as_parts([[output]], {}, elsewhere=place)
    assert place[1].startswith("https://hub.example.org/hub/user-redirect/git-pull?")
    assert f'<a href="{escape(place[1])}">Open on the hub</a>' in note["data"]["text/html"]
    assert rest == {}
