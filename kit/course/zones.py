"""What to write instead of a timezone that is none."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from zoneinfo import available_timezones

_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])\s*(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_GENERAL = "name a region and a city, as Europe/Berlin, or UTC"
_NEAR = 0.7


def zone_hint(name: str) -> str:
    """The zones that `name` may mean, or how to write one."""
    offset = _OFFSET.fullmatch(name.strip())
    if offset is not None:
        return f"an offset knows no summer time: {_GENERAL}{_fixed(*offset.groups())}"
    short = re.fullmatch(r"[A-Z]{1,5}", name)  # CEST, PST: of several regions, and no cities
    near = [] if short else nearest_zones(name)
    return f"nearest: {', '.join(near)}" if near else _GENERAL


def nearest_zones(name: str) -> list[str]:
    """Up to three zones of a region and a city that are most like `name`, which may be a city."""
    wanted = _plain(name)
    city = wanted.rsplit("/", 1)[-1]
    scores = {}
    for zone in available_timezones():
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")):
            full = _plain(zone)
            scores[zone] = max(_alike(wanted, full), _alike(city, full.rsplit("/", 1)[-1]))
    ordered = sorted(scores, key=lambda zone: (-scores[zone], zone))
    if ordered and scores[ordered[0]] >= 1:
        return [zone for zone in ordered if scores[zone] >= 1][:3]
    return [zone for zone in ordered[:3] if scores[zone] >= _NEAR]


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _NEAR else 0.0


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _fixed(sign: str, hours: str, minutes: str | None) -> str:
    """The zone of that offset; POSIX, and so its name, counts the other way round."""
    if int(minutes or 0):
        return ""
    zone = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"
    return f"\nfor {sign}{int(hours)} h all year: {zone}" if zone in available_timezones() else ""
