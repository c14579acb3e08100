"""Where the lines of a cue go: the steps of WebVTT 7.2 and 3.1, on plain numbers, without a font.

Lengths are in the units of the picture they are placed on. `inline` is along a line of text, `block`
across lines: for vertical cues the one is down and the other is sideways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, hypot
from typing import NamedTuple, Protocol

from vtt_desktop.ui.rendering.ports import Region, Settings

_NOTHING = 1e-3  # lengths are sums of floats: less than this is no overlap and not outside
ANCHOR_SHARE = {"line-left": 0.0, "center": 0.5, "line-right": 1.0}
"""How much of a cue box lies before its position."""
REGION_LINE = 6.0
"""WebVTT 7.1: the height of a line of a region, in vh."""


class Box(NamedTuple):
    """A rectangle of the picture."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def moved(self, x: float, y: float) -> Box:
        return Box(self.left + x, self.top + y, self.width, self.height)

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right - _NOTHING
            and other.left < self.right - _NOTHING
            and self.top < other.bottom - _NOTHING
            and other.top < self.bottom - _NOTHING
        )

    def within(self, other: Box) -> bool:
        return (
            self.left >= other.left - _NOTHING
            and self.right <= other.right + _NOTHING
            and self.top >= other.top - _NOTHING
            and self.bottom <= other.bottom + _NOTHING
        )


class Placed(NamedTuple):
    """Where a cue stands: a box a line, and the box of all of it, which is as long as its size says. By that
    one cues keep off each other (WebVTT 7.2 step 10, "boxes"), as browsers have it."""

    lines: list[Box]
    whole: Box


class Extent(Protocol):
    """A line that was broken: how long it is, how high, and which way its paragraph reads."""

    @property
    def length(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def rtl(self) -> bool: ...


def bounding(boxes: Iterable[Box]) -> Box:
    """The box around all; there must be one."""
    lefts, tops, rights, bottoms = zip(*((b.left, b.top, b.right, b.bottom) for b in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights) - min(lefts), max(bottoms) - min(tops))


def computed_line(settings: Settings, tracks_before: int = 0) -> float:
    """WebVTT 3.1 "computed line": a line number or a percentage."""
    if isinstance(settings.line, (int, float)):
        outside = not settings.snap_to_lines and not 0 <= settings.line <= 100
        return 100 if outside else settings.line
    return -(tracks_before + 1) if settings.snap_to_lines else 100


def computed_position(settings: Settings) -> float:
    """WebVTT 3.1 "computed position", a percentage."""
    if isinstance(settings.position, (int, float)):
        return settings.position
    return {"left": 0.0, "right": 100.0}.get(settings.align, 50.0)


def computed_position_align(settings: Settings, rtl: bool) -> str:
    """WebVTT 3.1 "computed position alignment"; `rtl` is the base direction of the cue's text."""
    if settings.position_align in ("line-left", "center", "line-right"):
        return settings.position_align
    if settings.align in ("left", "right"):
        return f"line-{settings.align}"
    if settings.align in ("start", "end"):
        return "line-right" if (settings.align == "end") != rtl else "line-left"
    return "center"


def largest_size(position: float, anchor: float) -> float:
    """WebVTT 7.2 step 2, "maximum size": what fits beside a position, a percentage. `anchor` is the share
    of the cue box that lies before it."""
    if anchor == 0:
        return 100 - position
    return position if anchor == 1 else 2 * min(position, 100 - position)


def cue_size(settings: Settings, rtl: bool) -> float:
    """WebVTT 7.2 step 3, "size", a percentage."""
    anchor = ANCHOR_SHARE[computed_position_align(settings, rtl)]
    return min(settings.size, largest_size(computed_position(settings), anchor))


def cue_start(settings: Settings, rtl: bool) -> float:
    """WebVTT 7.2 step 5, the "x-position" of a horizontal cue and the "y-position" of a vertical one."""
    anchor = ANCHOR_SHARE[computed_position_align(settings, rtl)]
    return computed_position(settings) - cue_size(settings, rtl) * anchor


def stacked(
    lines: Sequence[Extent], align: str, start: float, room: float, vertical: str = "", across: float = 0
) -> list[Box]:
    """A box a line, one after the other from `across`, aligned in `room` from `start` (WebVTT 7.4)."""
    boxes: list[Box] = []
    if vertical == "rl":  # lines are stacked leftwards; the box of the cue begins at `across`
        across += sum(line.height for line in lines)
    for line in lines:
        free = room - line.length
        if free < 0:  # what is too long sticks out at its end
            along = start + (free if line.rtl else 0.0)
        else:
            along = start + free * text_share(align, line.rtl)
        if vertical == "rl":
            across -= line.height
        if vertical:
            boxes.append(Box(across, along, line.height, line.length))
        else:
            boxes.append(Box(along, across, line.length, line.height))
        if vertical != "rl":
            across += line.height
    return boxes


def text_share(align: str, rtl: bool) -> float:
    """How much of the free room stands before a line (WebVTT 7.4, `text-align`)."""
    if align in ("start", "end"):
        return 1.0 if (align == "end") != rtl else 0.0
    return {"left": 0.0, "right": 1.0}.get(align, 0.5)


def place(
    settings: Settings,
    lines: Sequence[Extent],
    picture: Box,
    output: Sequence[Box],
    tracks_before: int = 0,
) -> Placed | None:
    """WebVTT 7.2 "apply WebVTT cue settings", steps 5 to 10: the boxes of a cue, off those in `output`.

    None where the cue is ignored (no lines) or has no place left (step 10, "switch direction").
    """
    if not lines:
        return None
    boxes = _as_set(settings, lines, picture, tracks_before)
    start, room = _along(settings, lines, picture)
    around = bounding(boxes)
    if settings.vertical:
        boxes.append(Box(around.left, start, around.width, room))
    else:
        boxes.append(Box(start, around.top, room, around.height))
    if settings.snap_to_lines:
        found = _snapped(boxes, settings.vertical, computed_line(settings, tracks_before), picture, output)
    else:
        found = _unsnapped(boxes, settings, picture, output)
    return None if found is None else Placed(found[:-1], bounding(found))


def squeeze(settings: Settings, lines: Sequence[Extent], picture: Box, words: Sequence[Box]) -> list[Box]:
    """Where an editor shows a cue for which `place` has no place left, and players show nothing: off the
    `words` of others where its own allow it, else as its settings say. There must be lines."""
    boxes = _as_set(settings, lines, picture)
    if not settings.snap_to_lines:
        return _unsnapped(boxes, settings, picture, words)
    line = computed_line(settings)
    found = _snapped(boxes, settings.vertical, line, picture, words)
    return found or _snapped(boxes, settings.vertical, line, picture, ()) or boxes


def _along(settings: Settings, lines: Sequence[Extent], picture: Box) -> tuple[float, float]:
    """WebVTT 7.2 steps 3 and 5: where a cue begins along its lines, and how long it is."""
    rtl = lines[0].rtl
    whole = picture.height if settings.vertical else picture.width
    return whole * cue_start(settings, rtl) / 100, whole * cue_size(settings, rtl) / 100


def _as_set(settings: Settings, lines: Sequence[Extent], picture: Box, tracks_before: int = 0) -> list[Box]:
    """WebVTT 7.2 steps 5 to 9: a box a line; snapped to lines they are still at the first edge."""
    start, room = _along(settings, lines, picture)
    across = 0.0
    if not settings.snap_to_lines:
        whole = picture.width if settings.vertical else picture.height
        across = whole * computed_line(settings, tracks_before) / 100
    return stacked(lines, settings.align, start, room, settings.vertical, across)


def _snapped(
    boxes: list[Box], vertical: str, line: float, picture: Box, output: Sequence[Box]
) -> list[Box] | None:
    """WebVTT 7.2 step 10 where the snap-to-lines flag is true."""
    full = picture.width if vertical else picture.height
    step = boxes[0].width if vertical else boxes[0].height
    if step <= 0:
        return boxes
    # Whole lines beyond the picture change nothing but how long the loop takes: no file may choose that.
    beyond = ceil(full / step) + len(boxes) + 1
    number = floor(min(max(line, -beyond), beyond) + 0.5)
    if vertical == "rl":
        number = -(number + 1)
    position = step * number
    if vertical == "rl":
        position += step - bounding(boxes).width
    if number < 0:
        position += full
        step = -step
    x, y = (1, 0) if vertical else (0, 1)
    specified = [box.moved(position * x, position * y) for box in boxes]
    for way in (step, -step):
        found = _step_loop(specified, way, x, y, picture, output)
        if found is not None:
            return found
    return None


def _step_loop(
    boxes: list[Box], step: float, x: int, y: int, picture: Box, output: Sequence[Box]
) -> list[Box] | None:
    """WebVTT 7.2 "step loop": a line further until nothing is in the way; None at the end of all."""
    while True:
        around = bounding(boxes)
        if around.within(picture) and not any(around.overlaps(other) for other in output):
            return boxes
        first = boxes[0]
        if step < 0:
            ended = first.left < picture.left - _NOTHING if x else first.top < picture.top - _NOTHING
        else:
            ended = first.right > picture.right + _NOTHING if x else first.bottom > picture.bottom + _NOTHING
        if ended:
            return None
        boxes = [box.moved(step * x, step * y) for box in boxes]


def _unsnapped(boxes: list[Box], settings: Settings, picture: Box, output: Sequence[Box]) -> list[Box]:
    """WebVTT 7.2 step 10 where the snap-to-lines flag is false: the closest free place, else as asked."""
    around = bounding(boxes)
    share = {"center": 0.5, "end": 1.0}.get(settings.line_align, 0.0)
    x = -share * around.width if settings.vertical else 0.0
    y = 0.0 if settings.vertical else -share * around.height
    around = around.moved(x, y)
    found = closest_free(around, picture, output)
    if found is not None:
        x, y = x + found[0] - around.left, y + found[1] - around.top
    return [box.moved(x, y) for box in boxes]


def closest_free(box: Box, area: Box, taken: Sequence[Box]) -> tuple[float, float] | None:
    """The left and top nearest to where `box` is, inside `area` and off all of `taken`, else None.

    Of several equally near ones the highest, then the leftmost (WebVTT 7.2 step 10). The nearest place
    has its sides at those of something, or is straight beside or above: those are all that is tried.
    """
    if box.width > area.width + _NOTHING or box.height > area.height + _NOTHING:
        return None
    most_left, most_top = area.right - box.width, area.bottom - box.height
    lefts = {min(max(box.left, area.left), max(area.left, most_left)), area.left, most_left}
    tops = {min(max(box.top, area.top), max(area.top, most_top)), area.top, most_top}
    for other in taken:
        lefts |= {other.left - box.width, other.right}
        tops |= {other.top - box.height, other.bottom}
    free = [
        (hypot(left - box.left, top - box.top), top, left)
        for left in lefts
        for top in tops
        if (there := box._replace(left=left, top=top)).within(area)
        and not any(there.overlaps(other) for other in taken)
    ]
    if not free:
        return None
    nearest = min(distance for distance, _, _ in free)
    top, left = min((top, left) for distance, top, left in free if distance <= nearest + _NOTHING)
    return left, top


def region_box(region: Region, picture: Box) -> Box:
    """WebVTT 7.1, "prepare some variables … to regionNode": the region with all its lines, full or not."""
    width = picture.width * region.width / 100
    height = picture.height * REGION_LINE / 100 * region.lines
    left = picture.width * region.viewport_anchor[0] / 100 - width * region.anchor[0] / 100
    top = picture.height * region.viewport_anchor[1] / 100 - height * region.anchor[1] / 100
    return Box(picture.left + left, picture.top + top, width, height)


def region_offset(settings: Settings, region: Region, rtl: bool) -> float:
    """WebVTT 7.1, "offset": where a cue begins in its region, a percentage of the region's width."""
    offset = computed_position(settings) * region.width / 100
    return offset - region.width * ANCHOR_SHARE[computed_position_align(settings, rtl)]
