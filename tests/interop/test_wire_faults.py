"""Every fault that the wire can have, done to a save on our own server and on the reference contract: it ends
in bounded time, and the edit is there once."""

from __future__ import annotations

import asyncio

import pytest

from tests.fault_proxy import (
    CONNECTION,
    answer_overtaken,
    closed_under_us,
    deaf,
    half_open,
    overtaken,
)
from tests.interop.backend_stories import settled
from tests.interop.bad_lines import BOUND_S, Shared, agreed, looked, sent
from tests.interop.fault_list import WIRE_FAULTS
from vtt_desktop.sync.answers import Missing, Unproven
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.wire import Wire

LARGE = 6_000_000


@pytest.mark.parametrize("name", WIRE_FAULTS)
async def test_it_ends_in_bounded_time_and_the_edit_is_there_once(
    name: str, shared: Shared, request: pytest.FixtureRequest
) -> None:
    """I3, I5, I7, I14: whatever happened to the save, it is in the history once, and the next one works."""
    fault = WIRE_FAULTS[name]
    if fault.silent:
        request.getfixturevalue("impatient")
    proxy = shared.proxy
    async with shared.far() as mine:
        before = shared.versions(mine)
        if fault.before is not None:
            proxy.on("GET", fault.before)
            await looked(mine)
        if fault.save is not None:
            proxy.on(fault.at, fault.save)
        mine.desk.set_text(mine.id(0), "sent once")
        await settled(mine)
        assert proxy.met and proxy.swallowed == (fault.before in (half_open, closed_under_us))
        assert shared.versions(mine) == before + 1
        mine.desk.set_text(mine.id(0), "and the next one")
        await settled(mine)
        assert shared.versions(mine) == before + 2
        await agreed(shared, mine, "and the next one")


async def test_a_save_that_arrives_after_the_one_that_was_sent_again(shared: Shared, impatient: None) -> None:
    """I5: it was given up, read, and sent again; then it arrives, after the edit that followed it."""
    async with shared.far() as mine:
        before = shared.versions(mine)
        shared.proxy.on("PATCH", overtaken(4))
        mine.desk.set_text(mine.id(0), "sent once")
        await sent(mine)
        assert mine.desk.status(mine.id(0)) == "synced"
        mine.desk.set_text(mine.id(0), "and the next one")
        await settled(mine)
        await shared.proxy.late.wait()
        await settled(mine)
        assert shared.versions(mine) == before + 2
        await agreed(shared, mine, "and the next one")


async def test_a_read_that_is_overtaken_by_a_save(shared: Shared) -> None:
    """I5, I12: what it shows was true when it was asked for, and is not any more."""
    async with shared.far() as mine:
        assert mine.session.feed is not None
        shared.proxy.on("GET", answer_overtaken(1))
        reading = asyncio.gather(mine.session.feed.pull(whole=True))
        await shared.proxy.there.wait()
        mine.desk.set_text(mine.id(0), "newer than what was read")
        await sent(mine)
        assert await reading == [True] and mine.desk.conflicts == []
        assert mine.texts[0] == "newer than what was read" and mine.desk.setback == ""
        await settled(mine)
        await agreed(shared, mine, "newer than what was read")


async def test_a_line_that_dies_while_nobody_looks(shared: Shared, impatient: None) -> None:
    """A laptop was shut: every connection that a desk has is one to nobody, and a read finds out first."""
    async with shared.far() as mine:
        shared.proxy.on("GET", half_open)
        await looked(mine)
        assert mine.session.feed is not None
        assert not await mine.session.feed.pull() and mine.desk.link == "unreachable"
        mine.desk.set_text(mine.id(0), "after a night")
        await settled(mine)
        await agreed(shared, mine, "after a night")


async def test_a_large_save_that_nobody_reads(contract: Shared, impatient: None) -> None:
    """More than a system takes in by itself: it is not an answer that is waited for, but to be let speak."""
    proxy = contract.proxy
    proxy.on(CONNECTION, deaf)
    line = Wire(Profile("it"), proxy.url, "")
    async with asyncio.timeout(BOUND_S):
        answer, _ = await line.request("PATCH", "/vtt/1", body={"content": "x" * LARGE})
        assert isinstance(answer, Unproven) and proxy.met and proxy.seen == []
        assert isinstance((await line.request("GET", "/vtt/none"))[0], Missing)
    await line.close()
