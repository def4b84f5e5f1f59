"""Terms of the glossary: where a lesson uses one, its definition comes along."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_USED = re.compile(r'<a class="reference internal" href="([^"]*)#([^"]+)">'
                   r'(?=<span class="xref std std-term">)')
_KNOWN: WeakKeyDictionary[BuildEnvironment, Mapping[str, str]] = WeakKeyDictionary()


def with_definitions(env: BuildEnvironment, pagename: str, body: str) -> str:
    """The page's HTML with the definition beside each term that it uses."""
    if "std-term" not in body:
        return body
    known = definitions(env)

    def marked(used: re.Match[str]) -> str:
        there = posixpath.normpath(posixpath.join(
            posixpath.dirname(pagename), used[1])) if used[1] else f"{pagename}.html"
        text = known.get(f"{there}#{used[2]}", "")
        return f'{used[0][:-1]} data-definition="{html.escape(text)}">' if text else used[0]

    return _USED.sub(marked, body)


def forget(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Read the glossary again: the same environment may live through many builds."""
    del app, docnames
    _KNOWN.pop(env, None)


def definitions(env: BuildEnvironment) -> Mapping[str, str]:
    """The text of each definition, by the address of its term inside the site."""
    if env not in _KNOWN:
        pages = {docname for docname, _ in env.domaindata["std"].get("terms", {}).values()}
        _KNOWN[env] = dict(one for docname in pages for one in _of_page(env, docname))
    return _KNOWN[env]


def _of_page(env: BuildEnvironment, docname: str) -> Iterator[tuple[str, str]]:
    for item in env.get_doctree(docname).findall(nodes.definition_list_item):
        text = " ".join(" ".join(part.astext().split())
                        for part in item.children if isinstance(part, nodes.definition))
        for term in item.children:
            if isinstance(term, nodes.term):
                for name in term["ids"]:
                    yield f"{docname}.html#{name}", text
