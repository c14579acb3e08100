"""Segments that were, and are nowhere: their tags, and what may still be made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vtt_desktop.sync.engine_ports import JournalPort
from vtt_desktop.sync.segment import Segment

KEPT = 5000
"""So many are remembered; the oldest are forgotten first."""


class Graves:
    def __init__(self, journal: JournalPort) -> None:
        self._journal = journal
        self._known: dict[str, Segment] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._known

    @property
    def every(self) -> Iterable[Segment]:
        return self._known.values()

    def get(self, key: str) -> Segment | None:
        return self._known.get(key)

    def of_cues_that_are_nowhere(self, key: str, has: Callable[[int], bool]) -> Segment | None:
        """As `get`, where its cues are not in another segment again, as after an undo."""
        one = self._known.get(key)
        said = [gave.before for gave in one.gave if gave.before is not None] if one is not None else []
        return None if any(has(cue.id) for body in said for cue in body.cues) else one

    def bury(self, one: Segment) -> None:
        self._known[one.key] = one
        while len(self._known) > KEPT:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._journal.drop_segment(oldest)

    def write(self, key: str) -> None:
        """On disk, too."""
        self._journal.put_segments((self._known[key],))

    def open(self, key: str) -> None:
        """It is somewhere again."""
        self._known.pop(key, None)
