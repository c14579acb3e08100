"""Hears what others changed: by the backend's change feed, else by looking at everything again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import aclosing, suppress

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import (
    Answer,
    Contents,
    Listed,
    Missing,
    News,
    NotAllowed,
    NotReached,
    TokenNeeded,
    Unproven,
)
from vtt_desktop.sync.engine import Engine
from vtt_desktop.sync.engine_ports import JournalPort, RepositoryPort
from vtt_desktop.sync.putting_back import Group
from vtt_desktop.sync.setback import Setback, setback_of
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
        self._listed = 0
        """The moment of the last list: what came to be known since may be newer than what a list shows, which
        may come out of a cache."""
        self._pulling = asyncio.Lock()
        self._wake = asyncio.Event()
        engine.on_link_up(self._wake.set)

    async def pull(self, *, whole: bool = False) -> bool:
        """Takes over what changed since the last time; `whole` looks at every segment.

        False where the server did not answer as it should; the link's state then says why.
        """
        async with self._pulling:
            again = self._state.setback is not None and self._state.link is Link.READ_ONLY
            if not again and self._state.link not in (Link.ONLINE, Link.UNREACHABLE):
                return False
            try:
                if again or whole or self._repository.profile.changes.kind != "since":
                    return await self._look_at_everything()
                return await self._read_news()
            except UserError as error:
                self._engine.halt(str(error), for_good=False)
                return False

    async def decide_setback(self, mine: bool, group: Group) -> None:
        """The server went back, and a person decided; see `Engine.decide_setback`."""
        async with self._pulling:
            contents = await self._engine.decide_setback(mine, group)
            self._listed = self._engine.mark
            self._remember(contents.seq, contents.epoch)

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
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):  # `wait_for` loses a cancellation at the moment of a wake
                    await self._wake.wait()

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
            if isinstance(news, Missing):
                return await self._look_at_everything()
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
        mark = self._listed
        contents = await self._repository.contents()
        setback = self._setback(contents)
        if setback is not None:  # if it is no old answer out of a cache
            contents = await self._repository.contents(fresh=True)
            setback = self._setback(contents)
        if not isinstance(contents, Contents) and setback is None:
            return self._failed(contents)
        self._engine.reading_worked()
        if setback is not self._state.setback:
            self._engine.set_back(setback)
        if not isinstance(contents, Contents) or setback is not None:
            return False
        told = {item.key for item in contents.items} | set(contents.unread)
        known = [key for key, one in self._state.segments.items() if one.base is not None or one.unproven]
        if not contents.unread:
            self._engine.order_told([item.key for item in contents.items if not item.gone])
        self._apply(contents.items, mark)
        for key in known:
            if key not in told:
                self._engine.miss(key)
        self._listed = self._engine.mark
        self._remember(contents.seq, contents.epoch)
        return True

    def _setback(self, contents: Contents | Answer) -> Setback | None:
        known = sum(1 for one in self._state.segments.values() if one.base is not None)
        if isinstance(contents, Missing):
            return Setback.GONE
        return setback_of(contents, self.seq, self.epoch, known) if isinstance(contents, Contents) else None

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
                self._engine.halt(sentence, for_good=False)
            case _:
                self._engine.halt("The server's answer was not understood.", for_good=False)
        return False
