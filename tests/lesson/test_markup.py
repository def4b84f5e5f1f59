"""What an author writes becomes HTML that holds nothing but the markup that is meant."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.lesson.markup import html_of, inline, plain


class Tags(HTMLParser):
    """The tags and attributes of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


MEANT = {("p", ()), ("strong", ()), ("em", ()), ("code", ()), ("span", ("class",)),
         ("a", ("href",))}


@pytest.mark.parametrize(("text", "made"), [
    ("a **b** *c* `d*e*`", "<p>a <strong>b</strong> <em>c</em> <code>d*e*</code></p>"),
    ("one\n\ntwo", "<p>one</p><p>two</p>"), ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ("costs $5 or $6", "<p>costs $5 or $6</p>"),
    ("$a < b$", '<p><span class="math">\\(a &lt; b\\)</span></p>'),
    ("[here](https://example.org/?a=1&b=2)",
     '<p><a href="https://example.org/?a=1&amp;b=2">here</a></p>'),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ("[x](data:text/html,1)", "<p>[x](data:text/html,1)</p>"),
    ("[two](two-sides.md)", '<p><a href="two-sides.md">two</a></p>'),
    ("<script>1</script>", "<p>&lt;script&gt;1&lt;/script&gt;</p>"), ("", ""),
])
def test_markup(text: str, made: str) -> None:
    assert html_of(text) == made


@given(st.one_of(st.text(), st.text(alphabet="*`$[]()<>\"' ab:/\n\x00")))
def test_no_text_makes_another_tag_or_attribute(text: str) -> None:
    tags = Tags()
    tags.feed(html_of(text))
    assert set(tags.found) <= MEANT
    hrefs = re.findall(r'href="([^"]*)"', html_of(text))
    assert not [one for one in hrefs if one.lower().lstrip().startswith(("javascript", "data",
                                                                        "vbscript"))]


@given(st.text(alphabet="abc <>&\"'", max_size=40))
def test_a_plain_text_says_the_same(text: str) -> None:
    assert plain(text) == " ".join(text.split())


def test_an_object_that_shows_itself_is_the_authors_own() -> None:
    class Figure:
        def _repr_html_(self) -> str:
            return "<svg></svg>"

    assert html_of(Figure()) == inline(Figure()) == "<svg></svg>"
    with pytest.raises(TypeError, match="shows itself as HTML"):
        html_of(3)
