"""Addresses of links to a hub and to Colab, whatever a file is called."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.model import Publishing
from kit.site.launch import colab_address, hub_address, launches

SITE = Publishing(repository="https://github.com/org/our-course", branch="main", folder="book",
                  hub="https://hub.example.org", colab=True)
NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/"),
                min_size=1).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
SAFE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~%:/?=&")


@given(PATHS)
def test_a_hub_gets_the_very_file_that_is_meant(path: str) -> None:
    address = hub_address(SITE, path)
    parts = urlsplit(address)
    query = parse_qs(parts.query, strict_parsing=True)
    assert (parts.netloc, parts.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert set(query) == {"repo", "branch", "urlpath"}
    assert query["repo"] == ["https://github.com/org/our-course"]
    # What nbgitpuller decodes once is an address inside the hub, which is decoded once more.
    inside = urlsplit(query["urlpath"][0])
    assert (inside.query, inside.fragment) == ("", "")
    assert unquote(inside.path) == f"lab/tree/our-course/book/{path}"
    assert set(address) <= SAFE


@given(PATHS)
def test_colab_gets_the_very_file_that_is_meant(path: str) -> None:
    address = colab_address(SITE, path)
    parts = urlsplit(address)
    assert parts.netloc == "colab.research.google.com"
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote(parts.path) == f"/github/org/our-course/blob/main/book/{path}"
    assert set(address) <= SAFE


@pytest.mark.parametrize(("name", "quoted"), [
    ("lessons/Über uns.ipynb", "lessons/%C3%9Cber%20uns.ipynb"),
    ("a&b=c#d?e.ipynb", "a%26b%3Dc%23d%3Fe.ipynb"), ("100%.ipynb", "100%25.ipynb")])
def test_spaces_signs_and_unicode_are_quoted(name: str, quoted: str) -> None:
    assert colab_address(SITE, name).endswith(f"/blob/main/book/{quoted}")
    twice = f"our-course/book/{quoted}".replace("%", "%25").replace("/", "%2F")
    assert hub_address(SITE, name).endswith(f"&urlpath=lab%2Ftree%2F{twice}")


def test_what_is_not_configured_has_no_link() -> None:
    assert launches(Publishing(), "x.ipynb") == ()
    hub = Publishing(repository="https://git.example.org/c.git", hub="https://h.example.org/hub/")
    ((label, address),) = launches(hub, "x.ipynb")
    assert label == "Open on the hub"
    assert address == ("https://h.example.org/hub/user-redirect/git-pull?"
                       "repo=https%3A%2F%2Fgit.example.org%2Fc&branch=main"
                       "&urlpath=lab%2Ftree%2Fc%2Fx.ipynb")
    assert hub_address(Publishing(hub="https://h.example.org"), "x.ipynb") == ""
    assert [label for label, _ in launches(SITE, "x.ipynb")] == ["Open on the hub",
                                                                "Open in Colab"]
