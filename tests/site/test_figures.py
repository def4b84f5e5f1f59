"""Figures of matplotlib on a page: in the house's style, as text, and in the page's colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser import Visit, served
from tinycourse import write_course

from kit.course import load_course
from kit.language import ENGLISH
from kit.site import build
from kit.site.lessons.figures import LARGEST, as_part_of_page, unnamed, without_large

LESSON = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# Figures

```{code-cell}
import matplotlib.pyplot as plt

figure, axes = plt.subplots()
axes.plot([1, 2, 3], label="rents")
axes.plot([3, 2, 1])
axes.set_xlabel("Year of the letting")
axes.set_title('Rents "rise" & fall')
```

```{code-cell}
---
mystnb:
  image: {alt: Two bars of the same height, width: 222px}
---
plt.bar(["a", "b"], [1, 1]);
```

```{code-cell}
plt.scatter(range(9000), range(9000), s=1);
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("figures") / "tiny"
    write_course(root)
    (root / "lessons" / "numbers.md").write_text(LESSON, encoding="utf-8")
    return build(load_course(root), {}).folder


@pytest.fixture
def page(site: Path, visit: Callable[..., Visit]) -> Any:
    with served(site) as base:
        seen = visit(base, "lessons/numbers.html", color_scheme="light")
        yield seen.page
        assert (seen.foreign, seen.errors) == ([], [])


def test_text_is_text_and_colours_follow_the_page(page: Any) -> None:
    label = page.locator("svg.drawn text", has_text="Year of the letting")
    line = page.locator("svg.drawn path[style*='--s2']").first
    colours = "(one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke]"
    assert label.evaluate(colours)[0] == "rgb(86, 95, 106)"
    assert line.evaluate(colours)[1] == "rgb(194, 87, 26)"
    page.click("button.theme")
    assert label.evaluate(colours)[0] == "rgb(162, 171, 181)"
    assert line.evaluate(colours)[1] == "rgb(240, 160, 112)"
    assert "Inter" in label.evaluate("(one) => getComputedStyle(one).fontFamily")


def test_a_figure_is_named_by_its_author_or_by_what_stands_in_it(page: Any) -> None:
    names = [one.get_attribute("aria-label") for one in page.locator("svg.drawn").all()]
    assert names == [f'{unnamed(ENGLISH)}: Year of the letting, Rents "rise" & fall',
                     "Two bars of the same height"]


def test_the_author_says_how_wide_it_is(page: Any) -> None:
    assert page.locator("svg.drawn").nth(1).evaluate("(one) => one.clientWidth") == 222


def test_on_a_phone_a_figure_stays_readable_and_scrolls_by_itself(
    site: Path, visit: Callable[..., Visit]
) -> None:
    with served(site) as base:
        page = visit(base, "lessons/numbers.html", viewport={"width": 375, "height": 800}).page
        box = page.locator(".figure-box").first
        assert box.evaluate("(one) => one.firstElementChild.clientWidth") >= 400
        assert box.evaluate("(one) => one.tabIndex") == 0
        assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_two_figures_share_no_id(page: Any) -> None:
    found = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(found) == len(set(found))
    clipped = page.evaluate(
        "[...document.querySelectorAll('svg [clip-path]')].map((one) => "
        "one.getAttribute('clip-path').slice(5, -1)).filter((id) => !document.getElementById(id))")
    assert clipped == []


def test_a_figure_of_very_many_dots_is_a_picture(page: Any) -> None:
    pictures = page.locator(".cell_output img")
    assert pictures.count() == 1
    assert pictures.get_attribute("alt") == unnamed(ENGLISH)
    assert re.search(r"_images/\w+\.png", pictures.get_attribute("src"))


def test_only_a_figure_that_is_a_picture_too_loses_its_svg() -> None:
    large = {"image/svg+xml": "x" * (LARGEST + 1)}
    cells = [{"outputs": [{"data": large}, {"data": {**large, "image/png": "p"}}]}, {}]
    found = without_large(cells)
    assert found[0]["outputs"] == [{"data": large}, {"data": {"image/png": "p"}}]
    assert found[1] == {}


def test_letters_that_are_drawn_keep_their_scale() -> None:
    text = ('<svg height="9pt" width="9pt"><g transform="scale(0.015625)">'
            '<use xlink:href="#a"/><path id="a" d="M 123.45678 0.000123"/></g></svg>')
    assert as_part_of_page(text, "f") == (
        '<span class="figure-box"><svg class="drawn" role="img" '
        'aria-label="Figure drawn by the code above"  width="9pt">'
        '<g transform="scale(0.01562)"><use style="fill: var(--ink)" '
        'xlink:href="#f-a"/><path id="f-a" d="M 123.46 0.000123"/></g></svg></span>')
