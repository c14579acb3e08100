"""A list may come out of a cache that is behind what a desk knew before it was started again."""

from tests.properties.sync_faults import PROFILE
from tests.properties.sync_simulation import World
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue

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


class ReadsBehind(World):
    async def _story(self, steps: int) -> None:
        here, there = self.desks
        self.weather.level = HARDLY
        self.weather.begin_to_cache()
        self.weather._stale_until = AGE_S
        self.weather.contents = lambda fresh: self.backend.contents()  # type: ignore[method-assign]  # lists are new
        there.submit(insert_cue(Cue(there.document.new_id(), 20_000, 21_000, "new")))
        await there.runs(there.engine.settle(1.0))
        self._crash(here)
        here = self.desks[0]
        await here.runs(here.pull(whole=True))
        await here.runs(here.engine.settle(1.0))
        assert self._shown(here) == self._shown(there) == self.kept()


def test_what_the_first_list_after_a_start_has_anew_is_not_read_out_of_the_cache() -> None:
    """I12: the cache has no such segment yet, and a read of it would say so."""
    for seed in range(5):
        ReadsBehind(seed, cues=1, profile=PROFILE).run(0)
