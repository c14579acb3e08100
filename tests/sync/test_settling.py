"""Who waits until all is sent is told when nothing is left to wait for."""

from __future__ import annotations

import asyncio

from tests.sync.segments import T1, T2, body
from vtt_desktop.sync.link import LinkWatch
from vtt_desktop.sync.schedule import Schedule
from vtt_desktop.sync.segment import Segment
from vtt_desktop.sync.state import Link, SyncState

BASE, MINE = body("as it was"), body("as it is now")


async def test_a_turn_that_is_not_needed_any_more_is_not_waited_for() -> None:
    """A segment waits for its turn, which is put off; meanwhile a colleague says the same."""
    state, clock = SyncState(Link.ONLINE), asyncio.get_running_loop().time

    async def fly(key: str) -> None:
        raise AssertionError(f"{key} has its turn")

    async with asyncio.TaskGroup() as tasks:
        link = LinkWatch(state, clock, lambda: 0.5)
        schedule = Schedule(state, link, lambda work, name: tasks.create_task(work), clock, lambda: 0.5, fly)
        state.put([Segment("k", BASE, T1, MINE)])
        schedule.backed_off("k", 30.0)
        settling = tasks.create_task(schedule.settle(60.0))
        await asyncio.sleep(0)
        assert not settling.done()
        state.put([Segment("k", MINE, T2, MINE)])
        schedule.later("k", 0.0)
        async with asyncio.timeout(5):
            await settling
