"""A document on a real server, a line to it with the faults of a proxy, and what holds on every server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from tests.fault_proxy import (
    FaultProxy,
    closed_under_us,
    closed_when_idle,
    etag,
    half_open,
    known_name,
    overtaken,
    unknown_name,
)
from tests.interop.backend_stories import settled
from tests.interop.desks import Screen, desk
from tests.interop.fault_list import REWRITTEN, SAVE, WIRE_FAULTS
from vtt_desktop.sync import wire

BLOCKS = "1\n00:00:01.000 --> 00:00:02.000\nfirst words\n\n2\n00:00:03.000 --> 00:00:04.000\nsecond words\n"
SHORT_S = 0.4
"""So long an impatient desk waits for an answer, where none comes."""
BOUND_S = 10.0
"""Whatever happens on the line, it has ended by then."""


@dataclass(frozen=True)
class Shared:
    """A document on a server, and the line to it that has the faults."""

    proxy: FaultProxy
    url: str
    token: str = ""
    profile: str = ""
    save: str = SAVE
    """The method of a save there."""

    @contextlib.asynccontextmanager
    async def far(self, host: str = "127.0.0.1") -> AsyncIterator[Screen]:
        """A desk on the bad line. What waits for ever is ended from outside, and that is a failure."""
        stuck: list[str] = []

        def end() -> None:
            stuck.extend(" ".join(one) for one in self.proxy.seen[-5:])
            self.proxy.clear()
            self.proxy.cut()

        bound = asyncio.get_running_loop().call_later(BOUND_S, end)
        there = self.proxy.url.replace("127.0.0.1", host)
        url = self.url.replace(self.proxy.target, there)
        async with desk(url, token=self.token, profile=self.profile) as one:
            yield one
        bound.cancel()
        assert not stuck, f"it did not end in {BOUND_S} s; the last requests: {stuck}"

    def near(self) -> contextlib.AbstractAsyncContextManager[Screen]:
        return desk(self.url, token=self.token, profile=self.profile)

    def versions(self, screen: Screen) -> int:
        """How often the first cue's segment was written."""
        if self.profile or not self.token:
            return self.proxy.carried_out[self.save]
        key = screen.session.sync.key_of(screen.id(0))
        told = httpx.get(f"{self.url}/vtt/{key}/history", headers={"Authorization": f"Bearer {self.token}"})
        return len(told.json()["items"])


async def looked(screen: Screen) -> None:
    """Reads what others did, and sends nothing."""
    assert screen.session.feed is not None
    assert await screen.session.feed.pull()


async def sent(screen: Screen, patience_s: float = 5.0) -> None:
    """Sends what waits, and reads nothing that this does not need."""
    assert screen.session.engine is not None
    await screen.session.engine.settle(patience_s)


async def agreed(shared: Shared, mine: Screen, *texts: str) -> None:
    """All is saved, nobody was asked anything, and a colleague sees these texts first."""
    assert mine.desk.conflicts == [] and mine.desk.link == "online"
    assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
    async with shared.near() as other:
        assert other.values == mine.values
        assert other.texts[: len(texts)] == [*texts]


@contextlib.contextmanager
def impatience() -> Iterator[None]:
    """No desk waits longer than `SHORT_S` for an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire, "_TIMEOUT", httpx.Timeout(SHORT_S))
        patch.setattr(wire, "_WHOLE_S", 1.5 * SHORT_S)
        yield


async def it_ends_and_the_edit_is_there_once(shared: Shared, name: str) -> None:
    """I3, I5, I7, I14: whatever happened to the save, it is in the history once, and the next one works."""
    fault, proxy = WIRE_FAULTS[name], shared.proxy
    with impatience() if fault.silent else contextlib.nullcontext():
        async with shared.far() as mine:
            before = shared.versions(mine)
            if fault.before is not None:
                proxy.on("GET", fault.before)
                await looked(mine)
            if fault.save is not None:
                proxy.on(shared.save if fault.at == SAVE else fault.at, fault.save)
            mine.desk.set_text(mine.id(0), "sent once")
            await settled(mine)
            assert proxy.met and proxy.swallowed == (fault.before in (half_open, closed_under_us))
            assert shared.versions(mine) == before + 1
            mine.desk.set_text(mine.id(0), "and the next one")
            await settled(mine)
            assert shared.versions(mine) == before + 2
            await agreed(shared, mine, "and the next one")


async def it_arrives_after_the_one_that_was_sent_again(shared: Shared) -> None:
    """I5: a save was given up, read, and sent again; then it arrives, after the edit that followed it."""
    with impatience():
        async with shared.far() as mine:
            before = shared.versions(mine)
            shared.proxy.on(shared.save, overtaken(4))
            mine.desk.set_text(mine.id(0), "sent once")
            await sent(mine)
            assert mine.desk.status(mine.id(0)) == "synced"
            mine.desk.set_text(mine.id(0), "and the next one")
            await settled(mine)
            await shared.proxy.late.wait()
            await settled(mine)
            assert shared.versions(mine) == before + 2
            await agreed(shared, mine, "and the next one")


async def its_name_is_not_known_any_more(shared: Shared) -> None:
    """Rule 5: nothing went out, so nothing has to be asked when the name is known again."""
    proxy = shared.proxy
    with known_name("localhost"):
        async with shared.far("localhost") as mine:
            mine.desk.set_text(mine.id(0), "the first save tries a server")
            await settled(mine)
            proxy.on("GET", closed_when_idle)
            await looked(mine)
            before, seen = shared.versions(mine), len(proxy.seen)
            with unknown_name("localhost"):
                mine.desk.set_text(mine.id(0), "kept")
                await mine.sync()
                assert mine.desk.link == "unreachable" and mine.desk.status(mine.id(0)) == "dirty"
                assert "its name is not known" in mine.session.sync.summary.detail
            assert len(proxy.seen) == seen
            await settled(mine)
            assert shared.versions(mine) == before + 1
            await agreed(shared, mine, "kept")


async def what_was_rewritten_for_a_while_is_no_older_version(
    shared: Shared, how: Callable[[bytes], bytes]
) -> None:
    """Where versions never come back, one that does tells that the server did: but not the one of now."""
    async with shared.far() as mine:
        shared.proxy.always("GET", etag(how))
        mine.desk.set_text(mine.id(0), "mine")
        await sent(mine, 1.0)
        assert mine.texts[0] == "mine" and shared.proxy.count(shared.save) < 4
        shared.proxy.clear()
        await mine.sync()
        assert mine.desk.setback == ""
        await agreed(shared, mine, "mine")


ON_EVERY_BACKEND: dict[str, Callable[[Shared], Awaitable[None]]] = {
    **{
        name: partial(it_ends_and_the_edit_is_there_once, name=name)
        for name in (
            "half-open",
            "accepts and never reads",
            "keep-alive closed while idle",
            "slow drip",
            "cut in the body",
            "captive portal",
            "200 without ETag",
            *(f"tag rewritten: {name}" for name in REWRITTEN),
        )
    },
    "reorder": it_arrives_after_the_one_that_was_sent_again,
    "DNS failure": its_name_is_not_known_any_more,
}
"""What is silent, and what depends on how a backend answers."""
