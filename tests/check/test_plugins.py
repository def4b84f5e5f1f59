"""A check of somebody else's is found by its entry point and works as ours do."""

from __future__ import annotations

import re

import pytest

from kit.check import check, checks, found, registry
from kit.errors import KitError


@check("W901", "a title shouts")
def shouting(context):
    """Capitals are harder to read."""
    for page in context.pages:
        if any(block.source.startswith("# FIRST") for block in page.blocks):
            yield found("W901", page.path, "the title is in capitals", hint="write # First")


PLUGIN = """\
from kit.check import check, found


@check("W902", "a file is too long")
def long_page(context):
    '''Split it.'''
    for page in context.pages:
        yield found("W902", page.path, "the page is long")
"""


@pytest.fixture
def fresh():
    checks.cache_clear()
    yield
    checks.cache_clear()


def test_an_installed_plugin_is_asked(folder, fresh, tmp_path_factory, monkeypatch):
    site = tmp_path_factory.mktemp("site")
    (site / "long_pages.py").write_text(PLUGIN, encoding="utf-8")
    info = site / "long_pages-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: long-pages\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kit.checks]\nlong = long_pages:long_page\n")
    monkeypatch.syspath_prepend(site)
    assert [finding.code for finding in folder.check()] == ["W902", "W902"]


def test_what_is_no_check_is_refused():
    with pytest.raises(KitError, match="is none"):
        registry._as_checks("odd", [print])


def test_a_check_is_a_function_with_code_and_explanation():
    assert (shouting.code, shouting.severity.value) == ("W901", "warning")
    assert shouting.explanation == "Capitals are harder to read."


def test_codes_are_unique_and_every_check_explains_itself():
    numbers = [one.code[1:] for one in checks()]
    assert len(numbers) == len(set(numbers))
    for one in checks():
        assert re.fullmatch(r"[EW]\d{3}", one.code)
        assert len(one.explanation) > 40, one.code
