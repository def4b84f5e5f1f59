"""Where a page is mended, and where its errors are reported."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from kit.model import Publishing
from kit.site.model import Page
from kit.site.pages.foot import edit_address, report_address

PAGE = Page(docname="lessons/two words", title="Ä & B?", origin="lessons/two words.md")


@pytest.mark.parametrize(("repository", "folder", "address"), [
    ("https://github.com/o/r", "", "https://github.com/o/r/edit/main/lessons/two%20words.md"),
    ("https://github.com/o/r", "book/", "https://github.com/o/r/edit/main/book/lessons/two%20words.md"),
    ("https://gitlab.example.edu/g/s/r", "",
     "https://gitlab.example.edu/g/s/r/-/edit/main/lessons/two%20words.md"),
    ("https://codeberg.org/o/r", "", "https://codeberg.org/o/r/_edit/main/lessons/two%20words.md"),
    ("https://code.example.org/o/r", "", ""), ("", "", "")])
def test_an_edit_leads_to_the_file(repository: str, folder: str, address: str) -> None:
    site = Publishing(repository=repository, folder=folder)
    assert edit_address(site, PAGE.origin) == address
    assert edit_address(site, "") == ""


@pytest.mark.parametrize(("site", "start", "title", "body"), [
    (Publishing(repository="https://github.com/o/r", url="https://o.example/c"),
     "https://github.com/o/r/issues/new", "title", "body"),
    (Publishing(report="https://github.com/o/other/issues", url="https://o.example/c"),
     "https://github.com/o/other/issues/new", "title", "body"),
    (Publishing(report="https://gitlab.com/o/r/-/issues/new", url="https://o.example/c"),
     "https://gitlab.com/o/r/-/issues/new", "issue[title]", "issue[description]"),
    (Publishing(report="errors@example.org", url="https://o.example/c"),
     "mailto:errors@example.org", "subject", "body")])
def test_a_report_names_the_page(site: Publishing, start: str, title: str, body: str) -> None:
    address = report_address(site, PAGE)
    assert address.split("?")[0] == start
    assert "+" not in address  # a mail program would show it
    asked = parse_qs(urlsplit(address).query)
    assert asked[title] == ["Error on the page: Ä & B?"]
    assert "https://o.example/c/lessons/two%20words.html" in asked[body][0]


def test_without_an_address_of_the_site_a_report_names_the_path() -> None:
    address = report_address(Publishing(report="errors@example.org"), PAGE)
    assert "lessons%2Ftwo%2520words.html" in address


def test_a_form_that_we_do_not_know_is_left_as_it_is() -> None:
    assert report_address(Publishing(report="https://example.org/form?x=1"), PAGE) == (
        "https://example.org/form?x=1")
    assert report_address(Publishing(repository="https://code.example.org/o/r"), PAGE) == ""
