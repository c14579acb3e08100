"""Several conflicts in one segment: what is decided of them is kept until all is, also over a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place
from tests.interop.desks import Screen, desk
from tests.interop.shapes import place_on
from tests.interop.test_order_in_a_segment import Scenes
from vtt_desktop.domain.cue import Cue


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    for shelf in closing(Scenes()):
        yield place_on(shelf, tmp_path)


async def clash(mine: Screen, other: Screen) -> None:
    for number, word in enumerate(("one", "two")):
        other.desk.set_text(other.id(number), f"{word}, theirs")
    await other.sync()
    for number, word in enumerate(("one", "two")):
        mine.desk.set_text(mine.id(number), f"{word}, mine")
    await mine.sync()
    assert len(mine.desk.conflicts) == 2


async def test_a_decision_is_there_after_a_restart(place: Place, tmp_path: Path) -> None:
    """I3: what was composed is not lost."""
    project = tmp_path / "scenes.vttproj"
    async with place.desk() as other:
        async with desk(place.url, profile=str(place.profile), journal=project) as mine:
            await clash(mine, other)
            first = mine.desk.conflicts[0]
            assert first.mine is not None
            mine.desk.resolve(first.id, first.mine.with_(text="one, composed"))
            await mine.sync()
        async with desk(str(project)) as mine:
            (left,) = mine.desk.conflicts
            assert left.mine is not None and left.mine.text == "two, mine"
            mine.desk.resolve(left.id, "theirs")
            await mine.sync()
            await other.sync()
            assert mine.texts[:2] == other.texts[:2] == ["one, composed", "two, theirs"]
            assert mine.desk.conflicts == []


async def test_a_decision_on_what_moved_since_is_asked_again_and_can_be_put_back(place: Place) -> None:
    async with place.desk() as mine, place.desk() as other:
        await clash(mine, other)
        first = mine.desk.conflicts[0]
        assert first.mine is not None
        mine.desk.resolve(first.id, first.mine.with_(text="one, composed"))
        other.desk.set_text(other.id(0), "one, theirs again")
        await other.sync()
        await mine.sync()
        assert len(mine.desk.conflicts) == 2
        kept = [line.replaced.before for line in mine.session.sync.log if line.replaced is not None]
        assert "one, composed" in [side.text for side in kept if isinstance(side, Cue)]


async def test_a_decision_stays_where_only_another_cue_moved(place: Place) -> None:
    async with place.desk() as mine, place.desk() as other:
        await clash(mine, other)
        first = mine.desk.conflicts[0]
        mine.desk.resolve(first.id, "theirs")
        other.desk.set_text(other.id(1), "two, theirs again")
        await other.sync()
        await mine.sync()
        (left,) = mine.desk.conflicts
        mine.desk.resolve(left.id, "mine")
        await mine.sync()
        await other.sync()
        assert mine.texts[:2] == other.texts[:2] == ["one, theirs", "two, mine"]
