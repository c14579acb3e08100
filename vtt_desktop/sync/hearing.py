"""What a list or the feed tells of segments, on its way to their machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import segment_events as machine
from vtt_desktop.sync.answers import Listed
from vtt_desktop.sync.layout import Layout
from vtt_desktop.sync.machines import Machines
from vtt_desktop.sync.phase import Phase
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.segment import STALE_BETWEEN, Version
from vtt_desktop.sync.setback import older
from vtt_desktop.sync.state import SyncState


class Hearing:
    def __init__(self, state: SyncState, machines: Machines, layout: Layout, schedule: Schedule) -> None:
        self._state = state
        self._machines = machines
        self._layout = layout
        self._schedule = schedule

    @property
    def mark(self) -> int:
        """This moment, for `hear`: taken before a list or the feed is asked."""
        return self._machines.moves

    def hear(self, key: str, etag: str | None, document: Any, gone: bool, mark: int) -> None:
        """What a list or the feed, asked at `mark` (before 0: the first after a start), told of one segment.
        What came to be known since by another road (a save of ours) may be newer than what it told."""
        self._machines.catch_up(key)
        one = self._state.segment(key)
        if one is None and gone:
            return
        late = self._machines.moved_since(key, mark)
        past = one.past if one is not None and mark >= 0 else ()  # after a start a server may have gone back
        if one is not None and late and etag is not None and etag in (one.etag, *past):
            return
        if one is not None and not gone and etag is not None and etag == one.etag:
            # Nothing that was told before would end by being told again, but for these.
            if not (one.read_only or one.refused == STALE_BETWEEN or one.phase is Phase.GONE):
                return
        late |= self._machines.buried(key)  # made again, or shown by a cache that is behind its removal
        self._machines.step(key, self._told(key, etag, document, gone, late))
        self._schedule.later(key, 0.0)

    def went_on(self, told: Listed, mark: int) -> bool:
        """Whether a list, asked at `mark`, shows a version that others had followed here by then."""
        one = self._state.segment(told.key)
        if one is None or self._machines.moved_since(told.key, mark):
            return False
        return older(one, told.etag)

    def order_told(self, keys: Sequence[str]) -> None:
        """In which order a whole list named its segments: where the backend has no other, it is theirs."""
        if self._layout.told(keys):
            for key in keys:
                self._machines.to_its_place(key)

    def miss(self, key: str) -> None:
        """A whole list did not name a segment that the server had: a read will tell, since the list may be
        older than the segment."""
        self._machines.step(key, machine.Told(None))
        self._schedule.later(key, 0.0)

    def _told(self, key: str, etag: str | None, document: Any, gone: bool, late: bool) -> machine.Event:
        if late or (not gone and (document is None or etag is None)):
            return machine.Told(etag)
        if gone:
            return machine.Seen(Version(None, None))
        try:
            return machine.Seen(Version(self._machines.read(key, document), etag))
        except UserError as error:
            self._machines.say(key, str(error), etag)
            return machine.Unreadable(str(error))
