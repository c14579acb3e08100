"""Backends that keep no order of cues: every desk has them in the same one all the same."""

from __future__ import annotations

from pathlib import Path

from tests.app.program import closing
from tests.interop.record_backends import CountShape, FilterShape, FirestoreShape
from tests.interop.resource_backends import OwnIdsShape
from tests.interop.shapes import place_on


class Timed(FirestoreShape):
    """Without anything to sort by but the times."""


async def test_inserted_cues_stand_by_their_times_on_both_desks(tmp_path: Path) -> None:
    for shelf in closing(Timed()):
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="mine between")
            other.desk.insert(after=other.id(0), start=2200, end=2800, text="theirs between")
            other.desk.insert(after=other.id(3), start=500, end=900, text="put last, said first")
            await mine.sync()
            await other.sync()
            await mine.sync()
            wanted = [
                "put last, said first",
                "first words",
                "mine between",
                "theirs between",
                "second words",
                "third words",
            ]
            assert other.texts == wanted
            assert mine.texts == wanted
            async with place.desk() as third:
                assert third.texts == wanted


async def test_several_that_were_put_last_and_are_said_first_go_there_together(tmp_path: Path) -> None:
    """Each fits between the others, though none stands where its times say."""
    for shelf in closing(Timed()):
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            for i in range(6):
                mine.desk.insert(after=mine.id(2 + i), start=100 + i, end=900, text=f"said first {i}")
            await mine.sync()
            await other.sync()
            assert other.texts == [
                *(f"said first {i}" for i in range(6)),
                "first words",
                "second words",
                "third words",
            ]
            assert mine.texts == other.texts


async def test_a_time_that_passes_a_neighbours_moves_the_cue_once_it_is_saved(tmp_path: Path) -> None:
    for shelf in closing(Timed()):
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            cue = mine.id(0)
            mine.desk.set_times(cue, 4200, 4900)
            assert mine.texts[0] == "first words"  # nothing jumps before it is saved
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts == ["second words", "first words", "third words"]
            assert mine.desk.status(cue) == "synced"
            assert len(shelf.log) == 4  # a place is nothing that is sent
            mine.desk.undo()
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts == ["first words", "second words", "third words"]


async def test_two_cues_of_one_time_stand_alike_everywhere(tmp_path: Path) -> None:
    for shelf in closing(Timed()):
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            for i in range(4):
                mine.desk.insert(after=mine.id(i), start=2100, end=2900, text=f"mine {i}")
                other.desk.insert(after=other.id(0), start=2100, end=2900, text=f"theirs {i}")
            await mine.sync()
            await other.sync()
            await mine.sync()
            assert len(mine.texts) == 11
            assert mine.texts == other.texts
            async with place.desk() as third:
                assert third.texts == mine.texts


class Given(OwnIdsShape):
    """The list has an order that only the backend knows: the newest stand first."""

    PROFILE = OwnIdsShape.PROFILE.replace('order = "/attributes/place"\n', "").replace(
        'url = "/cues"\n    items', 'url = "/cues"\n    sort = "given"\n    items'
    )


async def test_an_order_that_the_list_gives_is_everybodys(tmp_path: Path) -> None:
    for shelf in closing(Given()):
        shelf.documents = dict(reversed(shelf.documents.items()))
        place = place_on(shelf, tmp_path)
        async with place.desk() as mine, place.desk() as other:
            assert mine.texts == ["third words", "second words", "first words"]
            mine.desk.insert(after=mine.id(0), start=2100, end=2900, text="new")
            await mine.sync()
            await other.sync()
            await mine.sync()
            assert mine.texts == other.texts == ["third words", "second words", "first words", "new"]
            with shelf.lock:
                shelf.documents = dict(reversed(shelf.documents.items()))
            await mine.sync()
            await other.sync()
            assert mine.texts == other.texts == ["new", "first words", "second words", "third words"]
            assert mine.desk.conflicts == []


async def test_nothing_is_sorted_anew_where_a_list_says_how(tmp_path: Path) -> None:
    """By a field that the backend sorts by itself."""
    for kind in (FilterShape, CountShape):
        for shelf in closing(kind()):
            async with place_on(shelf, tmp_path).desk() as mine:
                assert mine.texts == ["first words", "second words", "third words"]
