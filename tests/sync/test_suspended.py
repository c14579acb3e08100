"""A desk that listens is suspended: then it knows what others did and sends its own, without a person."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from tests.properties.sync_faults import PROFILE, Network
from tests.properties.sync_simulation import World
from vtt_desktop.sync.phase import Phase

STREAM_S = 45.0
"""So long a dead stream may be read before the wire gives it up (`Wire.stream`)."""
SOON_S = STREAM_S + 60.0
"""So long after it woke a desk is as new as all others."""
BEFORE_S = 1.0
NAPS_S = {"a minute": 60.0, "three days": 259_200.0}


class Napping(World):
    """Two desks; the first listens, and is suspended for `nap` seconds."""

    def __init__(self, *, stops: bool, nap: float, writing: float, hangs: float) -> None:
        """`stops`: its monotonic clock stands still meanwhile. `writing`: so long before its person types, in
        seconds. `hangs`: the end of its stream is noticed so long after."""
        super().__init__(1, desks=2, cues=2, profile=PROFILE)
        self.weather.level = 0.0
        self._nap, self._writing, self._hangs = nap, writing, hangs
        self.desks[0].computer._stops = stops

    async def _knocks(self, network: Network, since: int) -> AsyncGenerator[int | None, None]:
        yield None
        naps = network._computer.naps
        while True:
            await self.loop.pause(0.1)
            if naps != network._computer.naps:
                break
            if since < self.backend.seq:
                since = self.backend.seq
                yield since
        await self.loop.pause(self._hangs)

    async def _story(self, steps: int) -> None:
        here, there = self.desks
        mine, theirs = (cue.id for cue in here.document.snapshot.cues)
        here.network.knocks = lambda since: self._knocks(here.network, since)  # type: ignore[method-assign]
        here.spawned(here.feed.listen, "listening")
        await self.loop.pause(BEFORE_S)
        here.run(here.type_into, mine)
        await self.loop.pause(self._writing)
        here.suspend()
        there.run(there.type_into, theirs)
        await self.loop.pause(self._nap)
        assert here.document.snapshot.cues[1] != there.document.snapshot.cues[1]
        here.computer.wake()
        await self.loop.pause(SOON_S)
        assert self._shown(here) == self.kept()
        assert {one.phase for one in here.state.segments.values()} == {Phase.SYNCED}
        await there.runs(there.pull())
        assert self._shown(there) == self.kept()
        assert {cue.text for cue in here.document.snapshot.cues} == {"desk0 says 3", "desk1 says 4"}


@pytest.mark.parametrize("hangs", [0.0, STREAM_S], ids=["reset", "half open"])
@pytest.mark.parametrize("writing", [0.0, 0.2, 0.25, 0.5, 2.0])
@pytest.mark.parametrize("nap", NAPS_S.values(), ids=NAPS_S.keys())
@pytest.mark.parametrize("stops", [True, False], ids=["the clock stops", "the clock goes on"])
def test_a_desk_that_was_suspended_comes_back_by_itself(
    stops: bool, nap: float, writing: float, hangs: float
) -> None:
    """I1, I3, I6, I15: whatever was out, and whatever its clocks did."""
    Napping(stops=stops, nap=nap, writing=writing, hangs=hangs).run(0)
