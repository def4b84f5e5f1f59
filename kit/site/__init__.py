"""Course -> site: lessons executed and cached, homework as released, pages without a network.

`build` writes `_build/html`; `serve` shows it on this machine; `derive_book_config` writes the
two files that stock Jupyter Book needs.
"""

from kit.site.book import derive_book_config
from kit.site.build import build, is_stale
from kit.site.model import Site
from kit.site.press import Press
from kit.site.serve import serve, server
from kit.site.stamp import unchanged

__all__ = [
    "Press",
    "Site",
    "build",
    "derive_book_config",
    "is_stale",
    "serve",
    "server",
    "unchanged",
]
