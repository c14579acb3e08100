"""Hears what others changed: by the backend's change feed, else by looking at everything again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import aclosing

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import Contents, Listed, News, NotAllowed, NotReached, TokenNeeded, Unproven
from vtt_desktop.sync.engine import Engine
from vtt_desktop.sync.engine_ports import JournalPort, RepositoryPort
from vtt_desktop.sync.state import Link, SyncState

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
_ROUNDS = 1000


class Feed:
    """Keeps one document as new as its project. `seq` is the position that all changes are applied up to."""

    def __init__(
        self, engine: Engine, state: SyncState, journal: JournalPort, *, seq: int = 0, epoch: str = ""
    ) -> None:
        self._engine = engine
        self._repository: RepositoryPort = engine.repository
        self._state = state
        self._journal = journal
        self.seq = seq
        self.epoch = epoch
        self._pulling = asyncio.Lock()
        self._wake = asyncio.Event()
        engine.on_link_up(self._wake.set)

    async def pull(self, *, whole: bool = False) -> bool:
        """Takes over what changed since the last time; `whole` looks at every segment.

        False where the server did not answer as it should; the link's state then says why.
        """
        async with self._pulling:
            if self._state.link not in (Link.ONLINE, Link.UNREACHABLE):
                return False
            try:
                if whole or self._repository.profile.changes.kind != "since":
                    return await self._look_at_everything()
                return await self._read_news()
            except UserError as error:
                self._engine.halt(str(error))
                return False

    async def listen(self) -> None:
        """Pulls whenever there is a reason, for as long as the document is open; ends by cancellation.

        A backend with an event stream costs no wake-ups while nothing happens; others are polled.
        """
        changes = self._repository.profile.changes
        failures = 0
        while True:
            self._wake.clear()
            if self._state.link in (Link.ONLINE, Link.UNREACHABLE):
                fine = await self.pull()
                if fine and changes.events:
                    fine = await self._follow_stream()
                failures = 0 if fine else failures + 1
            wait = changes.interval_s if failures == 0 and not changes.events else self._wait(failures)
            if changes.kind == "none":
                await self._wake.wait()
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), wait)
            except TimeoutError:
                continue

    async def _follow_stream(self) -> bool:
        """Pulls whenever the event stream knocks; True where the person went offline, False where it ended.

        A task reads the stream and waits for nothing else. Cancelled in a read, the stream closes itself;
        dropped between two lines it would be closed by the garbage collection, outside of any task.
        """
        knocked = asyncio.Event()
        newest, ended, fine = self.seq, False, True

        async def read() -> None:
            nonlocal newest, ended
            try:
                async with aclosing(self._repository.knocks(self.seq)) as knocks:
                    async for seq in knocks:
                        newest = seq
                        knocked.set()
            finally:
                ended = True
                knocked.set()

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read())
            while fine and not ended and not self._offline:
                await knocked.wait()
                knocked.clear()
                if newest > self.seq and not self._offline:
                    fine = await self.pull()
            reading.cancel()
        return fine and not ended

    @property
    def _offline(self) -> bool:
        return self._state.link is Link.OFFLINE

    def _wait(self, failures: int) -> float:
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures, 8))

    async def _read_news(self) -> bool:
        for _ in range(_ROUNDS):
            mark = self._engine.mark
            news = await self._repository.news(self.seq)
            if not isinstance(news, News):
                return self._failed(news)
            self._engine.reading_worked()
            if news.stale or (self.epoch and news.epoch and news.epoch != self.epoch):
                return await self._look_at_everything()
            self._apply(news.items, mark)
            self._remember(news.seq, news.epoch)
            if not news.more:
                return True
        return False

    async def _look_at_everything(self) -> bool:
        mark = self._engine.mark
        contents = await self._repository.contents()
        if not isinstance(contents, Contents):
            return self._failed(contents)
        self._engine.reading_worked()
        if self.epoch and contents.epoch and contents.epoch != self.epoch:
            # Wiped, or made anew: taking its emptiness over would empty the document here too.
            self._engine.halt("The project on the server is not the one this document was shared in.")
            return False
        if _behind(contents.seq, self.seq):
            # Restored from a backup: what it has lost was acknowledged here, and must not vanish here too.
            self._engine.halt(
                "The server went back to an older state of this project, as after a restored backup; "
                "nothing was taken over, and your text is as it was."
            )
            return False
        there = {item.key for item in contents.items if not item.gone}
        known = [key for key, one in self._state.segments.items() if one.base is not None]
        told = {item.key for item in contents.items}
        missing = [key for key in known if key not in told and key not in contents.unread]
        if len(known) > 1 and not there and not contents.unread:
            self._engine.halt("The project on the server is empty now; nothing was taken over.")
            return False
        self._apply((*contents.items, *(Listed(key, None, gone=True) for key in missing)), mark)
        self._remember(contents.seq, contents.epoch)
        return True

    def _apply(self, items: Iterable[Listed], mark: int) -> None:
        for item in items:
            self._engine.hear(item.key, item.etag, item.document, item.gone, mark)

    def _remember(self, seq: int, epoch: str) -> None:
        if (seq, epoch) != (self.seq, self.epoch):
            self.seq, self.epoch = seq, epoch or self.epoch
            self._journal.put_meta("seq", str(seq))
            self._journal.put_meta("epoch", self.epoch)

    def _failed(self, answer: object) -> bool:
        match answer:
            case NotReached(why, after) | Unproven(why, after):
                self._engine.reading_failed(why, after)
            case TokenNeeded(why):
                self._engine.token_needed(why)
            case NotAllowed(sentence):
                self._engine.halt(sentence)
            case _:
                self._engine.halt("The project is not on the server any more.")
        return False


def _behind(there: object, here: object) -> bool:
    """Whether a feed's position is before one that we have been told; only numbers can be compared."""
    return isinstance(there, int) and isinstance(here, int) and 0 < there < here
