"""Times as WebVTT writes them; everywhere else they are whole milliseconds."""

from __future__ import annotations

import re

# WebVTT 4.1 "WebVTT timestamp": hours optional and unbounded, minutes and seconds 00-59, three decimals.
_STRICT = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})", re.ASCII)
# What a person types: `1:02.5`, `62,5`, `0:00:01`, `1:2:3.04`.
_LOOSE = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+)(?:[.,](\d{1,3})\d*)?", re.ASCII)
_LONGEST_HOURS = (
    12  # digits; a number longer than that is a mistake, and int() of a megabyte of digits an attack
)


def format_time(ms: int, *, hours: bool = True) -> str:
    """`3723004` → `01:02:03.004`; with `hours=False` they are left out where they are nought."""
    sign = "-" if ms < 0 else ""
    seconds, millis = divmod(abs(ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hour, minutes = divmod(minutes, 60)
    short = f"{minutes:02d}:{seconds:02d}.{millis:03d}"
    return f"{sign}{hour:02d}:{short}" if hours or hour else sign + short


def parse_time(text: str) -> int | None:
    """Milliseconds of a WebVTT timestamp as the grammar has it (WebVTT 4.1), else None."""
    found = _STRICT.fullmatch(text)
    if not found or len(found[1] or "") > _LONGEST_HOURS:
        return None
    return ((int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])) * 1000 + int(found[4])


def parse_typed_time(text: str) -> int | None:
    """Milliseconds of a time as a person types it (`1:2.5` is 62.5 s), else None."""
    found = _LOOSE.fullmatch(text.strip())
    if not found or any(len(part or "") > _LONGEST_HOURS for part in found.groups()):
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    return ((hour * 60 + minute) * 60 + second) * 1000 + int((found[4] or "0").ljust(3, "0"))


def format_duration(ms: int) -> str:
    """Seconds with three decimals: `2.500`."""
    return f"{ms / 1000:.3f}"
