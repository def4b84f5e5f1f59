"""Course -> site: lessons executed and cached, homework as released, pages without a network.

`build` writes `_build/html`, `print_book` the PDF of it; `serve` shows it on this machine,
`live_server` while its author changes it; `derive_book_config` writes the files that stock
Jupyter Book needs. Modules are imported when a name of theirs is first asked for: a build that
finds nothing changed needs next to none of them.
"""

from typing import TYPE_CHECKING

from kit.later import later

if TYPE_CHECKING:
    from kit.site.book import derive_book_config
    from kit.site.building import build, is_stale
    from kit.site.live import Live, live_server
    from kit.site.model import Printed, Site
    from kit.site.pdf.printing import print_book
    from kit.site.serving import serve, server
    from kit.site.stamp import unchanged
    from kit.site.warmth import Warm, warm
    from kit.site.watch import changes
else:
    __getattr__ = later(__name__, {
        "Live": "live",
        "Printed": "model",
        "Site": "model",
        "Warm": "warmth",
        "build": "building",
        "changes": "watch",
        "derive_book_config": "book",
        "is_stale": "building",
        "live_server": "live",
        "print_book": "pdf.printing",
        "serve": "serving",
        "server": "serving",
        "unchanged": "stamp",
        "warm": "warmth",
    })

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
