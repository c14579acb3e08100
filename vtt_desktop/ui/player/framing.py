"""Between milliseconds and the numbers of pictures, at a steady rate counted from the film's start."""

from __future__ import annotations

# A picture's own start is no whole millisecond (23.976 fps: 41.708). Rounded down it lies before the
# picture: half a millisecond of grace puts every rounded start into its own picture.
_GRACE = 0.5


def frame_at(ms: int, fps: float) -> int:
    """The number, from 0, of the picture shown at `ms` milliseconds."""
    return max(0, int((ms + _GRACE) * fps / 1000))


def frame_start(number: int, fps: float) -> int:
    """The first millisecond, rounded, of picture `number`."""
    return round(number * 1000 / fps)


def frame_middle(number: int, fps: float) -> int:
    """Where to seek to get picture `number`: a time on its border shows the picture before it."""
    return round((number + 0.5) * 1000 / fps)
