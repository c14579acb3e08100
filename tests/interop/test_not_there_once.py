"""A segment that is once answered as not being there, and is: nobody is asked twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.backend_stories import Place
from tests.interop.desks import Screen
from tests.interop.odd_backends import Said, say
from tests.interop.resource_backends import ResourceShape
from tests.interop.shapes import place_on
from tests.interop.store_backends import TreeShape


class Flickering(ResourceShape):
    """Answers with 404 to so many of the next requests for one segment, of that method."""

    away: tuple[str, int] = ("GET", 0)
    asked: tuple[str, ...] = ()

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path.rpartition("/")[2] in "abc":
            self.asked = (*self.asked, method)
            if self.away[0] == method and self.away[1]:
                self.away = method, self.away[1] - 1
                return say(404, {"issue": []})
        return super().route(method, path, query, headers, body)


@pytest.fixture
def shelf() -> Iterator[Flickering]:
    yield from closing(Flickering())


@pytest.fixture
def place(shelf: Flickering, tmp_path: Path) -> Place:
    return place_on(shelf, tmp_path)


async def test_a_stray_404_before_a_save_asks_nothing(place: Place, shelf: Flickering) -> None:
    async with place.desk() as mine:
        mine.desk.set_text(mine.id(1), "mine")
        shelf.away = "GET", 1
        await mine.sync()
        assert mine.desk.conflicts == [] and mine.desk.status(mine.id(1)) == "synced"
    assert shelf.away[1] == 0 and len(shelf.log) == 3 + 1


async def asked_about_a_removal(mine: Screen, shelf: Flickering) -> int:
    """Two reads in a row find nothing; gives the cue that is asked about."""
    mine.desk.set_text(mine.id(1), "mine")
    shelf.away = "GET", 2
    await mine.sync()
    (conflict,) = mine.desk.conflicts
    assert conflict.kind.value == "removed-there"
    return conflict.id


async def test_a_segment_that_is_seen_again_as_it_was_is_no_conflict_any_more(
    place: Place, shelf: Flickering
) -> None:
    async with place.desk() as mine:
        await asked_about_a_removal(mine, shelf)
        await mine.sync()
        await mine.sync()
        assert mine.desk.conflicts == [] and mine.desk.status(mine.id(1)) == "synced"
        assert mine.texts == ["first words", "mine", "third words"]
    assert len(shelf.log) == 3 + 1


async def test_who_keeps_theirs_over_a_removal_that_was_none_is_not_asked_again(
    place: Place, shelf: Flickering
) -> None:
    async with place.desk() as mine:
        mine.desk.resolve(await asked_about_a_removal(mine, shelf), "mine")
        await mine.sync()
        assert mine.desk.conflicts == [] and mine.desk.status(mine.id(1)) == "synced"
        mine.desk.set_text(mine.id(1), "mine again")
        await mine.sync()
        assert mine.desk.status(mine.id(1)) == "synced"
    assert len(shelf.log) == 3 + 2


async def test_saves_that_find_nothing_where_a_read_finds_it_end_with_a_sentence(
    place: Place, shelf: Flickering
) -> None:
    """As where the profile has the wrong address for saves: I14."""
    shelf.away = "PUT", 99
    async with place.desk() as mine:
        mine.desk.set_text(mine.id(1), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(1)) == "refused"
        assert "nothing at the address" in (mine.desk.reason(mine.id(1)) or "")
        assert shelf.asked.count("PUT") <= 2 * 4  # each with one that tries whether old versions are refused
        shelf.away = "PUT", 0
        await mine.sync()
        assert mine.desk.status(mine.id(1)) == "synced"


class Unlisted(TreeShape):
    """Its list shows no versions, and is not there for so many of the next looks."""

    away = 0

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if path == "/films/one.json" and self.away:
            self.away -= 1
            return say(404)
        return super().route(method, path, query, headers, body)


async def test_a_list_without_versions_that_was_away_is_known_again_by_reads(tmp_path: Path) -> None:
    for shelf in closing(Unlisted()):
        async with place_on(shelf, tmp_path).desk() as mine:
            shelf.away = 2
            await mine.sync()
            assert "not on the server any more" in mine.desk.setback
            with shelf.lock:
                shelf.revisions["b"] += 7
            await mine.sync()
            assert mine.desk.setback  # one of them is not what it was
            with shelf.lock:
                shelf.revisions["b"] -= 7
            await mine.sync()
            assert mine.desk.setback == ""
            mine.desk.set_text(mine.id(1), "mine")
            await mine.sync()
            assert mine.desk.status(mine.id(1)) == "synced"
