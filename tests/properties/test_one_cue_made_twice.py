"""Two people made the very same cue: it is one cue, and undo is still theirs."""

from __future__ import annotations

import pytest

from tests.properties.sync_lockstep import PROFILES, Desk, World
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, set_text, split_cue
from vtt_desktop.sync.schedule import PARALLEL
from vtt_desktop.sync.state import Link


def split(desk: Desk, at_char: int = 2) -> None:
    cue = desk.document.snapshot.cues[1]
    new_id = desk.document.new_id()
    desk.submit(split_cue(desk.document.snapshot, cue.id, new_id, at_char=at_char, at_ms=None))


async def offline(*desks: Desk) -> None:
    for desk in desks:
        desk.engine.set_offline(True)


async def online(*desks: Desk) -> None:
    for desk in (*desks, *desks):
        desk.engine.set_offline(False)
        await desk.sync()


@pytest.mark.parametrize("sorting", ["keys", "times"])
@pytest.mark.parametrize("several", [1, 3])
def test_the_same_split_at_two_desks_is_one(sorting: str, several: int) -> None:
    world = World(1, PROFILES[sorting], (several,))

    async def story() -> None:
        one, two = world.open("one"), world.open("two")
        count = len(one.shown)
        await offline(one, two)
        split(one)
        split(two)
        await online(one, two)
        assert one.shown == two.shown == world.kept and len(one.shown) == count + 1
        assert not one.state.conflicts and not two.state.conflicts
        if several == 1:
            assert any("very same cue" in line.words for line in two.state.log)
        two.history.undo()
        await online(two, one)
        assert one.shown == two.shown == world.kept and len(one.shown) == count
        for desk in (one, two):
            await desk.engine.stop()

    world.run(story())


def test_one_that_was_changed_since_is_another() -> None:
    world = World(1, PROFILES["keys"], (1,))

    async def story() -> None:
        one, two = world.open("one"), world.open("two")
        await offline(one, two)
        split(one)
        split(two)
        new = two.document.snapshot.cues[2]
        two.submit(set_text(two.document.snapshot, new.id, f"{new.text} and more"))
        count = len(one.shown)
        await online(one, two)
        assert one.shown == two.shown == world.kept and len(one.shown) == count + 1
        for desk in (one, two):
            await desk.engine.stop()

    world.run(story())


def test_it_is_the_same_after_the_program_began_anew() -> None:
    world = World(1, PROFILES["keys"], (1,))

    async def story() -> None:
        one, two = world.open("one"), world.open("two")
        await offline(one, two)
        split(one)
        split(two)
        await online(one)
        two = await two.restart()
        await online(two, one)
        two = await two.restart()
        await online(two, one)
        assert one.shown == two.shown == world.kept and len(one.shown) == 4
        for desk in (one, two):
            await desk.engine.stop()

    world.run(story())


@pytest.mark.parametrize("sorting", ["keys", "times"])
@pytest.mark.parametrize("also", [False, True])
def test_after_an_outage_others_are_heard_before_a_cue_is_made(sorting: str, also: bool) -> None:
    """The network comes back and a turn of ours is the first that gets through: it asks for news. `also`:
    something waits beside it that needs none, a changed text."""
    world = World(1, PROFILES[sorting], (1,))

    async def story() -> None:
        one, two = world.open("one"), world.open("two")
        count = len(one.shown)
        world.weather.level = 1.0
        world.weather.begin_an_outage(20.0)
        split(one)
        split(two)
        if also:
            last = two.document.snapshot.cues[-1]
            two.submit(set_text(two.document.snapshot, last.id, "something else"))
        await world.loop.pause(15.0)
        assert {desk.state.link for desk in (one, two)} == {Link.UNREACHABLE}
        world.weather.level = 0.0
        for desk in (one, two):
            await desk.engine.settle(100.0)
            assert desk.state.link is Link.ONLINE
        await one.sync()
        assert one.shown == two.shown == world.kept and len(one.shown) == count + 1
        assert not one.state.conflicts and not two.state.conflicts
        for desk in (one, two):
            await desk.engine.stop()

    world.run(story())


def test_what_waited_for_its_turn_while_the_server_was_lost_asks_first_too() -> None:
    """More are on their way than go out at once: the first find nobody, the last might get through."""
    world = World(44, PROFILES["keys"], (1,))

    async def story() -> None:
        one, two = world.open("one"), world.open("two")
        for desk in (one, two):
            for start in range(PARALLEL + 4):
                cue = Cue(desk.document.new_id(), 10_000 + 1000 * start, 10_900 + 1000 * start, f"a{start}")
                desk.submit(insert_cue(cue, desk.document.snapshot.cues[-1].id))
            if desk is one:
                await desk.sync()
        count = len(one.shown)
        world.weather.level = 1.0
        world.weather.begin_an_outage(0.301)
        settled = world.loop.create_task(two.engine.settle(100.0))
        await world.loop.pause(0.301)
        world.weather.level = 0.0
        await settled
        await one.sync()
        assert one.shown == two.shown == world.kept and len(one.shown) == count
        for desk in (one, two):
            await desk.engine.stop()

    world.run(story())
