"""constraints.txt pins what CI installs: every dependency, no address, not the project itself."""

from __future__ import annotations

import re
import tomllib

import doc_pages as pages

LINES = (pages.REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
PROJECT = tomllib.loads((pages.REPOSITORY / "pyproject.toml").read_text())["project"]


def canonical(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_each_line_is_a_pin_and_nothing_else() -> None:
    assert all(re.match(r"[\w.-]+==[\w.]+( ; .+)?$", line) for line in LINES)


def test_every_dependency_is_pinned() -> None:
    pinned = {canonical(line) for line in LINES}
    extras = PROJECT["optional-dependencies"]
    wanted = {canonical(one) for one in (*PROJECT["dependencies"], *extras["author"],
                                         *extras["test"])} - {"coursewright"}
    assert wanted <= pinned
    assert "coursewright" not in pinned
