"""What stands at the foot of a page: where to mend it, where to report, where to discuss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from kit.language import ENGLISH, Language, language_of
from kit.model import Course, Discussion, Publishing
from kit.site.model import Page

_EDIT = {"github": "{repository}/edit/{branch}/{path}",
         "gitlab": "{repository}/-/edit/{branch}/{path}",
         "forgejo": "{repository}/_edit/{branch}/{path}"}
_ISSUE = {"github": ("/issues/new", "title", "body"),
          "gitlab": ("/-/issues/new", "issue[title]", "issue[description]"),
          "forgejo": ("/issues/new", "title", "body")}
_HOSTS = (("github", "github"), ("gitlab", "gitlab"), ("codeberg", "forgejo"),
          ("forgejo", "forgejo"), ("gitea", "forgejo"))

_GISCUS = frozenset({"ar", "ca", "de", "en", "es", "eu", "fr", "gl", "he", "it", "ja", "ko", "nl",
                     "pl", "pt", "ro", "ru", "tr", "uk", "vi"})
"""Languages that giscus speaks, and that a tag without a territory names."""

PROVIDERS = {"giscus": "https://giscus.app", "utterances": "https://utteranc.es"}
"""Where a discussion's script and frame come from, once a reader asks for them."""


def feet(course: Course, pages: Sequence[Page]) -> dict[str, list[list[str]]]:
    """The links of each page by docname: pairs of label and address."""
    words, found = language_of(course), {}
    for page in pages:
        links = [[words.say("Edit this page"), edit_address(course.site, page.origin)],
                 [words.say("Report an error"), report_address(course.site, page, words)]]
        found[page.docname] = [pair for pair in links if pair[1]]
    return {docname: links for docname, links in found.items() if links}


def edit_address(site: Publishing, origin: str) -> str:
    """Where a file of the course is edited in its repository; empty where that is not known."""
    kind = _kind(site.repository)
    if not kind or not origin:
        return ""
    path = "/".join(part for part in (site.folder.strip("/"), origin) if part)
    return _EDIT[kind].format(repository=site.repository, branch=quote(site.branch),
                              path=quote(path))


def report_address(site: Publishing, page: Page, words: Language = ENGLISH) -> str:
    """Where an error of a page is reported: a mail, or a new issue with the page named in it.

    An address that is no issue tracker we know is left as it is.
    """
    title = words.say("Error on the page: {title}", title=page.title)
    body = (words.say("The page: {address}", address=page_address(site, page.docname))
            + "\n\n" + words.say("What is wrong:") + " ")
    if site.report and "://" not in site.report:
        return f"mailto:{quote(site.report, safe='@')}?" + urlencode(
            {"subject": title, "body": body.replace("\n", "\r\n")}, quote_via=quote)
    base = site.report or site.repository
    kind = _kind(base)
    if not kind:
        return site.report
    way, first, second = _ISSUE[kind]
    root = base.rstrip("/").removesuffix("/new").removesuffix("/issues").removesuffix("/-")
    return f"{root}{way}?" + urlencode({first: title, second: body}, quote_via=quote)


def page_address(site: Publishing, docname: str) -> str:
    """A page's address on the published site; its path where that is not known."""
    path = "" if docname == "index" else f"{quote(docname)}.html"
    return f"{site.url}/{path}" if site.url else f"{quote(docname)}.html"


def discussion(course: Course) -> dict[str, Any]:
    """What the foot of a lesson needs to show its discussion. Empty where there is none."""
    there = course.site.discussion
    if there is None:
        return {}
    return {"origin": PROVIDERS[there.provider], "provider": there.provider,
            "elsewhere": f"https://github.com/{there.repository}/"
                         f"{'discussions' if there.provider == 'giscus' else 'issues'}",
            "attributes": _attributes(there, language_of(course)),
            "lessons": [one.docname for one in course.lessons]}


def _attributes(there: Discussion, words: Language) -> dict[str, str]:
    if there.provider == "utterances":
        return {"repo": there.repository}
    spoken = words.spoken.partition("-")[0]
    return {"data-repo": there.repository, "data-repo-id": there.repository_id,
            "data-category": there.category, "data-category-id": there.category_id,
            "data-mapping": "specific", "data-strict": "1", "data-reactions-enabled": "0",
            "data-emit-metadata": "0", "data-input-position": "top",
            "data-lang": spoken if spoken in _GISCUS else "en"}


def _kind(address: str) -> str:
    host = (urlsplit(address).hostname or "").casefold()
    return next((kind for name, kind in _HOSTS if name in host), "")
