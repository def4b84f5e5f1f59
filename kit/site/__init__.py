"""Course -> site: lessons executed and cached, homework as released, pages without a network.

`build` writes `_build/html`, `print_book` the PDF of it; `serve` shows it on this machine,
`live_server` while its author changes it; `derive_book_config` writes the files that stock
Jupyter Book needs.
"""

from kit.site.book import derive_book_config
from kit.site.build import build, is_stale
from kit.site.live import Live, live_server
from kit.site.model import Printed, Site
from kit.site.pdf import print_book
from kit.site.serve import serve, server
from kit.site.stamp import unchanged
from kit.site.warm import Warm, warm
from kit.site.watch import changes

__all__ = [
    "Live",
    "Printed",
    "Site",
    "Warm",
    "build",
    "changes",
    "derive_book_config",
    "is_stale",
    "live_server",
    "print_book",
    "serve",
    "server",
    "unchanged",
    "warm",
]
