"""A REGION block of a WebVTT file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from vtt_desktop.formats.webvtt_cue import parse_percentage, split_on_spaces

_LONGEST_COUNT = 308  # digits; int() of a megabyte of them would be an attack


@dataclass(frozen=True, slots=True)
class Region:
    """A region with the defaults of WebVTT 3.4. Widths and anchors are percentages, `lines` is a count."""

    id: str = ""
    width: float = 100
    lines: int = 3
    anchor: tuple[float, float] = (0, 100)
    viewport_anchor: tuple[float, float] = (0, 100)
    scroll: Literal["", "up"] = ""


def parse_region(text: str) -> Region:
    """WebVTT 6.2 "collect WebVTT region settings" on the lines after `REGION`: bad ones are ignored."""
    region = Region()
    for word in split_on_spaces(text):
        name, colon, value = word.partition(":")
        if colon and name and value:
            region = parse_region_setting(region, name, value) or region
    return region


def parse_region_setting(region: Region, name: str, value: str) -> Region | None:
    """`region` with one more setting applied, or None where it is to be ignored."""
    if name == "id":
        return replace(region, id=value)
    if name == "width":
        width = parse_percentage(value)
        return None if width is None else replace(region, width=width)
    if name == "lines":
        if not re.fullmatch("[0-9]+", value) or len(value.lstrip("0")) > _LONGEST_COUNT:
            return None
        return replace(region, lines=int(value.lstrip("0") or 0))
    if name in ("regionanchor", "viewportanchor"):
        x_text, _, y_text = value.partition(",")
        x, y = parse_percentage(x_text), parse_percentage(y_text)
        if x is None or y is None:
            return None
        if name == "regionanchor":
            return replace(region, anchor=(x, y))
        return replace(region, viewport_anchor=(x, y))
    if name == "scroll":
        return replace(region, scroll="up") if value == "up" else None
    return None


def find_region(regions: Iterable[Region], identifier: str | None) -> Region | None:
    """WebVTT 6.3: the last region with that identifier."""
    return next((r for r in reversed(tuple(regions)) if r.id == identifier), None) if identifier else None
