"""A list may come out of a cache that is behind what a desk knew before it was started again."""

from tests.properties.sync_faults import PROFILE
from tests.properties.sync_simulation import World

HARDLY = 1e-9
"""So bad is the weather that there may be a cache, and nothing else."""

AGE_S = 60.0


class Behind(World):
    async def _story(self, steps: int) -> None:
        here, there = self.desks
        cue = here.document.snapshot.cues[0].id
        self.weather.level = HARDLY
        self.backend.bump(here.state.key_of(cue) or "")
        self.weather.begin_to_cache()
        self.weather._stale_until = AGE_S
        there.run(there.type_into, cue)
        await there.runs(there.engine.settle(1.0))
        await here.runs(here.pull())
        await here.runs(here.journal.flushed())
        here.journal.meta["seq"] = str(self.weather.contents(fresh=False).seq)  # the last row is not on disk
        self._crash(here)
        here = self.desks[0]
        assert self.weather.stale
        await here.runs(here.pull(whole=True))
        await here.runs(here.engine.settle(1.0))
        assert self._shown(here) == self._shown(there) == self.kept()


def test_the_first_list_after_a_start_brings_nothing_older_back() -> None:
    """I1: the cache holds a version between the two that this desk ever met."""
    for seed in range(5):
        Behind(seed, cues=1, profile=PROFILE).run(0)
