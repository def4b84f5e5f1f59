"""Tests of the checkers: they run in a Python that has nothing installed but pytest."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
