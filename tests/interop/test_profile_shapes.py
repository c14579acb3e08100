"""A profile reaches backends of every shape that the documentation promises, without a line of code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place, probed
from tests.interop.odd_backends import CouchShape, FormShape, Shelf, TextShape
from tests.interop.shapes import MAKING, SHAPES, place_on
from tests.interop.store_backends import RepositoryShape


@pytest.fixture(params=SHAPES, ids=lambda kind: kind.__name__)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    yield from closing(request.param())


@pytest.fixture
def place(shelf: Shelf, tmp_path: Path) -> Place:
    return place_on(shelf, tmp_path)


async def test_it_opens_in_order_with_its_times(place: Place) -> None:
    async with place.desk() as mine:
        assert mine.texts == ["first words", "second words", "third words"]
        assert [(cue.start, cue.end) for cue in mine.desk.cues] == [(1000, 2000), (3000, 4000), (5000, 6000)]
        assert mine.desk.link == "online"


async def test_saves_meet_and_are_decided(place: Place, shelf: Shelf) -> None:
    async with place.desk() as mine, place.desk() as other:
        cue = mine.id(1)
        before = mine.desk.etag(cue)
        mine.desk.set_times(cue, 3100, 4200)
        await mine.sync()
        assert mine.desk.status(cue) == "synced", mine.desk.reason(cue)
        assert mine.desk.etag(cue) not in (None, before)

        other.desk.set_text(other.id(1), "theirs")
        await other.sync()  # another field: merged
        assert other.desk.conflicts == [] and other.desk.status(other.id(1)) == "synced"
        assert (other.desk.cues[1].start, other.desk.cues[1].end) == (3100, 4200)

        mine.desk.set_text(cue, "mine")
        await mine.sync()
        assert mine.desk.status(cue) == "conflict"
        mine.desk.resolve(cue, "mine")
        await mine.sync()
        mine.desk.set_text(cue, "mine again")
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
        await other.sync()
        assert other.values == mine.values
    assert len(shelf.log) == 3 + 4  # each accepted once, nothing twice


async def test_cues_come_and_go_where_they_can(place: Place, shelf: Shelf) -> None:
    if type(shelf) not in MAKING or isinstance(shelf, TextShape):
        pytest.skip("this backend makes nothing, or has no list that would tell others")
    async with place.desk() as mine, place.desk() as other:
        new = mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="between")
        mine.desk.remove(mine.id(2))
        await mine.sync()
        assert mine.desk.status(new) == "synced"
        await other.sync()
        assert sorted(other.texts) == sorted(mine.texts) == ["between", "first words", "third words"]


KEPT = ("house", "note", "kept", "author", "reviewed", "owner", "identifier", "title")


async def test_other_fields_survive(place: Place, shelf: Shelf) -> None:
    held = shelf.documents["a"]
    if not isinstance(held, dict) or not (others := {name: held[name] for name in KEPT if name in held}):
        pytest.skip("it holds nothing else")
    async with place.desk() as mine:
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
    assert shelf.documents["a"] != held
    assert {name: shelf.documents["a"].get(name) for name in others} == others


async def test_the_probe_finds_nothing_bad(place: Place, shelf: Shelf) -> None:
    before = dict(shelf.documents)
    result = await probed(place, scratch="" if type(shelf) in MAKING else "b")
    assert result["writable"], result["reason"]
    assert result["marks"]["stale-save"] == "good"
    assert shelf.documents == before


@pytest.mark.parametrize("kind", [CouchShape, FormShape, RepositoryShape], ids=lambda kind: kind.__name__)
async def test_a_version_in_a_whole_document_is_left_out_to_try_a_save_without(
    kind: type[Shelf], tmp_path: Path
) -> None:
    for shelf in closing(kind()):
        result = await probed(place_on(shelf, tmp_path), scratch="" if kind in MAKING else "b")
        assert result["marks"]["no-version"] == "good"
