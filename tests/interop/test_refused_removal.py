"""A removal that the server refuses: listed with its cue, tried again when somebody asks, or put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.desks import Screen
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from vtt_desktop.domain.edits_back import put_all_back
from vtt_desktop.sync.refusals import removed_of, why_of
from vtt_desktop.sync.segment import Phase, Segment


class Keeper(FilterShape):
    """Removes nothing while it is `locked`."""

    locked = True

    def route(self, method: str, *what: Any) -> Said:
        locked = method == "DELETE" and self.locked
        return say(422, {"message": "It is locked."}) if locked else super().route(method, *what)


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    yield from closing(Keeper())


def refused(at: Screen) -> list[Segment]:
    return [one for one in at.session.sync.segments.values() if one.phase is Phase.REFUSED]


@pytest.mark.parametrize("again", [False, True])
async def test_it_is_put_back_or_tried_again(again: bool, keeper: Keeper, tmp_path: Path) -> None:
    place = place_on(keeper, tmp_path)
    journal = tmp_path / "film.vttproj"
    async with place.desk(journal=journal) as at:
        before = at.texts
        at.desk.remove([at.id(1)])
        await at.sync()
    async with place.desk(journal=journal) as at:
        await at.sync()
        (one,) = refused(at)
        cues = at.session.document.snapshot.cues
        assert [cue.text for cue in removed_of(one, cues)] == [before[1]] and why_of(one) == "It is locked."
        (gone,) = removed_of(one, cues)
        words = "Refused: a removal, 00:00:03.000 “second words”. The server says: It is locked."
        assert {line.words for line in at.session.sync.log if "locked" in line.words} == {words}
        if again:
            keeper.locked = False
            await at.sync()
            assert refused(at) == [] and len(keeper.documents) == len(before) - 1
            return
        at.session.submit(put_all_back(at.session.document.snapshot, (gone, None), ())[0])
        assert refused(at) == [] and at.session.sync.summary.waiting == 0 and at.texts == before
        await at.sync()
        assert at.texts == before and len(keeper.documents) == len(before)
        at.desk.undo()
        await at.sync()
        assert len(refused(at)) == 1


async def test_a_backend_without_projects_is_called_by_its_name(keeper: Keeper, tmp_path: Path) -> None:
    async with place_on(keeper, tmp_path).desk() as at:
        assert at.session.title == "PostgREST"
