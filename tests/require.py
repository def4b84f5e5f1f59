"""What a test needs beyond pip: without it a contributor gets a skip that says what to install.

CI sets KIT_TEST_REQUIRE=all, under which each such skip is a failure.
"""

from __future__ import annotations

import os

import pytest


def need(there: object, reason: str) -> None:
    """Go on when `there` is true; else skip with the reason, or fail where all is required."""
    if there:
        return
    if os.environ.get("KIT_TEST_REQUIRE") == "all":
        pytest.fail(f"required here: {reason}", pytrace=False)
    pytest.skip(reason)
