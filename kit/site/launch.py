"""Where a published notebook is opened: the addresses of links to a hub and to Colab.

Pure functions of what `course.yml` says of its site; each gives "" where nothing is configured.
`path` is a file's path in the published folder, with slashes, as `kit publish` writes it.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from kit.language import ENGLISH, Language
from kit.model import Publishing

_COLAB = "https://colab.research.google.com/github"


def hub_address(site: Publishing, path: str) -> str:
    """The link by which a hub's nbgitpuller fetches the repository and opens the notebook.

    The address inside the hub is quoted by itself, and again as a part of the link.
    """
    repository = repository_of(site)
    if not (site.hub and repository):
        return ""
    clone = repository.rpartition("/")[2]
    query = urlencode({
        "repo": repository, "branch": site.branch,
        "urlpath": f"lab/tree/{quote(f'{clone}/{in_repository(site, path)}')}",
    }, quote_via=quote, safe="")
    return f"{site.hub.rstrip('/').removesuffix('/hub')}/hub/user-redirect/git-pull?{query}"


def colab_address(site: Publishing, path: str) -> str:
    """The link by which Colab opens the notebook from GitHub."""
    if not site.colab:
        return ""
    name = urlsplit(repository_of(site)).path.strip("/")
    return (f"{_COLAB}/{quote(name)}/blob/{quote(site.branch, safe='')}/"
            f"{quote(in_repository(site, path))}")


def repository_of(site: Publishing) -> str:
    """The repository's address without what hosts take as well: a last slash, `.git`."""
    return site.repository.rstrip("/").removesuffix(".git")


def in_repository(site: Publishing, path: str) -> str:
    """The path from the repository's root of a file of the published folder."""
    folder = site.folder.strip("/")
    return f"{folder}/{path}" if folder else path


def launches(
    site: Publishing, path: str, words: Language = ENGLISH
) -> tuple[tuple[str, str], ...]:
    """(label, address) of each place where the notebook can be opened."""
    known = ((words.say("Open on the hub"), hub_address(site, path)),
             (words.say("Open in Colab"), colab_address(site, path)))
    return tuple((label, address) for label, address in known if address)
