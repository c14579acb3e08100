"""What is known of a project's segments at a start, put in order before an engine takes it over.

An engine's start is one step that nothing may come between; so what can be done before it is done here, in
portions, while others have their turns.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.sorting import Sorting
from vtt_desktop.sync.state import SyncState

PORTION = 500
"""Segments that are looked through before others have their turn: about two milliseconds."""


class KnownSegments:
    """Segments as the parts of an engine look them up. Make one with `ready` or `at_once`."""

    def __init__(self, sorting: Sorting, snapshot: Snapshot) -> None:
        self.layout = Layout(sorting)
        self.state = SyncState()
        self.nowhere: list[Segment] = []
        """Neither here nor there; all others are in the state and the layout."""
        self.disputed: list[str] = []
        """Those with another version that waits for a person."""
        self._settled: list[Segment] = []
        self._snapshot = snapshot
        self._unlike: list[str] = []
        self._in_place = False

    @classmethod
    async def ready(cls, segments: Sequence[Segment], sorting: Sorting, snapshot: Snapshot) -> KnownSegments:
        """Looks through segments in portions. `snapshot` is the document that they are compared with."""
        known = cls(sorting, snapshot)
        for at in range(0, len(segments), PORTION):
            known._look_through(segments[at : at + PORTION])
            await asyncio.sleep(0)
        known._in_place = known.layout.in_place(snapshot)
        await asyncio.sleep(0)
        return known

    @classmethod
    def at_once(cls, segments: Iterable[Segment], sorting: Sorting, snapshot: Snapshot) -> KnownSegments:
        """Looks through segments in one go."""
        known = cls(sorting, snapshot)
        known._look_through(segments)
        known._in_place = known.layout.in_place(snapshot)
        return known

    def unlike(self, snapshot: Snapshot) -> list[str]:
        """Segments for which a document says something else than their `mine`, but for disputed ones."""
        if snapshot is self._snapshot:
            return self._unlike
        return self.layout.unlike(self._settled, snapshot)

    def in_place(self, snapshot: Snapshot) -> bool:
        """As `Layout.in_place`."""
        return self._in_place if snapshot is self._snapshot else self.layout.in_place(snapshot)

    def _look_through(self, segments: Iterable[Segment]) -> None:
        here = []
        for one in segments:
            if one.nowhere:
                self.nowhere.append(one)
            else:
                here.append(one)
                self.layout.learn(one)
        self.state.put(here)
        self.disputed += [one.key for one in here if one.theirs is not None]
        settled = [one for one in here if one.theirs is None]
        self._settled += settled
        self._unlike += self.layout.unlike(settled, self._snapshot)
