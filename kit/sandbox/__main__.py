"""Starts the warm process: `python -P -m kit.sandbox MODE FD PACKAGE...`, see `zygote.py`."""

from __future__ import annotations

import sys

from kit.sandbox.pages import make_room


def main() -> int:
    """Make room for all that is imported, and be the warm process."""
    room = make_room() if sys.argv[1:2] == ["fork"] else []
    from kit.sandbox import zygote

    return zygote.main(sys.argv[1:], room)


if __name__ == "__main__":
    sys.exit(main())
