"""Two people made the very same cue: it is one cue, and undo is still theirs."""

from __future__ import annotations

import pytest

from tests.properties.sync_lockstep import PROFILES, Desk, World
from vtt_desktop.domain.edits_text import set_text, split_cue


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
