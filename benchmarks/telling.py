"""How a benchmark is asked and how it answers: `--quick`, `--json`, a figure a line."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping


def parser(doc: str | None, quick: str) -> argparse.ArgumentParser:
    """Options of every benchmark; `quick` says what `--quick` leaves out."""
    made = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    made.add_argument("--quick", action="store_true", help=quick)
    made.add_argument("--json", action="store_true", help="one object, a figure a key")
    return made


def tell(figures: Mapping[str, float], *, as_json: bool) -> None:
    """Print the figures; for people, with the machine they were measured on."""
    if as_json:
        print(json.dumps({name: float(f"{value:.4g}") for name, value in figures.items()}))
        return
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
          f"Python {platform.python_version()}")
    width = max(map(len, figures), default=0)
    for name, value in figures.items():
        print(f"{name:<{width}} {value:12.4g}")
