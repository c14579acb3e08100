"""A document on a real server, and a line to it that has the faults of a proxy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx

from tests.fault_proxy import FaultProxy
from tests.interop.desks import Screen, desk

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

    @contextlib.asynccontextmanager
    async def far(self) -> AsyncIterator[Screen]:
        """A desk on the bad line. What waits for ever is ended from outside, and that is a failure."""
        stuck: list[str] = []

        def end() -> None:
            stuck.extend(" ".join(one) for one in self.proxy.seen[-5:])
            self.proxy.clear()
            self.proxy.cut()

        bound = asyncio.get_running_loop().call_later(BOUND_S, end)
        async with desk(self.url.replace(self.proxy.target, self.proxy.url), token=self.token) as one:
            yield one
        bound.cancel()
        assert not stuck, f"it did not end in {BOUND_S} s; the last requests: {stuck}"

    def near(self) -> contextlib.AbstractAsyncContextManager[Screen]:
        return desk(self.url, token=self.token)

    def versions(self, screen: Screen) -> int:
        """How often the first cue's segment was written."""
        if not self.token:
            return self.proxy.carried_out["PATCH"]
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
