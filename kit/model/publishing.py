"""Where a course is published, and what its pages link to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_MAIL = re.compile(r"[^\s\"'<>@/:?&]+@[^\s\"'<>@/:?&]+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """A place for readers at the foot of each lesson, kept by a public repository.

    `repository` is `owner/name`. giscus also needs the ids that its own page gives.
    """

    provider: Literal["giscus", "utterances"]
    repository: str
    repository_id: str = ""
    category: str = ""
    category_id: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.repository):
            raise ValueError("discussion.repository is written as owner/name")
        if self.provider == "giscus" and not (self.repository_id and self.category_id):
            raise ValueError("discussion with giscus needs repository_id and category_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """Where the site and the public files are, and how pages look. Empty: not published.

    `url` is the site's address, `repository` the address of the public repository that
    `kit publish` fills, `branch` and `folder` the place in it. `hub` is the address of a
    JupyterHub that opens notebooks by nbgitpuller. `report` is an address (or a mail address)
    for errors, the repository's issues otherwise. `accent` is a colour such as `#0b5fa5`,
    `logo` a file of the course, `paper` the size of the printed book's sheets.
    """

    url: str = ""
    repository: str = ""
    branch: str = "main"
    folder: str = ""
    hub: str = ""
    colab: bool = False
    report: str = ""
    accent: str = ""
    logo: str = ""
    paper: Literal["a4", "letter"] = "a4"
    discussion: Discussion | None = None

    def __post_init__(self) -> None:
        for name in ("url", "repository", "hub"):
            value = getattr(self, name)
            if value and not _ADDRESS.fullmatch(value):
                raise ValueError(f"site.{name} is an address that begins with https://")
        if not re.fullmatch(r"[\w.][\w./-]*", self.branch):
            raise ValueError("site.branch is a branch's name, such as main")
        if self.folder.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", self.folder):
            raise ValueError("site.folder is a path from the repository's root, such as book")
        if self.report and not (_ADDRESS.fullmatch(self.report) or _MAIL.fullmatch(self.report)):
            raise ValueError("site.report is an address that begins with https://, or a mail "
                             "address")
        if self.accent and not _COLOUR.fullmatch(self.accent):
            raise ValueError("site.accent is a colour of six digits, for example '#0b5fa5'")
        if self.colab and not self.repository.startswith("https://github.com/"):
            raise ValueError("site.colab needs site.repository on GitHub: Colab opens no other")


NOWHERE = Publishing()
"""Of a course that is not published."""
