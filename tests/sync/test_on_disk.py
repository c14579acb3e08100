"""A write waits for the disk that shall know of it, and goes as soon as there is room."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.properties.sync_desk import Desk
from tests.properties.sync_faults import PROFILE
from tests.properties.sync_memory_journal import FULL
from tests.properties.sync_simulation import World
from vtt_desktop.sync.link import DISK_REFUSES
from vtt_desktop.sync.on_disk import WAIT_S

FOR_EVER = 1e9


def told(story: Callable[[World, Desk, Desk], Awaitable[None]]) -> None:
    """A story of two desks whose network is sound; the first one's disk is full from the start."""
    world = World(1, desks=2, cues=2, profile=PROFILE)
    world.weather.level = 0.0
    mine, other = world.desks
    mine.journal.disk.refuses(FULL, FOR_EVER)
    asyncio.set_event_loop(world.loop)
    try:
        world.loop.run_until_complete(story(world, mine, other))
    finally:
        for desk in world.desks:
            desk.die()
        world.loop.run_until_complete(world.loop.pause(0))
        asyncio.set_event_loop(None)
        world.loop.close()
    world.accounts.check()


def typed(desk: Desk, place: int) -> str:
    cue_id = desk.document.snapshot.cues[place].id
    desk.run(desk.type_into, cue_id)
    return desk.document.snapshot.cues.get(cue_id).text


def test_it_is_said_and_not_sent_until_there_is_room() -> None:
    async def story(world: World, mine: Desk, other: Desk) -> None:
        text = typed(mine, 0)
        await world.loop.pause(600.0)
        assert text not in world.backend.texts
        assert mine.state.summary.unwritten and mine.state.summary.detail == DISK_REFUSES
        assert mine.journal.waiting < 10, "each attempt to send it would make the journal's backlog longer"
        mine.journal.disk.refuses(FULL, 0.0)
        mine.run(mine.journal.commit, mine.journal.waiting)  # as it does by itself
        await world.loop.pause(WAIT_S / 10)
        assert text in world.backend.texts
        assert not mine.state.summary.unwritten and not mine.state.summary.detail

    told(story)


def test_who_asks_to_send_all_is_not_kept_waiting() -> None:
    async def story(world: World, mine: Desk, other: Desk) -> None:
        typed(mine, 0)
        await mine.runs(mine.engine.settle(WAIT_S / 2))
        assert world.loop.now < WAIT_S / 2

    told(story)


def test_it_goes_in_the_end_though_nobody_tells_that_there_is_room() -> None:
    async def story(world: World, mine: Desk, other: Desk) -> None:
        text = typed(mine, 0)
        await world.loop.pause(2.0)
        mine.journal.on_error = lambda sentence: None
        mine.journal.disk.refuses(FULL, 0.0)
        await world.loop.pause(WAIT_S + 2.0)
        assert text in world.backend.texts

    told(story)


def test_what_others_do_is_heard_meanwhile() -> None:
    async def story(world: World, mine: Desk, other: Desk) -> None:
        mine_text, text = typed(mine, 0), typed(other, 1)
        await other.runs(other.engine.settle())
        await mine.runs(mine.pull())
        await world.loop.pause(5.0)
        assert [cue.text for cue in mine.document.snapshot.cues] == [mine_text, text]

    told(story)
