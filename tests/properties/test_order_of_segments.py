"""Several desks in lockstep on segments of several cues: once all are synced they show what the server has.

Nothing fails here (that is the simulator's); what is random is what people do to the list of cues. By the
seed and the sorting a failure is played again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest

from tests.properties.sync_lockstep import PROFILES, World
from vtt_desktop.domain.edit import Origin
from vtt_desktop.domain.rearrange import edit_to


@pytest.mark.parametrize("sorting", PROFILES)
@pytest.mark.parametrize("seeds", range(4))
def test_all_show_the_order_that_the_server_has(seeds: int, sorting: str) -> None:
    for seed in range(10 * seeds, 10 * seeds + 10):
        world = World(seed, PROFILES[sorting])
        world.run(world.story())


@pytest.mark.parametrize("named", list(permutations(range(2))))
def test_several_that_come_back_at_a_wrong_place_end_at_their_own(named: Sequence[int]) -> None:
    """The first two of three, in whatever order they are named: each goes behind the one before it, wherever
    that stands."""
    world = World(1, PROFILES["keys"], several=(1,))

    async def story() -> None:
        desk = world.open("a")
        machines, document = desk.engine._machines, desk.document
        before = desk.shown
        cues = list(document.snapshot.cues)
        keys = [desk.state.key_of(cue.id) or "" for cue in cues]
        document.apply(edit_to(document.snapshot, document.snapshot.head, cues[::-1], "Mix", Origin.REMOTE))
        assert desk.shown == before[::-1]
        machines.to_their_places([keys[at] for at in named], "In order")
        assert desk.shown == before
        await desk.engine.stop()

    world.run(story())
