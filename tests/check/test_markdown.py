"""What Markdown and MyST point to, and what is code and points to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.check.markdown import marks, slug
from kit.check.pages import text_blocks


@pytest.mark.parametrize(("text", "kind", "target"), [
    ("see [here](a.md)", "link", "a.md"),
    ("see [a [b] c](<a.md> \"title\")", "link", "a.md"),
    ("![alt](a.png)", "image", "a.png"),
    ("[one]: a.md 'title'", "link", "a.md"),
    ("<img src='a.png' alt='x'>", "image", "a.png"),
    ('<a class="b" href="a.md">x</a>', "link", "a.md"),
    ("```{figure} a.png\n:alt: x\nCaption\n```", "image", "a.png"),
    (":::{image} a.png\n:::", "image", "a.png"),
    ("{doc}`the page <a>`", "doc", "a"),
    ("{ref}`here`", "label", "here"),
    ("{download}`file <a.csv>`", "link", "a.csv"),
    ("{cite:p}`key`", "cite", "key"),
])
def test_reference_is_seen(text, kind, target):
    (reference,) = marks(text).references
    assert (reference.kind, reference.target, reference.line) == (kind, target, 1)


@pytest.mark.parametrize("text", [
    "`[a](b.md)`", "```\n[a](b.md)\n```", "~~~python\n[a](b.md)\n~~~",
    "```{code-cell} python\nx = '![a](b.png)'\n```", "a[0](1 + 2)  is code `a[0](b)`"[:4],
])
def test_code_points_to_nothing(text):
    assert marks(text).references == ()


def test_alternative_texts():
    text = "![](a.png)\n![Sales rise](b.png)\n```{figure} c.png\n:alt: Costs fall\n```"
    assert [one.alt for one in marks(text).references] == ["", "Sales rise", "Costs fall"]


def test_anchors_and_labels():
    found = marks("(top)=\n# A *big* Title!\n## Same\n## Same\n```{note}\n:name: box\n```\n"
                  "$$ x $$ (eq-one)")
    assert found.anchors == {"a-big-title", "same", "same-1"}
    assert found.labels == {"top", "box", "eq-one"}
    assert slug("The `t`-test: {term}`when <x>`") == "the-t-test-when"


def test_blocks_keep_lines_and_tags():
    text = ("---\na: 1\n---\n# T\n\n```{code-cell} python\n---\ntags: [hide-input, x]\n---\n"
            "a = 1\n```\nmore\n````\n```{code-cell}\nb\n```\n````\n")
    blocks = list(text_blocks(text))
    assert [(b.kind, b.line, b.source.strip().split("\n")[0]) for b in blocks] == [
        ("markdown", 4, "# T"), ("code", 10, "a = 1"), ("markdown", 12, "more")]
    assert blocks[1].tags == {"hide-input", "x"}


@given(st.text(alphabet="`~:{}[]()!#<> \nab-=$\"'", max_size=200))
def test_no_text_is_too_odd(text):
    found = marks(text)
    lines = text.split("\n")
    assert all(1 <= one.line <= len(lines) for one in found.references)
    joined = [line for block in text_blocks(text) for line in block.source.split("\n")]
    assert len(joined) <= len(lines)
