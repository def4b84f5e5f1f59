"""What a line of progress says of rate and time left."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from kit.cli.terminal import live
from kit.model import Progress


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def put(seconds: float) -> None:
        now[0] = seconds

    return put


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [re.sub(r"\s{2,}", " | ", line) for line in capsys.readouterr().err.splitlines()]


def test_what_starts_up_first_does_not_count(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with live("ps1") as tell:
        for done, seconds in ((1, 11), (2, 22), (51, 23), (111, 33)):
            at(seconds)
            tell(Progress(done=done, total=201))
    assert lines(capsys) == [
        "ps1 | 1 of 201",  # of one alone nothing follows
        "ps1 | 2 of 201",  # nor of two
        "ps1 | 111 of 201 | 5.0 a second | 18 s left"]


def test_what_was_done_by_an_earlier_run_is_no_speed(
    at: Callable[[float], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with live("ps1") as tell:
        for done, seconds in ((0, 1), (90_000, 2), (90_100, 12)):
            at(seconds)
            tell(Progress(done=done, total=100_000))
    assert lines(capsys) == ["ps1 | 90,100 of 100,000 | 10.0 a second | 16 min 30 s left"]
