"""In which order segments stand: what a backend says about it, so that all desks come to the same."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.profile import Profile

GIVEN = "given"
"""In a profile's `list.sort`: the order of the list means something."""


class Sorting(Enum):
    """What tells the place of a segment."""

    KEYS = "keys"
    """A sort key in its document, that we write."""
    LIST = "list"
    """Its place in the backend's list."""
    TIMES = "times"
    """The times of its first cue, then its id."""


def sorting_of(profile: Profile) -> Sorting:
    """How a backend's segments are sorted: where neither they nor their list tell an order, by times."""
    if profile.content.order:
        return Sorting.KEYS
    timeless = profile.content.kind == "fields" and "start" not in profile.content.fields
    if profile.list.sort or not profile.list.url or timeless:
        return Sorting.LIST
    return Sorting.TIMES


def time_key(cues: Sequence[Cue]) -> str:
    """A sort key (see `order_key`) of a segment with these cues, by their first one's times."""
    return f"{cues[0].start:012d}{cues[0].end:012d}V" if cues else ""


def list_key(place: int) -> str:
    """A sort key of the segment at that place of a list, counted from nought."""
    return f"{place:08d}V"
