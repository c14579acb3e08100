"""Several desks in lockstep on segments of several cues: once all are synced they show what the server has.

Nothing fails here (that is the simulator's); what is random is what people do to the list of cues. By the
seed and the sorting a failure is played again.
"""

from __future__ import annotations

import pytest

from tests.properties.sync_lockstep import PROFILES, World


@pytest.mark.parametrize("sorting", PROFILES)
@pytest.mark.parametrize("seeds", range(4))
def test_all_show_the_order_that_the_server_has(seeds: int, sorting: str) -> None:
    for seed in range(10 * seeds, 10 * seeds + 10):
        world = World(seed, PROFILES[sorting])
        world.run(world.story())
