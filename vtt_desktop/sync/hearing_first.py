"""After a start, and after any time without the server: others are heard before cues are made or removed.

A save meets what others did by its version, but for one that takes text away which an edit moved: whether
that is still where it went to only the others tell. A cue that two people made alike, as by the same split,
is met by nothing (see `made_twice`); nor is one that went to another place, where cues stand by their times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.ports import Spawn
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.segment_events import Action, Create, Delete, Save
from vtt_desktop.sync.state import SyncState


class HearingFirst:
    """`by_times`: cues stand by their times, so that any save may move them. `pull` hears what others did;
    it is waited for whatever comes of it, if it reached the server. None: there is no such thing."""

    def __init__(
        self, state: SyncState, link: LinkWatch, schedule: Schedule, spawn: Spawn, *, by_times: bool
    ) -> None:
        self.pull: Callable[[], Awaitable[object]] | None = None
        self._by_times = by_times
        self._state = state
        self._link = link
        self._schedule = schedule
        self._spawn = spawn
        self._owed = True
        """Whether others may have done something that was not asked for since the server was lost."""
        self._hears = False
        self._hearing: asyncio.Task[Any] | None = None
        self._over = False
        link.on_change.append(self._link_changed)

    def begin(self) -> None:
        """What waits is sent from here on, or when others were heard."""
        if self._over or self._hears or not self._link.up:
            return
        due = (self._state.segments[key] for key in self._state.due)
        if self.pull is None or not any(self._waits(one) for one in due):
            self._heard()
            return
        self._hears = True
        self._schedule.hold()
        self._spawn(self._hear(self.pull), "hearing what others did meanwhile")

    def unheard(self, key: str, action: Action) -> bool:
        """Whether a segment's request is not to go out before others were heard."""
        alone = (Create, Delete, Save) if self._by_times else (Create, Delete)
        gives = isinstance(action, Save) and self._gave(key)
        return self._owed and self.pull is not None and (isinstance(action, alone) or gives)

    def _gave(self, key: str) -> bool:
        one = self._state.segment(key)
        return one is not None and one.gave != ()

    async def turn(self, key: str, fly: Callable[[str, Schedule], Awaitable[None]]) -> None:
        """A segment's turn. Now and then one tries a server that is not reached: what has to wait until
        others were heard does it by asking for that."""
        one = self._state.segment(key)
        if not self._owed or self.pull is None or one is None or not self._waits(one):
            await fly(key, self._schedule)
        elif not self._hears:
            self._hears = True
            self._schedule.hold()
            await self._hear(self.pull)

    def stop(self) -> None:
        """Nothing is heard any more, not even where an answer that is awaited tells that a server is back."""
        self._over = True
        if self._hearing is not None:
            self._hearing.cancel()

    def _waits(self, one: Segment) -> bool:
        """Whether a write is due that nothing on the server would stop. An unseen one is read first, and may
        go out again after that."""
        alone = self._by_times or one.base is None or one.mine is None
        unmet = one.gave != () or (alone and one.sent is None and not one.fetch)
        return unmet and one.due  # asked last: of thousands of plain saves none is

    def _link_changed(self) -> None:
        if not self._link.up:
            self._owed = True
        elif self._owed:
            self.begin()

    async def _hear(self, pull: Callable[[], Awaitable[object]]) -> None:
        self._hearing = asyncio.current_task()
        try:
            if not self._over:
                await pull()
        finally:
            self._hearing = None
            self._hears = False
            if self._link.up:
                self._heard()
            else:
                self._schedule.release()

    def _heard(self) -> None:
        self._owed = False
        self._schedule.release()
        self._schedule.everything()
