"""Where a moment stands on the screen: milliseconds to pixels and back, zoom, scroll, ruler. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

FINEST = 1.0
"""Milliseconds a pixel at the closest zoom: an edge can be set to the millisecond."""
LONGEST_SPAN = 20 * 60_000
"""Milliseconds in view at the most: beyond, cues are thinner than a pixel, and the overview is there."""
SHORTEST_LENGTH = 10_000
"""A timeline is at least this long (ms), so that an empty document has a ruler."""

_STEPS = (
    *(10, 20, 50, 100, 200, 500),
    *(1_000, 2_000, 5_000, 10_000, 15_000, 30_000),
    *(60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000),
)
# How many minor ticks a labelled step is cut into, so that each is a round time.
_MINOR = {15_000: 3, 30_000: 6, 60_000: 6, 900_000: 3, 1_800_000: 6, 3_600_000: 6, 120_000: 4}


@dataclass(frozen=True, slots=True)
class Geometry:
    """A window `width` pixels wide on the time from `start` to `length`, ms; `left` is at its left border.

    Times are those of the cues. The film may begin below nought on their clock, at `start`.

    All that is drawn starts from one whole-pixel origin, so that cue blocks, sound and ruler move
    together when the view scrolls and nothing trembles against anything else.
    """

    width: int = 1
    length: int = SHORTEST_LENGTH
    left: float = 0.0
    ms_per_px: float = 20.0
    start: int = 0

    @property
    def origin(self) -> int:
        """Pixels from nought to the left border of the view."""
        return round(self.left / self.ms_per_px)

    @property
    def coarsest(self) -> float:
        """Milliseconds a pixel at the widest zoom."""
        return max(FINEST, min(self.length - self.start, LONGEST_SPAN) / max(1, self.width))

    @property
    def first(self) -> int:
        """The moment at the left border, ms."""
        return self.moment(0)

    @property
    def last(self) -> int:
        """The moment at the right border, ms."""
        return self.moment(self.width)

    def x(self, ms: float) -> float:
        """The pixel at which a moment stands; outside 0 … width where it is out of view."""
        return ms / self.ms_per_px - self.origin

    def moment(self, x: float) -> int:
        """The moment at a pixel, ms; never before `start`."""
        return max(self.start, round((x + self.origin) * self.ms_per_px))

    def shows(self, ms: float) -> bool:
        """Whether a moment is in view."""
        return 0 <= self.x(ms) <= self.width

    def resized(self, width: int, length: int, start: int = 0) -> Geometry:
        """The same view in a window of another size, or on a film of another length; `start` is not after
        nought."""
        length = max(start + SHORTEST_LENGTH, length)
        return replace(self, width=max(1, width), length=length, start=start)._clamped()

    def scrolled(self, pixels: float) -> Geometry:
        """Moved to the right by that many pixels, within the film."""
        return replace(self, left=(self.origin + pixels) * self.ms_per_px)._clamped()

    def starting(self, ms: float) -> Geometry:
        """Moved so that `ms` stands at the left border, within the film."""
        return replace(self, left=ms)._clamped()

    def zoomed(self, factor: float, x: float) -> Geometry:
        """`factor` times closer; the moment at pixel `x` stays where it is, borders of the film allowing."""
        ms = (x + self.origin) * self.ms_per_px
        closer = min(max(self.ms_per_px / factor, FINEST), self.coarsest)
        return replace(self, ms_per_px=closer, left=ms - x * closer)._clamped()

    def showing(self, start: int, end: int, margin: float = 0.15) -> Geometry:
        """Zoomed so that the time from `start` to `end` fills the view but for a margin on each side."""
        room = max(1.0, self.width * (1 - 2 * margin))
        scale = min(max((end - start) / room, FINEST), self.coarsest)
        centre = (start + end) / 2
        return replace(self, ms_per_px=scale, left=centre - self.width / 2 * scale)._clamped()

    def revealing(self, start: int, end: int) -> Geometry:
        """Scrolled as little as brings [start, end) into view; where it is too long, its beginning."""
        margin = min(40.0, self.width / 10)
        if self.x(start) >= 0 and self.x(end) <= self.width:
            return self
        if self.x(start) < 0 or self.x(end) - self.x(start) > self.width - 2 * margin:
            return self.scrolled(self.x(start) - margin)
        return self.scrolled(self.x(end) - self.width + margin)

    def _clamped(self) -> Geometry:
        scale = min(max(self.ms_per_px, FINEST), self.coarsest)
        # A little air after the end: the last edge can be dragged later.
        rightmost = float(self.start)
        if self.length - self.start > self.width * scale:
            rightmost = max(rightmost, self.length - self.width * scale * 0.95)
        return replace(self, ms_per_px=scale, left=min(max(self.left, self.start), rightmost))


def tick_step(ms_per_px: float, room: float) -> tuple[int, int]:
    """(labelled step, unlabelled step) in ms: the finest whose labels are `room` pixels apart."""
    step = next((s for s in _STEPS if s / ms_per_px >= room), _STEPS[-1])
    return step, step // _MINOR.get(step, 5)


def ticks(
    geometry: Geometry, room: float, first_x: float, last_x: float, offset: int = 0
) -> Iterator[tuple[int, bool]]:
    """(moment, labelled) of the ruler's ticks between two pixels, a label's width beyond them.

    They stand at round times of the clock that is shown: `offset` ms are added to a moment for it.
    """
    step, minor = tick_step(geometry.ms_per_px, room)
    at = (geometry.moment(max(0.0, first_x - room)) + offset) // minor * minor
    end = geometry.moment(last_x + room) + offset
    while at <= end:
        yield at - offset, at % step == 0
        at += minor


def tick_label(ms: int, step: int) -> str:
    """`1:02:03`, `2:03`, or with the fraction that `step` (ms) needs: `2:03.25`; below nought `-0:03`."""
    sign = "-" if ms < 0 else ""
    seconds, millis = divmod(abs(ms), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = sign + (f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}")
    if step % 1000 == 0:
        return text
    return f"{text}.{millis // 100}" if step % 100 == 0 else f"{text}.{millis // 10:02d}"
