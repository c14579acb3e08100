"""Hears what others changed: by the backend's change feed, else by looking at everything again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from typing import TypeVar

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import (
    AnotherHistory,
    Answer,
    Contents,
    Done,
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
from vtt_desktop.sync.machines import NEVER
from vtt_desktop.sync.putting_back import Group
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.setback import Setback, older, setback_of
from vtt_desktop.sync.state import Link, SyncState

_One = TypeVar("_One")
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
CHECK_EVERY_S = 300.0
"""After so long everything is looked at, whatever the feed tells: a row that it lost is never told again."""
CHECK_SHARE = 20
"""Asked for by a person it is done at once, if it takes no more than one part in so many of the time."""
_ROUNDS = 1000
AT_ONCE = 8
"""As `Feed.portion`, where nobody says otherwise; between these others have their turn."""


class Feed:
    """Keeps one document as new as its project. `seq` is the position that all changes are applied up to."""

    def __init__(
        self, engine: Engine, state: SyncState, journal: JournalPort, *, seq: int = 0, epoch: str = ""
    ) -> None:
        self._engine = engine
        self._hearing = engine.hearing
        self._repository: RepositoryPort = engine.repository
        self._state = state
        self._journal = journal
        self.seq = seq
        self.epoch = epoch
        self.portion = AT_ONCE
        """So many segments are told in one go."""
        self._listed = NEVER
        """The moment of the last list: what came to be known since may be newer than what a list shows, which
        may come out of a cache. Before the first one that holds for all that is known from an earlier run."""
        self._pulling = asyncio.Lock()
        self._begun = 0
        self._fine = 0
        """How often it was looked, and the last time that nothing was wrong."""
        self._checked_at: float | None = None
        self._check_took = 0.0
        self._disturbed = 0
        """How often others took something over between two portions of what was told."""
        self._wake = asyncio.Event()
        engine.on_link_up(self._wake.set)
        engine.believe(self.believed)
        engine.hear_first(self.pull)

    async def pull(self, *, asked: bool = False, whole: bool = False) -> bool:
        """Takes over what changed since the last time; `whole` looks at every segment, and now and then it is
        done anyway, sooner where a person `asked`.

        False where the server did not answer as it should; the link's state then says why.
        """
        async with self._pulling:
            return await self._pull(whole or self._check_due(asked))

    def _check_due(self, asked: bool) -> bool:
        now = asyncio.get_running_loop().time()
        if self._checked_at is None:
            self._checked_at = now  # at opening everything was read
        return now - self._checked_at >= (CHECK_SHARE * self._check_took if asked else CHECK_EVERY_S)

    async def _pull(self, whole: bool) -> bool:
        again = self._state.setback is not None and self._state.link is Link.READ_ONLY
        if not again and self._state.link not in (Link.ONLINE, Link.UNREACHABLE):
            return False
        self._begun += 1
        begun = self._begun
        try:
            if again or whole or self._repository.profile.changes.kind != "since":
                fine = await self._look_at_everything(kept=0 if again else self.seq)
            else:
                fine = await self._read_news()
        except UserError as error:
            self._engine.halt(str(error), for_good=False)
            return False
        if fine:
            self._fine = begun
        return fine

    async def believed(self, one: Segment, answer: Answer) -> bool:
        """Whether what a read showed of a segment just now is of the history that we know. False: the server
        went back, and all is halted, or it cannot be told at the moment.

        Where requests bring no mark, a feed can tell it by our position. It is asked after the read, once for
        all reads that wait for it.
        """
        profile = self._repository.profile
        again = isinstance(answer, Done) and profile.item.versions == "once" and older(one, answer.etag)
        if again or isinstance(answer, AnotherHistory):
            self._engine.set_back(self._elsewhere(answer))
        if self._state.setback is not None:
            return False  # and waits for nobody: a person's decision waits for all that is out
        if profile.mark or profile.changes.kind != "since" or not self._ordered_seq:
            return True
        return await self._fine_after(self._begun)

    async def _fine_after(self, begun: int) -> bool:
        """Looks, unless somebody did who began after so many others, and says whether nothing was wrong."""
        async with self._pulling:
            if self._state.setback is not None:
                return False
            return self._fine > begun or await self._pull(whole=False)

    async def decide_setback(self, mine: bool, group: Group) -> None:
        """The server went back, and a person decided; see `Engine.decide_setback`."""
        async with self._pulling:
            contents = await self._engine.decide_setback(mine, group)
            self._listed = self._hearing.mark
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
        news, ended, fine = False, False, True

        async def read() -> None:
            nonlocal news, ended
            try:
                async with aclosing(self._repository.knocks(self.seq)) as knocks:
                    async for seq in knocks:
                        news = news or seq is None or seq > self.seq
                        knocked.set()
            finally:
                ended = True
                knocked.set()

        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read())
            while fine and not ended and not self._offline:
                with suppress(TimeoutError):
                    async with asyncio.timeout(CHECK_EVERY_S):
                        await knocked.wait()
                news = news or not knocked.is_set()
                knocked.clear()
                if news and not self._offline:
                    news = False
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
            mark = self._hearing.mark
            news = await self._repository.news(self.seq)
            if isinstance(news, (Missing, AnotherHistory)):
                return await self._look_at_everything()
            if not isinstance(news, News):
                return self._failed(news)
            self._engine.reading_worked()
            if self._before_us(news):
                return await self._look_at_everything(doubtful=True)
            if self.epoch and news.epoch and news.epoch != self.epoch:
                return await self._look_at_everything()
            if news.stale:
                if not await self._apply(news.items, mark):  # a list may be behind what the feed tells
                    return False
                return await self._look_at_everything(kept=news.seq)
            if not await self._apply(news.items, mark):
                return False
            self._remember(news.seq, news.epoch)
            if not news.more:
                return True
        return False

    async def _look_at_everything(self, *, doubtful: bool = False, kept: int = 0) -> bool:
        """`doubtful`: the feed did not come as far as our position. `kept`: the position that holds on where
        the list tells none."""
        clock = asyncio.get_running_loop().time
        mark, begun = self._listed, clock()
        contents, setback = await self._whole(doubtful, fresh=False)
        if setback is not None:  # if it is no old answer out of a cache
            contents, setback = await self._whole(doubtful, fresh=True)
        if setback is None and isinstance(contents, Contents) and not await self._is_back(contents):
            setback = self._state.setback
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
            self._hearing.order_told([item.key for item in contents.items if not item.gone])
        listed, disturbed = self._hearing.mark, self._disturbed
        if not await self._apply(contents.items, mark):
            return False
        if not await self._in_portions((key for key in known if key not in told), self._miss):
            return False
        # What else came to be known between the portions may be newer than the list is.
        self._listed = self._hearing.mark if self._disturbed == disturbed else listed
        self._checked_at = clock()
        self._check_took = self._checked_at - begun
        self._remember(contents.seq or kept, contents.epoch)
        return True

    async def _whole(self, doubtful: bool, *, fresh: bool) -> tuple[Contents | Answer, Setback | None]:
        """A list, or why there is none, and whether the server went back."""
        asked = self._hearing.mark
        contents = await self._repository.contents(fresh=fresh)
        if isinstance(contents, Missing):
            return contents, Setback.GONE
        if not isinstance(contents, Contents):
            return contents, self._elsewhere(contents) if isinstance(contents, AnotherHistory) else None
        known = [key for key, one in self._state.segments.items() if one.base is not None]
        setback = setback_of(contents, self._ordered_seq, self.epoch, known)
        once = self._repository.profile.item.versions == "once"
        if setback is None and once and any(self._hearing.went_on(one, asked) for one in contents.items):
            setback = Setback.OLDER
        if setback is None and doubtful:  # a list may show no position of its own
            news = await self._repository.news(self.seq)
            if not isinstance(news, News):
                return news, None
            setback = Setback.OLDER if self._before_us(news) else None
        return contents, setback

    async def _is_back(self, contents: Contents) -> bool:
        """Whether a server that went back, if it did, has all again that we know of. Where requests bring no
        mark, only our own tags prove it (each read by itself where the list shows none): what told of the
        setback is gone as soon as somebody writes on."""
        if self._repository.profile.mark or self._state.setback is None:
            return True
        tags = {item.key: item.etag for item in contents.items}
        for key, one in tuple(self._state.segments.items()):
            if one.base is None:
                continue
            if one.etag is None or key not in tags:
                return False
            tag = tags[key]
            if tag is None:
                answer = await self._repository.fetch(key)
                tag = answer.etag if isinstance(answer, Done) else None
            if tag != one.etag:
                return False
        return True

    def _elsewhere(self, answer: Answer) -> Setback:
        """What an answer means that is not of our history."""
        epoch = answer.epoch if isinstance(answer, AnotherHistory) else ""
        return Setback.ANOTHER if self.epoch and epoch and epoch != self.epoch else Setback.OLDER

    @property
    def _ordered_seq(self) -> int:
        """Our position, where it can be compared: one that is a text of the server's own has no order."""
        return 0 if self._repository.profile.changes.position in ("text", "link") else self.seq

    def _before_us(self, news: News) -> bool:
        """Whether the feed ends before our position."""
        return not news.stale and 0 < news.seq < self._ordered_seq

    async def _apply(self, items: Iterable[Listed], mark: int) -> bool:
        def hear(item: Listed) -> None:
            self._hearing.hear(item.key, item.etag, item.document, item.gone, mark)

        return await self._in_portions(items, hear)

    def _miss(self, key: str) -> None:
        if self._state.segment(key) is not None:  # it may have gone between the portions
            self._hearing.miss(key)

    async def _in_portions(self, every: Iterable[_One], tell: Callable[[_One], object]) -> bool:
        """Tells of each. False where it went no further, since an answer showed meanwhile that the server
        went back."""
        every = tuple(every)
        for begun in range(0, len(every), self.portion):
            if len(every) > self.portion:
                before = self._hearing.mark
                await asyncio.sleep(0)
                self._disturbed += self._hearing.mark != before
                if self._state.setback is not None:
                    return False
            with self._state.together():  # views follow once
                for one in every[begun : begun + self.portion]:
                    tell(one)
        return True

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
