"""A cue moved on the picture: which settings put it there (WebVTT 4.4, 7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from vtt_desktop.domain.cue import settings_by_name, settings_text
from vtt_desktop.ui.rendering.boxes import (
    ANCHOR_SHARE,
    Box,
    Extent,
    bounding,
    computed_position_align,
    largest_size,
    text_share,
)
from vtt_desktop.ui.rendering.ports import Settings

_NOTHING = 0.01  # percent: what lengths of fonts may differ by
MAGNET = 1.0
"""Percent of the picture: within it a hand meant to stay, or the middle."""


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
    magnet: float = MAGNET,
) -> str:
    """The settings for a cue that stands in `boxes` and is to stand `right` and `down` from there.

    `written` are its settings as they are; along an axis that moves by less than `magnet` percent they
    stay. The new line is a whole percentage, or with `by_lines` a number of lines. A cue leaves its
    region: it has a line now.
    """
    words = settings_by_name(written)
    box = bounding(boxes)
    target = _inside(box.moved(right, down), picture)
    still = max(magnet, _NOTHING)
    along, across = right, target.top - box.top
    if settings.vertical:
        along, across = down, target.left - box.left
    whole_along, whole_across = picture.width, picture.height
    if settings.vertical:
        whole_along, whole_across = picture.height, picture.width
    leaves = words.pop("region", None) is not None and settings.region is not None
    if leaves or abs(across) * 100 > still * whole_across:
        words["line"] = (
            _line_number(settings.vertical, boxes, target, picture)
            if by_lines
            else _line_percent(settings, target, picture, words.get("line", ""))
        )
    if leaves or abs(along) * 100 > still * whole_along:
        words["position"] = _position(settings, lines, box, picture, along, words.get("position", ""), magnet)
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
    _, comma, align = written.partition(",")
    return f"{min(max(round(100 * percent), 0), 100)}%{comma}{align}"


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
    settings: Settings,
    lines: Sequence[Extent],
    box: Box,
    picture: Box,
    along: float,
    written: str,
    magnet: float,
) -> str:
    """The whole percentage at which the longest line begins nearest to where it is wanted, among those that
    leave it its room: how the words follow the position depends on size and alignment."""
    whole = picture.height if settings.vertical else picture.width
    longest = max(lines, key=lambda line: line.length)
    anchor = ANCHOR_SHARE[computed_position_align(settings, lines[0].rtl)]
    wanted = (box.top if settings.vertical else box.left) + along
    wanted = min(max(wanted, 0.0), whole - longest.length)
    if abs(wanted + longest.length / 2 - whole / 2) < magnet / 100 * whole:
        wanted = (whole - longest.length) / 2

    def begins(position: int, anchor: float) -> tuple[bool, float]:
        size = min(settings.size, largest_size(position, anchor))
        room = whole * size / 100
        start = whole * (position - size * anchor) / 100
        share = text_share(settings.align, longest.rtl)
        return room + 0.01 < longest.length, abs(start + (room - longest.length) * share - wanted)

    _, comma, align = written.partition(",")
    best = min(range(101), key=lambda position: begins(position, anchor))
    if begins(best, anchor) > (False, whole * MAGNET / 100):
        # With this alignment the words cannot get there: the one that can is written down.
        for other in ("center", "line-left", "line-right"):
            share = ANCHOR_SHARE[other]
            found = min(range(101), key=lambda position: begins(position, share))
            if begins(found, share) < begins(best, anchor):
                best, anchor, comma, align = found, share, ",", other
    return f"{best}%{comma}{align}"
