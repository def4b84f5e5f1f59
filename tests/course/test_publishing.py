"""What course.yml says of its site: read, and refused where it cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.course.load import parse_course
from kit.errors import CourseError
from kit.model import Discussion, Publishing


def _course(more: str = ""):
    return parse_course(f"id: c\ntitle: C\n{more}", Path("/nowhere"))


def test_a_course_that_says_nothing_is_not_published() -> None:
    course = _course()
    assert course.site == Publishing()
    assert course.effort == ""


def test_all_of_it_is_read() -> None:
    course = _course(
        "effort: 2 hours a week\n"
        "assignments: [{name: ps1, selfstudy: after_due}, {name: ps2}]\n"
        "site:\n  url: https://example.org/c/\n  repository: https://github.com/org/c/\n"
        "  branch: pages\n  folder: book\n  hub: https://hub.example.org\n  colab: true\n"
        "  accent: '#0b5fa5'\n  logo: logo.svg\n  report: help@example.org\n"
        "  discussion: {provider: utterances, repository: org/c}\n")
    assert course.site == Publishing(
        url="https://example.org/c", repository="https://github.com/org/c", branch="pages",
        folder="book", hub="https://hub.example.org", colab=True, accent="#0b5fa5",
        logo="logo.svg", report="help@example.org",
        discussion=Discussion(provider="utterances", repository="org/c"))
    assert [one.selfstudy for one in course.assignments] == ["after_due", "never"]
    assert course.effort == "2 hours a week"


@pytest.mark.parametrize(("said", "message"), [
    ("site: {url: example.org}", "site.url is an address"),
    ("site: {hub: 'javascript:alert(1)'}", "site.hub is an address"),
    ("site: {folder: ../x}", "site.folder is a path"),
    ("site: {folder: /x}", "site.folder is a path"),
    ("site: {branch: '--force'}", "site.branch is a branch's name"),
    ("site: {report: 'javascript:alert(1)'}", "site.report is an address"),
    ("site: {report: 'a@b.org?bcc=c@d.org'}", "site.report is an address"),
    ("site: {accent: blue}", "site.accent is a colour"),
    ("site: {colab: true}", "site.colab needs site.repository"),
    ("site: {discussion: {provider: giscus, repository: o/n}}", "repository_id and category_id"),
    ("site: {discussion: {provider: utterances, repository: name}}", "owner/name"),
    ("site: {discussion: {provider: disqus, repository: o/n}}", "giscus"),
    ("site: {adress: x}", "no key is named 'adress'"),
    ("assignments: [{name: ps1, selfstudy: later}]", "after_due"),
])
def test_what_cannot_be_meant_is_told(said: str, message: str) -> None:
    with pytest.raises(CourseError) as caught:
        _course(said)
    assert message in str(caught.value)
