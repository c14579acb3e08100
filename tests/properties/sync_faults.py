"""What fails between a desk and the backend in the simulator, drawn from the world's seed.

`Network` is a desk's `RepositoryPort`; `Weather` is what all of them share: how bad it is, and a cache that
shows what was there a while ago. What a suspended computer does to its connections is here, too.
"""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tests.properties.sync_backend import Backend, Change, Document
from tests.properties.sync_lures import Ask, Lures
from tests.properties.sync_virtual_time import Broken, Computer, VirtualLoop
from vtt_desktop.sync.answers import (
    AnotherHistory,
    Answer,
    Contents,
    Done,
    Listed,
    Missing,
    News,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unproven,
)
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.profile_file import read_profile

PROFILE_FILE = Path(__file__).resolve().parents[2] / "resources" / "profiles" / "vtt-desktop.toml"
PROFILE = read_profile(PROFILE_FILE.read_text("utf-8"), "the profile")
UNMARKED = [
    replace(PROFILE, mark="", item=replace(PROFILE.item, versions=versions))
    for versions in ("any", "once")  # type: ignore[arg-type]
]
"""Of a backend whose history has no marks; what it says of versions that come back is true."""
RAIN, RAIN_S = 30, 10.0
"""More requests for one segment in that time are a loop without a pause (I14), in seconds."""
REWRITTEN = ("W/{}", '{}-gzip"')
"""What proxies make of a tag: nginx's weak one, Apache's `-gzip`."""
LURED = 0.005
"""This share of requests is answered with an address elsewhere; of lists, which are rare, four times it."""
HANGS_S = (0.0, 0.0, 20.0)
"""So long a request on a dead connection may wait before that is noticed."""
T = TypeVar("T")


class Weather:
    """How much fails at the moment; `level` 0: nothing."""

    def __init__(self, chance: random.Random, loop: VirtualLoop, backend: Backend) -> None:
        self.chance = chance
        self.level = 1.0
        self.lost: set[tuple[str, str]] = set()
        """Of which segments the feed did not tell which desk."""
        self.refused: set[str] = set()
        """Segments of which something was refused."""
        self.loop = loop
        self._backend = backend
        self._stale_until = 0.0
        self._down_until = 0.0
        self._cached: dict[str, Listed] = {}
        self._cached_list = backend.contents()

    @property
    def now(self) -> float:
        return self.loop.now

    def fault(self, rate: float) -> bool:
        return self.chance.random() < rate * self.level

    def travel(self) -> Awaitable[None]:
        return self.loop.pause(self.chance.choice((0.0, 0.01, 0.05, 0.3)))

    def begin_to_cache(self) -> None:
        """For a while, readers are shown what is there now, unless they ask past the cache."""
        self._stale_until = self.loop.now + self.chance.choice((0.5, 2.0, 6.0))
        self._cached_list = self._backend.contents()
        self._cached = {item.key: item for item in self._cached_list.items}

    def begin_an_outage(self, seconds: float = 0.0) -> None:
        """For a while nobody reaches anything."""
        self._down_until = self.loop.now + (seconds or self.chance.choice((1.0, 10.0)))

    @property
    def down(self) -> bool:
        return self.level > 0 and self.loop.now < self._down_until

    @property
    def stale(self) -> bool:
        return self.level > 0 and self.loop.now < self._stale_until

    def item(self, key: str, fresh: bool) -> tuple[Listed, bool]:
        """A segment as a reader is shown it, and whether it is known to have been deleted."""
        if self.stale and not fresh:
            return self._cached.get(key, Listed(key, None, gone=True)), False
        return self._backend.listed(key), key in self._backend.gone

    def contents(self, fresh: bool) -> Contents:
        return self._cached_list if self.stale and not fresh else self._backend.contents()


class Network:
    """One desk's way to the backend. `spawn` runs what goes on after the desk gave up waiting."""

    on_presence: Callable[[Any], object] | None = None

    def __init__(
        self,
        name: str,
        profile: Profile,
        weather: Weather,
        backend: Backend,
        write: Callable[..., Answer],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        computer: Computer | None = None,
        lures: Lures | None = None,
    ) -> None:
        self.profile = profile
        self._name = name
        self._weather = weather
        self._backend = backend
        self._carry_out = write
        self._spawn = spawn
        self._computer = computer or Computer(weather.loop, stops=False)
        self._lures = lures
        """Where the desk's token is asked for by others, too, and time by a clock on the wall."""
        self._free: list[bool] = []
        """Connections that are kept open, the warmest last (see `sync.lanes`); whether each is alive."""
        self._leaving: dict[str, tuple[str | None, Change, str]] = {}
        """Writes that are on their way there."""
        self._writing: set[str] = set()
        self._times: dict[str, list[float]] = {}
        """When each segment was asked for, lately."""
        self.mark = ""
        self.goes_out: Callable[[str, Document | None, str], object] = lambda key, document, write_id: None
        """Hears of each write before it goes out: of which segment, what it changes (None: removes it), and
        under which id."""
        self._on_mark: Callable[[str], object] = lambda mark: None

    def on_mark(self, call: Callable[[str], object]) -> None:
        self._on_mark = call

    @property
    def _elsewhere(self) -> bool:
        """Whether a request with our mark is refused: it is not in the backend's history."""
        return self._backend.epoch != "" and not self._knows(self.mark)

    def _knows(self, mark: str) -> bool:
        return not self.profile.mark or self._backend.knows(mark)

    async def _comes_back(self, lost: float = 0.0) -> bool:
        """The answer that is given now, on its way: whether it arrives. It brings the mark of now, which
        counts if it was not overtaken by another."""
        started, mark = self._backend.starts, self._backend.mark
        await self._weather.travel()
        if (lost and self._weather.fault(lost)) or started != self._backend.starts:
            return False
        if self.profile.mark and mark and int(mark.partition("-")[0]) > int(self.mark.partition("-")[0] or 0):
            self.mark = mark
            self._on_mark(mark)
        return True

    def set_token(self, token: str) -> None:
        if self._lures is not None:
            self._lures.token = f"{token}-of-{self._name}"

    async def close(self) -> None: ...

    # A computer that is suspended

    def suspended(self) -> None:
        """What is on its way there arrives now, or when the computer goes on, or not at all; nobody will
        hear the answer."""
        chance = self._weather.chance
        for key in [key for key in self._leaving if chance.random() < 0.5]:
            self._spawn(self._deliver_late(key, *self._leaving.pop(key), self.mark))
        self._free = [False] * len(self._free)

    async def _connected(self, request: Coroutine[Any, Any, T], broken: Answer) -> T | Answer:
        """What comes of a request; `broken` where its connection does not outlive a suspension."""
        naps, alive = self._computer.naps, self._free.pop() if self._free else True
        try:
            if alive:
                answer = await request
                if naps == self._computer.naps:
                    return answer
            else:
                request.close()
            await self._weather.loop.pause(self._weather.chance.choice(HANGS_S))
            return broken
        finally:
            self._free.append(True)

    @property
    def writing(self) -> bool:
        """Whether a write is out."""
        return bool(self._writing)

    # What a desk asks

    async def fetch(self, key: str, *, cache_bust: bool = False, unless: str | None = None) -> Answer:
        return await self._connected(self._fetch(key, cache_bust), NotReached("no answer any more"))

    async def _fetch(self, key: str, cache_bust: bool) -> Answer:
        weather = self._weather
        await self._asked(key)
        if weather.down or weather.fault(0.08):
            return NotReached("no answer to a read")
        if weather.fault(0.02):
            return TokenNeeded("the session ended")
        if self._lures is not None and weather.fault(LURED):
            return await self._lures.redirected(lambda real: real.fetch(key))  # type: ignore[no-any-return]
        if self._elsewhere:
            return AnotherHistory(self._backend.epoch)
        item, deleted = weather.item(key, cache_bust)
        if not await self._comes_back():
            return NotReached("it broke off")
        if item.gone:
            return Missing(deleted=deleted)
        return Done(self._seen_tag(item.etag), item.document)

    async def save(
        self, key: str, changes: dict[str, Any], etag: str, write_id: str, whole: object
    ) -> Answer:
        return await self._write(key, etag, lambda now: {**now, **changes}, write_id)

    async def create(self, key: str, document: dict[str, Any], write_id: str) -> Answer:
        return await self._write(key, None, lambda now: document, write_id)

    async def delete(self, key: str, etag: str, write_id: str) -> Answer:
        answer = await self._write(key, etag, lambda now: None, write_id)
        return Done(None, None) if isinstance(answer, Done) else answer

    async def _asked(self, key: str) -> None:
        """A request goes out; those of one desk for one segment do not rain."""
        now = self._weather.now
        times = [at for at in self._times.get(key, ()) if at > now - RAIN_S]
        self._times[key] = [*times, now]
        if len(times) > RAIN:
            raise Broken(f"I14 {self._name} asked {len(times)} times for {key} in {RAIN_S} s")
        await self._weather.travel()

    async def _write(self, key: str, tag: str | None, change: Change, write_id: str) -> Answer:
        if key in self._writing:
            raise Broken(f"I13 two writes of {key} by {self._name} at once")
        self._writing.add(key)
        self.goes_out(key, change({}), write_id)
        try:
            sent = self._sent(key, tag, change, write_id)
            return await self._connected(sent, Unproven("no answer any more"))
        finally:
            self._writing.discard(key)

    async def _sent(self, key: str, tag: str | None, change: Change, write_id: str) -> Answer:
        weather = self._weather
        self._leaving[key] = (tag, change, write_id)
        await self._asked(key)
        if self._leaving.pop(key, None) is None:
            return Unproven("it went without us")
        if weather.down or weather.fault(0.06):
            return NotReached("no way there")
        if self._lures is not None and weather.fault(0.03):
            return await self._lures.busy(_written(key, tag, change, write_id), 2.0)  # type: ignore[no-any-return]
        if self._lures is not None and weather.fault(LURED):
            return await self._lures.redirected(_written(key, tag, change, write_id))  # type: ignore[no-any-return]
        if weather.fault(0.06):
            return Unproven("lost on the way there")
        if self._elsewhere:
            return StaleTag()
        if weather.fault(0.02):
            self._spawn(self._deliver_late(key, tag, change, write_id, self.mark))
            return Unproven("on its way for a long time")
        if weather.fault(0.02):
            return TokenNeeded("the session ended")
        if weather.fault(0.01):
            return NotAllowed("you may only read this")
        if weather.fault(0.01) and change({}) is not None:
            weather.refused.add(key)
            return NotAccepted("not this text")
        if weather.fault(0.02):
            return Done(tag)  # something between says yes, and that is all that happens
        answer = self._carry_out(key, tag, change, self._name, write_id)
        if weather.fault(0.03):  # a proxy sent it twice: the second one's answer comes back
            answer = self._carry_out(key, tag, change, self._name, write_id)
        if not await self._comes_back(0.10):
            return Unproven("lost on the way back")
        if isinstance(answer, Done) and weather.fault(0.05):
            return Done(None, answer.document)  # the version was taken out on the way
        return Done(self._seen_tag(answer.etag), answer.document) if isinstance(answer, Done) else answer

    async def _deliver_late(
        self, key: str, tag: str | None, change: Change, write_id: str, mark: str
    ) -> None:
        """It overtakes nothing and is overtaken by everything that its desk does meanwhile."""
        for _ in range(self._weather.chance.choice((1, 5, 20))):
            await self._weather.travel()
        if self._knows(mark):
            self._carry_out(key, tag, change, self._name, write_id)

    async def contents(self, *, fresh: bool = False) -> Contents | Answer:
        return await self._connected(self._contents(fresh), NotReached("no answer any more"))

    async def _contents(self, fresh: bool) -> Contents | Answer:
        await self._asked("")
        if self._weather.down or self._weather.fault(0.1):
            return NotReached("no list")
        if self._lures is not None and self._weather.fault(4 * LURED):
            return await self._lures.paged()  # type: ignore[no-any-return]
        if self._elsewhere:
            return AnotherHistory(self._backend.epoch)
        found = self._weather.contents(fresh)
        if not await self._comes_back():
            return NotReached("it broke off")
        return found if found.epoch else Missing()

    async def make_project(self) -> Answer:
        await self._weather.travel()
        if self._backend.epoch:
            return StaleTag()
        self._backend.epoch = "anew"
        return Done()

    async def news(self, since: int) -> News | Answer:
        return await self._connected(self._news(since), NotReached("no answer any more"))

    async def _news(self, since: int) -> News | Answer:
        await self._asked("")
        if self._weather.down or self._weather.fault(0.1):
            return NotReached("no news")
        backend = self._backend
        if not backend.epoch:
            return Missing()
        if self._elsewhere:
            return AnotherHistory(backend.epoch)
        if since > backend.seq:
            return News(stale=True)
        keys = [*dict.fromkeys(key for key, _ in backend.log[since:])]
        if keys and self._weather.fault(0.01):
            self._weather.lost.add((self._name, keys.pop(0)))
        found = News(tuple(backend.listed(key) for key in keys), backend.seq, backend.epoch)
        return found if await self._comes_back() else NotReached("it broke off")

    async def history(self, key: str) -> list[Any]:
        return []

    async def be_at(self, desk: str, name: str, segment: str | None) -> Any:
        return None

    async def knocks(self, since: int) -> AsyncGenerator[int | None, None]:
        yield None

    def _seen_tag(self, tag: str | None) -> str | None:
        """The tag as it comes through: a proxy that packs answers may rewrite or drop it."""
        if tag is None or not self._weather.fault(0.01):
            return tag
        form = self._weather.chance.choice((*REWRITTEN, ""))
        return form.replace("{}", tag.rstrip('"') if form.endswith('"') else tag) or None


def _written(key: str, tag: str | None, change: Change, write_id: str) -> Ask:
    """The same write by the program's own repository."""
    document = change({})
    if document is None:
        return lambda real: real.delete(key, tag or "", write_id)
    if tag is None:
        return lambda real: real.create(key, document, write_id)
    return lambda real: real.save(key, document, tag, write_id, lambda whole: document)
