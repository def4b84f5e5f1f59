"""Starts the warm process: `python -P -m kit.sandbox MODE FD PACKAGE...`, see `zygote.py`."""

from __future__ import annotations

import sys

from kit.sandbox.forks import spared
from kit.sandbox.pages import make_room


def main() -> int:
    """Make room for all that is imported, and be the warm process."""
    if sys.argv[1:2] != ["fork"]:
        from kit.sandbox.zygote import once

        return once(sys.argv[2:])
    room = make_room()
    with spared():
        from kit.sandbox import zygote
        from kit.sandbox.warming import warm_up

        warm = warm_up(sys.argv[3:], room)
    return zygote.main(int(sys.argv[2]), warm)


if __name__ == "__main__":
    sys.exit(main())
