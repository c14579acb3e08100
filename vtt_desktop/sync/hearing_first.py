"""After a start, and after work without the server: what others did is heard before cues are made or removed.

A save meets what others did by its version. A cue that two people made alike, as by the same split, is met by
nothing (see `made_twice`); nor is one that went to another place, where cues stand by their times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.ports import Spawn
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.state import Link, SyncState


class HearingFirst:
    """`by_times`: cues stand by their times, so that any save may move them. `pull` hears what others did;
    it is waited for whatever comes of it. None: there is no such thing."""

    def __init__(
        self, state: SyncState, link: LinkWatch, schedule: Schedule, spawn: Spawn, *, by_times: bool
    ) -> None:
        self.pull: Callable[[], Awaitable[object]] | None = None
        self._by_times = by_times
        self._state = state
        self._link = link
        self._schedule = schedule
        self._spawn = spawn
        self._hearing: asyncio.Task[Any] | None = None

    def set_offline(self, offline: bool) -> None:
        """The person's switch."""
        comes = not offline and self._state.link is Link.OFFLINE
        if comes:
            self._schedule.hold()
        self._link.set_offline(offline)
        if comes:
            self.begin()

    def begin(self) -> None:
        """The link is what it will be; what waits is sent from here on, or when others were heard."""
        waiting = (self._state.segments[key] for key in self._state.due)
        first = any(self._by_times or one.base is None or one.mine is None for one in waiting)
        if self.pull is None or not self._link.up or not first:
            self._schedule.release()
        elif self._hearing is None:
            self._schedule.hold()
            self._spawn(self._hear(self.pull), "hearing what others did meanwhile")

    def stop(self) -> None:
        if self._hearing is not None:
            self._hearing.cancel()

    async def _hear(self, pull: Callable[[], Awaitable[object]]) -> None:
        self._hearing = asyncio.current_task()
        try:
            await pull()
        finally:
            self._hearing = None
            self._schedule.release()
