"""A list or a page of the feed that tells of many segments: taken over in portions, between which others have
their turn."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.desks import Screen
from tests.interop.odd_backends import CouchShape, Shelf
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from vtt_desktop.sync import feed
from vtt_desktop.sync.hearing import Hearing
from vtt_desktop.sync.setback import Setback

MANY = 12
PORTION = 4


@pytest.fixture(params=[FilterShape, CouchShape], ids=["a list", "a feed"])
def shelf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setattr(feed, "AT_ONCE", PORTION)
    for made in closing(request.param()):
        for number in range(MANY):
            begin = 10_000 + 3000 * number
            made.write(f"k{number:02}", made.first((begin, begin + 2000, f"line {number}")))
        yield made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many segments were told something in each turn of the loop that `turns` sees."""
    turns, hear = [0], Hearing.hear

    def counted(self: Hearing, *what: Any) -> None:
        turns[-1] += 1
        hear(self, *what)

    monkeypatch.setattr(Hearing, "hear", counted)
    return turns


def changes_all(at: Screen) -> None:
    with at.desk.group("All"):
        for cue in list(at.desk.cues):
            at.desk.set_text(cue.id, f"{cue.text}, or not")


async def test_they_are_taken_over_in_portions(shelf: Shelf, told: list[int], tmp_path: Path) -> None:
    place = place_on(shelf, tmp_path)
    async with place.desk() as mine, place.desk() as yours:
        changes_all(yours)
        await yours.sync()
        told[:] = [0]
        loop, over = asyncio.get_running_loop(), False

        def turn() -> None:
            told.append(0)
            if not over:
                loop.call_soon(turn)

        announced: list[frozenset[str]] = []
        mine.session.sync.changed.connect(lambda change: announced.append(change.keys))
        turn()
        assert mine.session.feed is not None and await mine.session.feed.pull()
        over = True
        assert max(told) == PORTION
        assert max(map(len, announced)) == PORTION  # windows follow once for each portion
        await mine.sync()
        assert mine.texts == yours.texts


async def test_it_goes_no_further_where_the_server_went_back(
    shelf: Shelf, told: list[int], tmp_path: Path
) -> None:
    place = place_on(shelf, tmp_path)
    async with place.desk() as mine, place.desk() as yours:
        changes_all(yours)
        await yours.sync()
        told[:] = [0]
        assert mine.session.engine is not None and mine.session.feed is not None
        hear, seq = Hearing.hear, mine.session.feed.seq

        def set_back(self: Hearing, *what: Any) -> None:
            hear(self, *what)
            asyncio.get_running_loop().call_soon(mine.session.sync.set_setback, Setback.OLDER)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Hearing, "hear", set_back)
            assert not await mine.session.feed.pull()
        assert sum(told) == PORTION and mine.session.feed.seq == seq
        mine.session.sync.set_setback(None)
        await mine.sync()
        assert mine.texts == yours.texts


async def test_what_came_to_be_known_between_the_portions_of_a_list_may_be_newer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As an answer to a save: an older list, out of a cache, is not believed on it."""
    monkeypatch.setattr(feed, "AT_ONCE", 1)
    with contextlib.closing(FilterShape()) as shelf:
        async with place_on(shelf, tmp_path).desk() as mine:
            events, hear = list[int](), Hearing.hear

            def heard(self: Hearing, *what: Any) -> None:
                events.append(what[-1])
                hear(self, *what)

            moments = count(100)
            monkeypatch.setattr(Hearing, "hear", heard)
            monkeypatch.setattr(Hearing, "mark", property(lambda self: next(moments)))  # much goes on
            assert mine.session.feed is not None and await mine.session.feed.pull()
            events.clear()
            before = next(moments)
            assert await mine.session.feed.pull()
            assert len(events) == 3 and max(events) < before - 2 * len(events)
