"""nbgrader's `timestamp.txt`: one moment, with a zone by name or by offset."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TIMESTAMP_FORMAT = "%Y-%m-%d %H:%M:%S.%f %Z"
"""nbgrader's, in `timestamp.txt` and in the exchange; the kit writes UTC."""


def nbgrader_stamp(moment: datetime) -> str:
    """The line of `timestamp.txt`."""
    return moment.astimezone(UTC).strftime(TIMESTAMP_FORMAT)


def parse_nbgrader(text: str) -> datetime | None:
    """What nbgrader reads from `timestamp.txt`: a time, and a zone by name or offset (or UTC)."""
    parts = text.strip().split(" ")
    zone: tzinfo = UTC
    if len(parts) == 3:
        found = _zone(parts[2])
        if found is None:
            return None
        zone = found
        parts = parts[:2]
    try:
        moment = datetime.fromisoformat(" ".join(parts))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _zone(name: str) -> tzinfo | None:
    if name in ("UTC", "Z", "GMT"):
        return UTC
    offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
