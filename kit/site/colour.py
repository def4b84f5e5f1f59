"""The course's own colour: as it is where text in it can be read, else a tone of it that can."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

LEAST = 4.5
"""The least contrast of text and ground, after WCAG 2 level AA."""

LIGHT = ("#fdfdfb", "#f5f4ef")
"""The grounds of light pages: the page, and what is set into it (code)."""

DARK = ("#14181c", "#1a1f24")
"""The grounds of dark pages."""

_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Accent:
    """The accent of light and of dark pages."""

    light: str
    dark: str


def accent_of(colour: str) -> Accent:
    """The colour, or the nearest tone of its hue that can be read, for either theme."""
    return Accent(light=_readable(colour, LIGHT, darker=True),
                  dark=_readable(colour, DARK, darker=False))


def contrast(one: str, other: str) -> float:
    """How far two colours (`#rrggbb`) stand apart: 1, the same, to 21, black on white."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def least_contrast(colour: str, grounds: tuple[str, ...]) -> float:
    """The contrast with the ground on which the colour is hardest to read."""
    return min(contrast(colour, ground) for ground in grounds)


def _readable(colour: str, grounds: tuple[str, ...], *, darker: bool) -> str:
    hue, lightness, saturation = rgb_to_hls(*_parts(colour))
    for step in range(_STEPS + 1):
        part = step / _STEPS
        tone = lightness * (1 - part) if darker else lightness + (1 - lightness) * part
        made = colour if step == 0 else _hex(*hls_to_rgb(hue, tone, saturation))
        if least_contrast(made, grounds) >= LEAST:
            return made.lower()
    raise AssertionError("black and white can be read on these grounds")


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
