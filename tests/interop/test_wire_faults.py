"""Every fault that the wire can have, done to a save on our own server and on the reference contract: it ends
in bounded time, and the edit is there once."""

from __future__ import annotations

import asyncio

import pytest

from tests.fault_proxy import (
    CONNECTION,
    answer_overtaken,
    deaf,
    half_open,
)
from tests.interop import bad_lines
from tests.interop.backend_stories import settled
from tests.interop.bad_lines import BOUND_S, Shared, agreed, looked, sent
from tests.interop.fault_list import WIRE_FAULTS
from vtt_desktop.sync.answers import Missing, Unproven
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.wire import Wire

LARGE = 6_000_000


@pytest.mark.parametrize("name", WIRE_FAULTS)
async def test_it_ends_in_bounded_time_and_the_edit_is_there_once(name: str, shared: Shared) -> None:
    await bad_lines.it_ends_and_the_edit_is_there_once(shared, name)


async def test_a_save_that_arrives_after_the_one_that_was_sent_again(shared: Shared) -> None:
    await bad_lines.it_arrives_after_the_one_that_was_sent_again(shared)


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
