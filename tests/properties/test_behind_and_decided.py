"""What a bulk tool did just now to a cue is not written out yet when words come back to it: it stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.properties.decided_stories import Film
from tests.properties.sync_lockstep import Desk
from tests.properties.test_decided_cases import ABC, both_hear, carries, cue, says, text
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.sync.segment import Version
from vtt_desktop.sync.segment_events import Due, Fetched, Seen


def bulk(at: Desk) -> None:
    """Many cues are changed at once; of these here one, and none is written out yet."""
    at.engine._at_once = 0
    now = cue(at, 3)
    at.submit(Edit("Replace", (CueChange(now, now.with_(text=f"{now.text} all")),)))
    assert list(at.engine._machines.behind) == [at.state.key_of(3)]


def decided(film: Film, at: Desk) -> None:
    conflict = next(each for each in at.state.conflicts if each.id == 2)
    at.engine.resolve(2, conflict.take_theirs)


def taken_away(film: Film, at: Desk) -> None:
    """It is heard between two portions of the bulk."""
    key, machines = at.state.key_of(2) or "", at.engine._machines
    tag, document = film.backend.documents[key]
    seen = Version(machines.read(key, document), tag)
    for event in (Seen(seen), Due("w"), Fetched(seen)):
        machines.step(key, event)


@pytest.mark.parametrize(
    ("there", "meanwhile", "happens"),
    [(says(2, "b0 x"), None, decided), (says(3, "c0 c1 x"), says(2, "b0 b1 b2"), taken_away)],
    ids=["decided", "taken away"],
)
def test_it_stays(
    there: Callable[[Desk], None],
    meanwhile: Callable[[Desk], None] | None,
    happens: Callable[[Film, Desk], None],
) -> None:
    film = Film(1, ABC, 1)

    async def story() -> str:
        one, two = film.open("one"), film.open("two")
        one.engine.set_offline(True)
        carries(3, 2)(one)
        there(two)
        await both_hear(two, two)
        one.engine.set_offline(False)
        await both_hear(one, two)
        if meanwhile is not None:
            meanwhile(two)
            await both_hear(two, two)
        bulk(one)
        happens(film, one)
        left = text(one, 3)
        for desk in (one, two):
            await desk.engine.stop()
        return left

    assert film.run(story()) == "c0 c1 c2 all"
