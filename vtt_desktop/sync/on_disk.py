"""Nothing goes to the server before it is on disk that it does: while the disk takes nothing, writes wait.

Else a crash leaves a queue that tells nothing of them. What arrived of it would be sent once more over a
colleague's who took it back (I5), or be met as somebody else's (I7).
"""

from __future__ import annotations

import asyncio

from vtt_desktop.sync.engine_ports import JournalPort
from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.state import SyncChange, SyncState

ASK_AGAIN_S = 1.0
"""So long a disk that refused is not asked again, whoever waits for it; the journal itself goes on trying."""
WAIT_S = 30.0
"""A segment's next turn after a refusal, where nobody tells sooner that the disk takes something again."""


class OnDisk:
    """Segments whose write waits for the disk; they have their turn as soon as the journal tells that it can
    be written again."""

    def __init__(self, state: SyncState, journal: JournalPort, link: LinkWatch) -> None:
        self._state = state
        self._journal = journal
        self._link = link
        self._waiting: dict[str, Schedule] = {}
        self._ask_at = 0.0
        self._told = False
        state.changed.connect(self._heard)

    @property
    def refuses(self) -> bool:
        """Whether the disk took nothing when it was asked last."""
        return bool(self._waiting)

    async def takes(self, key: str, schedule: Schedule) -> bool:
        """Whether all that was put into the journal is on disk now. If not, the segment has another turn when
        it may be."""
        now = asyncio.get_running_loop().time()
        if now >= self._ask_at:
            if await self._journal.flushed():
                self._let_go()
                return True
            self._ask_at = now + ASK_AGAIN_S
        self._waiting[key] = schedule
        self._link.disk_refuses(WAIT_S)
        schedule.backed_off(key, WAIT_S)
        return False

    def _heard(self, change: SyncChange) -> None:
        told, self._told = self._told, self._state.unwritten
        if told and not self._told:
            self._let_go()

    def _let_go(self) -> None:
        self._ask_at = 0.0
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            self._link.disk_takes()
            for key, schedule in waiting.items():
                schedule.succeeded(key)
                schedule.later(key, 0.0)
