"""I16 where a server was restored: what a removed segment's document held comes back with an undo."""

from __future__ import annotations

from tests.properties.sync_backend import NOBODY
from tests.properties.sync_lockstep import PROFILES, World
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.sync.segment import Version
from vtt_desktop.sync.segment_events import Due, Event, Fetched, Saved, Seen

GONE = Version(None, None)
REMOVED: tuple[Event, ...] = (Due("w"), Saved(GONE), Due(), Fetched(GONE, True))


def test_a_removal_that_a_restored_server_showed_again_comes_back_whole() -> None:
    """It is shown again before its removal is over here, as another cue, which is removed by a decision."""
    world = World(1, PROFILES["keys"], (1,))
    world.backend.put("k1", {**world.backend.documents["k1"][1], "note": "of somebody"}, NOBODY)

    async def story() -> None:
        desk = world.open("one")
        tag, document = world.backend.documents["k1"]
        desk.submit(set_text(desk.document.snapshot, desk.document.snapshot.cues[0].id, "saved"))
        await desk.sync()
        machines, cue = desk.engine._machines, desk.document.snapshot.cues[0]
        desk.submit(remove_cues(desk.document.snapshot, [cue.id]))
        for event in (Due("w"), Saved(GONE), Due(), Seen(GONE), Fetched(GONE, True), Due()):
            machines.step("k1", event)
        machines.step("k1", Fetched(Version(machines.read("k1", document), tag)))
        machines.step("k1", Due())
        machines.step("k1", Fetched(Version(machines.read("k1", document), tag)))
        (conflict,) = desk.state.conflicts
        desk.engine.resolve(conflict.id, None)
        for event in REMOVED:
            machines.step("k1", event)
        world.backend.put("k1", None, NOBODY)
        desk.history.undo()
        await desk.sync()
        assert world.kept == desk.shown and len(world.kept) == 3
        (key,) = (one.key for one in desk.state.segments.values() if one.mine and cue in one.mine.cues)
        assert world.backend.documents[key][1].get("note") == "of somebody"
        await desk.engine.stop()

    world.run(story())
