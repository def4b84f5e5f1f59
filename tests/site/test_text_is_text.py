"""What course.yml says is text: whatever it holds, no script of it runs, and it reads as typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visit, served
from tinycourse import homework, released

from kit.course import load_course
from kit.site import build

Visits = Callable[..., Visit]


def hostile(number: int) -> str:
    """A text that tries to end whatever it stands in, and to run a script there."""
    run = f"window.owned = {number}"
    return (f"N{number} </title></textarea><script>{run}</script><img src=x onerror='{run}'>"
            f"\" onload=\"{run}\" [a](javascript:{run}) *s* _u_ `c` {{raw}}`x` | $y$ & &lt;b")


COURSE = {
    "id": "hostile", "title": hostile(1),
    "description": hostile(2) + "\n\n```{raw} html\n<script>window.owned = 3</script>\n```\n\n"
                   ":::{raw} html\n<script>window.owned = 4</script>\n:::\n",
    "authors": [{"name": hostile(5), "affiliation": hostile(6)}],
    "institution": hostile(7) + "\n```\n\n<script>window.owned = 8</script>",
    "licence": hostile(9), "effort": hostile(10), "language": "en\" onload=\"window.owned = 11",
    "timezone": "Europe/Berlin",
    "parts": [{"title": hostile(12), "lessons": ["lessons/a'b & c"]}],
    "assignments": [{"name": "ps1", "title": hostile(13), "due": "2027-01-21 23:59",
                     "selfstudy": "after_due"},
                    {"name": "ps2", "title": hostile(14)}],
    "outcomes": [{"id": "o", "statement": hostile(15)}],
    "grading": {"groups": [{"name": "g", "title": hostile(16), "weight": 1}],
                "cutoffs": {hostile(17): 50}},
}
LESSON = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# A lesson of `</title><script>window.owned = 18</script>`

```{code-cell}
1 + 1
```
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    found = homework()
    found["cells"] = found["cells"][1:3]  # no heading: the page gets the assignment's title
    for name, text in {"course.yml": json.dumps(COURSE), "lessons/a'b & c.md": LESSON,
                       "source/ps1/p.ipynb": json.dumps(found),
                       "source/ps2/p.ipynb": json.dumps(found)}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    course = load_course(root)
    return build(course, released(course)).folder


def pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")
                  if "_static" not in path.parts)


def test_no_script_of_course_yml_runs_on_any_page(visit: Visits, site: Path) -> None:
    from urllib.parse import quote

    listed = pages(site)
    assert {"index.html", "homework/ps1/p.html", "lessons/a'b & c.html"} <= set(listed)
    with served(site) as base:
        for name in listed:
            seen = visit(base, quote(name))
            assert seen.page.evaluate("window.owned") is None, name
            assert seen.page.evaluate(
                "[...document.querySelectorAll('*')].filter(one => [...one.attributes].some("
                "a => a.name.startsWith('on') && a.value.includes('owned')"
                " || /^javascript:/i.test(a.value))).length") == 0, name
            assert "[x" not in seen.page.title()


def plain(text: str) -> str:
    """A text on one line, without the quotes that typography puts in place of straight ones."""
    return " ".join(text.split()).translate(str.maketrans("‘’“”", "''\"\""))


def test_texts_read_as_they_were_typed(visit: Visits, site: Path) -> None:
    with served(site) as base:
        page = visit(base, "index.html").page
        assert plain(page.locator("article h1").inner_text()) == plain(hostile(1))
        shown = plain(page.locator("body").inner_text())
    for number in (2, 7, 9, 12, 15):
        assert plain(hostile(number)) in shown, number


def test_nor_among_what_a_search_finds(visit: Visits, site: Path) -> None:
    with served(site) as base:
        for word in ("N1", "N13", "owned", "lesson", "textarea", "<img src=x onerror=alert(1)>"):
            from urllib.parse import quote

            page = visit(base, f"search.html?q={quote(word)}").page
            page.wait_for_function(
                "document.querySelector('#search-results').innerText.length > 20")
            assert page.evaluate("window.owned") is None, word
