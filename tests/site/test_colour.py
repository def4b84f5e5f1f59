"""The course's colour: kept where it can be read, else the nearest tone that can."""

from __future__ import annotations

from colorsys import rgb_to_hls

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.site.colour import DARK, LEAST, LIGHT, accent_of, contrast, least_contrast


@pytest.mark.parametrize(("one", "other", "ratio"), [
    ("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b5fa5", "#fdfdfb", 6.45),
    ("#ffffff", "#ffffff", 1)])
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)
    assert contrast(one, other) == contrast(other, one)


def test_what_can_be_read_stays_and_what_cannot_keeps_its_hue() -> None:
    assert accent_of("#0B5FA5").light == "#0b5fa5"
    assert accent_of("#7ab8f0").dark == "#7ab8f0"
    yellow = accent_of("#ffcc00")
    assert (yellow.light, yellow.dark) != ("#ffcc00", "#ffcc00")
    assert yellow.dark == "#ffcc00"
    assert hue(yellow.light) == pytest.approx(hue("#ffcc00"), abs=0.02)


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_has_a_tone_for_either_theme(number: int) -> None:
    made = accent_of(f"#{number:06x}")
    assert least_contrast(made.light, LIGHT) >= LEAST
    assert least_contrast(made.dark, DARK) >= LEAST


def hue(colour: str) -> float:
    return rgb_to_hls(*(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)))[0]
