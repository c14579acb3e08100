"""An edit that moved text is half there when others change what got it, and a person may have to decide that:
where it is decided without the text, that is where it came from."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from tests.app.program import closing
from tests.fault_proxy import Exchange, drop_request, fault_proxy, through
from tests.interop.desks import Screen, desk
from tests.interop.odd_backends import Shelf
from tests.interop.record_backends import FilterShape
from tests.interop.resource_backends import OwnIdsShape, ResourceShape
from tests.interop.shapes import place_on
from tests.interop.store_backends import BucketShape
from tests.interop.test_half_a_move import FIRST, SECOND, Act, carries, merges, splits


@pytest.fixture(params=[FilterShape, ResourceShape, OwnIdsShape], ids=["all told", "order apart", "not told"])
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    yield from closing(request.param())


def removes(text: str) -> Act:
    """Removes the cue that says this."""
    return lambda at: at.desk.remove(next(cue.id for cue in at.desk.cues if cue.text == text))


def says(row: int, text: str) -> Act:
    return lambda at: at.desk.set_text(at.id(row), text)


@pytest.mark.parametrize("typed", [False, True], ids=["as it was", "typed, and started again"])
@pytest.mark.parametrize(
    ("here", "there", "more"),
    [
        (splits, removes("words"), lambda at: at.desk.set_text(at.id(1), "words typed")),
        (merges, says(0, FIRST), lambda at: at.desk.set_text(at.id(0), f"{FIRST}\n{SECOND} typed")),
        (carries, says(1, SECOND), lambda at: at.desk.set_text(at.id(1), f"words {SECOND} typed")),
    ],
    ids=["split", "merge", "carried word"],
)
async def test_what_is_decided_away_is_where_it_came_from(
    here: Act, there: Act, more: Act, typed: bool, shelf: Shelf, tmp_path: Path
) -> None:
    place, journal = place_on(shelf, tmp_path), tmp_path / "film.vttproj"
    async with fault_proxy(place.url) as proxy, place.desk() as other:
        await two_cues(other)
        written = False

        async def second_is_lost(exchange: Exchange) -> None:
            nonlocal written
            before = dict(shelf.revisions)
            if written and exchange.method != "GET":
                mine.desk.offline = True  # the lid is closed
                await drop_request(exchange)
                return
            await through(exchange)
            written = written or shelf.revisions != before

        async with replace(place, url=proxy.url).desk(journal=journal) as mine:
            proxy.always("*", second_is_lost)
            here(mine)
            await mine.sync()
            assert mine.desk.offline
            if typed:
                more(mine)
            await other.sync()
            there(other)
            await other.sync()
            assert other.texts == [FIRST, SECOND]
            proxy.clear()
            if not typed:
                mine.desk.offline = False
                await decided(mine, other)
        if typed:
            async with desk(str(journal)) as mine:
                mine.desk.offline = False
                await decided(mine, other)


async def two_cues(at: Screen, one: str = FIRST, two: str = SECOND) -> None:
    with at.desk.group("Two cues"):
        at.desk.remove([cue.id for cue in at.desk.cues])
        first = at.desk.insert(start=1000, end=2000, text=one)
        at.desk.insert(after=first, start=3000, end=4000, text=two)
    await at.sync()
    await at.sync()


async def decided(mine: Screen, other: Screen) -> None:
    for _ in range(3):
        await mine.sync()
        for conflict in mine.desk.conflicts:
            mine.desk.resolve(conflict.id, "theirs")
    await other.sync()
    assert mine.texts == other.texts == [FIRST, SECOND]
    assert mine.session.sync.summary.waiting == 0


@pytest.mark.parametrize(
    ("here", "there", "gives", "takes"),
    [(splits, removes("words"), 0, 1), (merges, says(0, FIRST), 1, 0), (carries, says(1, SECOND), 0, 1)],
    ids=["split", "merge", "carried word"],
)
async def test_while_it_is_to_be_read_nothing_is_taken_away(
    here: Act, there: Act, gives: int, takes: int, tmp_path: Path
) -> None:
    """A list of versions tells that another changed what got the text, and not how."""
    with contextlib.closing(BucketShape()) as shelf:
        place = place_on(shelf, tmp_path)
        async with fault_proxy(place.url) as proxy, place.desk() as other:
            await two_cues(other)
            async with replace(place, url=proxy.url).desk() as mine:
                keys = [mine.session.sync.key_of(cue.id) for cue in mine.desk.cues]
                giver, gone = keys[gives] or "", asyncio.Event()

                async def halves(exchange: Exchange) -> None:
                    await through(exchange)
                    mine.desk.offline |= exchange.method != "GET"

                async def slow(exchange: Exchange) -> None:
                    one = mine.session.sync.segment(giver)
                    if taker in exchange.path and one is not None and not one.after:
                        await gone.wait()
                    await through(exchange)
                    if exchange.method != "GET" and giver in exchange.path:
                        gone.set()

                proxy.always("*", halves)
                here(mine)
                taker = mine.session.sync.key_of(mine.id(takes)) or ""
                await mine.sync()
                assert mine.desk.offline
                await other.sync()
                there(other)
                await other.sync()
                proxy.clear()
                proxy.always("*", slow)
                mine.desk.offline = False
                await decided(mine, other)


@pytest.mark.parametrize(
    ("choice", "texts"),
    [("theirs", ["first words", "second others"]), ("mine", ["first lines", "words second"])],
)
async def test_two_cues_that_gave_words_to_each_other(
    choice: Literal["mine", "theirs"], texts: list[str], tmp_path: Path
) -> None:
    """Neither is written while a person has to decide on one of them, and both are after that."""
    with contextlib.closing(FilterShape()) as shelf:
        place = place_on(shelf, tmp_path)
        async with fault_proxy(place.url) as proxy, place.desk() as other:
            await two_cues(other, "first words", "second lines")
            async with replace(place, url=proxy.url).desk() as mine:

                async def halves(exchange: Exchange) -> None:
                    await through(exchange)
                    mine.desk.offline |= exchange.method != "GET"

                proxy.always("*", halves)
                with mine.desk.group("Carry on"):
                    mine.desk.set_text(mine.id(0), "first")
                    mine.desk.set_text(mine.id(1), "words second lines")
                await mine.sync()
                assert mine.desk.offline
                with mine.desk.group("Carry back"):
                    mine.desk.set_text(mine.id(1), "words second")
                    mine.desk.set_text(mine.id(0), "first lines")
                await other.sync()
                other.desk.set_text(other.id(1), "second others")
                await other.sync()
                proxy.clear()
                mine.desk.offline = False
                await mine.sync()
                await other.sync()
                assert other.texts == ["first words", "second others"]
                for conflict in mine.desk.conflicts:
                    mine.desk.resolve(conflict.id, choice)
                await mine.sync()
                await other.sync()
                assert mine.texts == other.texts == texts
                assert mine.session.sync.summary.waiting == 0
