"""A cue moved on the picture: which settings put it there (WebVTT 4.4, 7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

from vtt_desktop.domain.cue import settings_by_name, settings_text
from vtt_desktop.ui.rendering.boxes import (
    Box,
    Extent,
    bounding,
    computed_position,
    computed_position_align,
)
from vtt_desktop.ui.rendering.ports import Settings

_MAGNET = 1.0  # percent of the picture: within it a hand meant to stay, or the middle


def moved(
    written: str,
    settings: Settings,
    lines: Sequence[Extent],
    boxes: Sequence[Box],
    picture: Box,
    right: float,
    down: float,
    *,
    by_lines: bool,
) -> str:
    """The settings for a cue that stands in `boxes` and is to stand `right` and `down` from there.

    `written` are its settings as they are; what does not change is left as written. The new line is a
    whole percentage, or with `by_lines` a number of lines. A cue leaves its region: it has a line now.
    """
    words = settings_by_name(written)
    box = bounding(boxes)
    along, across = (down, right) if settings.vertical else (right, down)
    whole_along, whole_across = picture.width, picture.height
    if settings.vertical:
        whole_along, whole_across = picture.height, picture.width
    leaves = words.pop("region", None) is not None and settings.region is not None
    if leaves or abs(across) * 100 >= _MAGNET * whole_across:
        target = _inside(box.moved(right, down), picture)
        words["line"] = (
            _line_number(settings.vertical, boxes, target, picture)
            if by_lines
            else _line_percent(settings, target, picture, words.get("line", ""))
        )
    if leaves or abs(along) * 100 >= _MAGNET * whole_along:
        words["position"] = _position(settings, lines, box, picture, along, words.get("position", ""))
    return settings_text(words)


def _inside(box: Box, picture: Box) -> Box:
    left = max(picture.left, min(box.left, picture.right - box.width))
    return box._replace(left=left, top=max(picture.top, min(box.top, picture.bottom - box.height)))


def _line_percent(settings: Settings, target: Box, picture: Box, written: str) -> str:
    share = {"center": 0.5, "end": 1.0}.get(settings.line_align, 0.0)
    if settings.vertical:
        percent = (target.left + share * target.width) / picture.width
    else:
        percent = (target.top + share * target.height) / picture.height
    # Outwards at neither edge: a percentage too much would push the cue over it and back again.
    edge = ceil if percent * 100 < _MAGNET else floor
    rounded = edge(percent * 100) if percent * 100 > 100 - _MAGNET or percent < 0.01 else round(percent * 100)
    _, comma, align = written.partition(",")
    return f"{min(max(rounded, 0), 100)}%{comma}{align}"


def _line_number(vertical: str, boxes: Sequence[Box], target: Box, picture: Box) -> str:
    """Counted from the nearer edge, so that the cue stays at it on another picture."""
    if not vertical:
        step, first, whole = boxes[0].height, target.top, picture.height
        near = target.top + target.height / 2 < picture.height / 2
    else:
        step, whole = boxes[0].width, picture.width
        near = target.left + target.width / 2 < picture.width / 2
        first = target.left if vertical == "lr" else target.right - step
    if vertical == "rl":  # WebVTT 7.2: lines are counted from the right
        number = round(first / step)
        return str(-number - 1) if near else str(max(0, round((whole - step - first) / step)))
    return str(round(first / step)) if near else str(-max(1, round((whole - first) / step)))


def _position(
    settings: Settings, lines: Sequence[Extent], box: Box, picture: Box, along: float, written: str
) -> str:
    """The nearest whole percentage at which the words still have the room that they have now."""
    whole = picture.height if settings.vertical else picture.width
    share = {"line-left": 0.0, "center": 0.5, "line-right": 1.0}[
        computed_position_align(settings, lines[0].rtl)
    ]
    position = computed_position(settings)
    if settings.region is not None:  # its position was that in the region
        start, length = (box.top, box.height) if settings.vertical else (box.left, box.width)
        position = 100 * (start + share * length) / whole
    needed = settings.size if settings.size < 100 else 100 * max(line.length for line in lines) / whole
    least, most = ceil(needed * share), floor(100 - needed * (1 - share))
    wanted = position + 100 * along / whole
    if share == 0.5 and abs(wanted - 50) < _MAGNET:
        wanted = 50
    if least <= most:
        wanted = min(max(wanted, least), most)
    _, comma, align = written.partition(",")
    return f"{min(max(round(wanted), 0), 100)}%{comma}{align}"
