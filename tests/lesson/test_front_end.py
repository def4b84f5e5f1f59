"""The front-end modules of all components, as JupyterLab loads them and as a page does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kit.lesson.component import FRONTEND, host_script, kinds, notebook_script, page_script, style

KINDS = kinds()


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_notebook_loads_it_as_one_module(kind: str, page: Any) -> None:
    loaded = page.evaluate(
        "async (text) => { const url = URL.createObjectURL(new Blob([text], "
        "{type: 'text/javascript'})); return typeof (await import(url)).default.render; }",
        notebook_script(kind))
    assert loaded == "function"


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_registers_it(kind: str, page: Any) -> None:
    page.goto("about:blank")
    page.add_script_tag(content=host_script())
    page.add_script_tag(content=page_script(kind))
    assert page.evaluate(f"typeof window.courseParts.{kind}.render") == "function"


@pytest.mark.parametrize("kind", KINDS)
def test_it_imports_shared_modules_alone_and_brings_nothing_from_elsewhere(kind: str) -> None:
    text = Path(FRONTEND / f"{kind}.js").read_text(encoding="utf-8")
    assert re.findall(r"^import .*", text, re.MULTILINE) == re.findall(
        r"^import \{[^}]*\} from '\./(?:shared|charts)\.js';$", text, re.MULTILINE)
    assert not re.findall(r"https?://(?!www\.w3\.org)|\beval\b|new Function", text)


@pytest.mark.parametrize("kind", KINDS)
def test_its_style_concerns_itself_alone(kind: str) -> None:
    own = style(kind).removeprefix(style())
    own = re.sub(r"/\*.*?\*/", "", own, flags=re.DOTALL)
    own = re.sub(r"@keyframes[^{]*\{(?:[^{}]*\{[^}]*\})*[^}]*\}", "", own)
    heads = re.findall(r"(?:^|[{}])\s*([^{}@;]+)\{", own)
    parts = [one.strip() for head in heads for one in re.split(r",(?![^(]*\))", head)]
    assert not [one for one in parts
                if f'[data-part="{kind}"]' not in one and not one.startswith(f".cp-{kind}")]
