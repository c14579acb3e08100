"""Who else has the project open, and on which cue: soft, it locks nothing and decides nothing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.observe import Signal
from vtt_desktop.sync.state import Link, SyncChange, SyncState

BEAT_S = 15.0
"""We say again where we are in half the time after which a server forgets it."""
ALONE_S = 300.0
"""The same where nobody else is there to see it, and the feed tells when somebody comes."""
SETTLE_S = 0.4
"""Who walks through the cues is told of where they stay."""
NAME_CHARACTERS = 128
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another desk on this project. `segment` None: on no cue."""

    desk: str
    name: str
    segment: str | None

    @property
    def title(self) -> str:
        """The name, or what to call one without."""
        return self.name or "Somebody"

    @property
    def initials(self) -> str:
        """One or two capitals: `Ann Lee` → AL, `bo` → B."""
        words = [word for word in self.title.replace(".", " ").replace("_", " ").split() if word]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


class Colleagues:
    """What views know of the others; empty while nobody tells, as without a server or without a link."""

    def __init__(self, state: SyncState) -> None:
        self.changed: Signal[None] = Signal()
        self._state = state
        self._all: tuple[Colleague, ...] = ()
        self._by_segment: dict[str, tuple[Colleague, ...]] = {}

    @property
    def all(self) -> tuple[Colleague, ...]:
        """Everybody else, by name."""
        return self._all

    def at(self, cue_id: int) -> tuple[Colleague, ...]:
        """Who is on this cue. Of a segment with several cues they are shown at its first."""
        if not self._by_segment:
            return ()
        found = self._by_segment.get(self._state.key_of(cue_id) or "", ())
        return found if found and self.cue_of(found[0]) == cue_id else ()

    def cue_of(self, colleague: Colleague) -> int | None:
        """The cue that they are on, where it is known here."""
        one = self._state.segment(colleague.segment) if colleague.segment is not None else None
        body = (one.mine or one.base) if one is not None else None
        return body.cues[0].id if body is not None and body.cues else None

    def hear(self, items: Any, own_desk: str) -> None:
        """What a server tells of all desks; what cannot be read is left out."""
        rows = items if isinstance(items, list) else []
        found = []
        for row in rows[:MOST_SHOWN]:
            desk, name, segment = (
                (row.get(k) for k in ("desk", "name", "segment")) if _is_map(row) else ("",) * 3
            )
            if isinstance(desk, str) and desk and desk != own_desk:
                said = " ".join(name.split())[:NAME_CHARACTERS] if isinstance(name, str) else ""
                found.append(Colleague(desk, said, segment if isinstance(segment, str) else None))
        self._take(tuple(sorted(found, key=lambda one: (one.title.casefold(), one.desk))))

    def clear(self) -> None:
        """Nobody tells any more."""
        self._take(())

    def _take(self, found: tuple[Colleague, ...]) -> None:
        if found == self._all:
            return
        self._all = found
        by: dict[str, tuple[Colleague, ...]] = {}
        for one in found:
            if one.segment is not None:
                by[one.segment] = (*by.get(one.segment, ()), one)
        self._by_segment = by
        self.changed.emit(None)


class PresenceRoad(Protocol):
    """What of a repository is needed here."""

    on_presence: Callable[[Any], object] | None

    async def be_at(self, desk: str, name: str, segment: str | None) -> Any: ...


class Presence:
    """Tells the server where we are, for as long as `run` runs and the link is up; and hears of the others.

    Nothing of it is ever shown as a failure: who is where is a courtesy.
    """

    def __init__(
        self, road: PresenceRoad, state: SyncState, colleagues: Colleagues, name: str, desk: str = ""
    ) -> None:
        """`desk` is what this project's desk was called before: killed and started again, it takes the place
        of its own note instead of seeing itself as a colleague."""
        self.desk = desk or uuid.uuid4().hex
        self._road, self._state, self._colleagues = road, state, colleagues
        self._name = " ".join(name.split())[:NAME_CHARACTERS]
        self._segment: str | None = None
        self._by_feed = False
        self._wake = asyncio.Event()
        self._later: asyncio.TimerHandle | None = None

    def be_at(self, cue_id: int | None) -> None:
        """The person is on this cue now (None: on none). Told once they stay there."""
        segment = self._state.key_of(cue_id) if cue_id is not None else None
        if segment == self._segment:
            return
        self._segment = segment
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(SETTLE_S, self._wake.set)

    def wake(self) -> None:
        """The link may be up again."""
        self._wake.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        self._road.on_presence = self._fed
        leave = self._state.changed.connect(self._synced)
        try:
            while True:
                self._wake.clear()
                if self._state.link is Link.ONLINE:
                    with suppress(UserError):
                        self._heard(await self._road.be_at(self.desk, self._name, self._segment))
                    with suppress(TimeoutError):
                        # Not `wait_for`: in Python 3.11 it loses a cancellation at the moment of a wake, and
                        # who closes the session waits for ever.
                        async with asyncio.timeout(self._beat):
                            await self._wake.wait()
                else:
                    self._by_feed = False
                    self._colleagues.clear()
                    await self._wake.wait()
        finally:
            leave()
            self._road.on_presence = None
            if self._later is not None:
                self._later.cancel()
            self._colleagues.clear()

    @property
    def _beat(self) -> float:
        return ALONE_S if self._by_feed and not self._colleagues.all else BEAT_S

    def _fed(self, listing: Any) -> None:
        """What the feed tells without being asked. Who came does not see us where our note has run out."""
        alone = not self._colleagues.all
        self._by_feed = True
        self._heard(listing)
        if alone and self._colleagues.all:
            self._wake.set()

    def _heard(self, listing: Any) -> None:
        if _is_map(listing) and self._state.link is Link.ONLINE:
            self._colleagues.hear(listing.get("items"), self.desk)

    def _synced(self, _change: SyncChange) -> None:
        if self._colleagues.all and self._state.link is not Link.ONLINE:
            self._colleagues.clear()


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)
