"""Answers that are not true, where a profile believes the body: a read has the last word."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.fault_proxy import Exchange, Fault, FaultProxy, fault_proxy, says
from tests.interop.backend_stories import Place
from tests.interop.desks import Screen
from tests.interop.record_backends import SearchShape
from tests.interop.shapes import place_on
from tests.interop.store_backends import KeyValueShape
from vtt_desktop.app.probes import keep
from vtt_desktop.app.target import parse_target

_JSON = "Content-Type: application/json\r\n"


@pytest.fixture
def store() -> Iterator[KeyValueShape]:
    yield from closing(KeyValueShape())


@pytest.fixture
async def proxy(store: KeyValueShape) -> AsyncIterator[FaultProxy]:
    async with fault_proxy(store.url) as one:
        yield one


def instead(body: str) -> Fault:
    """It is carried out, and something else is said of it."""

    async def fault(exchange: Exchange) -> None:
        await exchange.forward()
        await says("200 OK", _JSON, body)(exchange)

    return fault


def trusted(place: Place) -> Place:
    """The place as one that was tried: no write of the guard's takes the lie that is meant for ours."""
    keep(parse_target(place.url, place.profile), {"writable": True})
    return place


async def settled(screen: Screen) -> None:
    for _ in range(3):
        await screen.sync()


async def test_what_was_written_and_denied_is_written_once(
    store: KeyValueShape, proxy: FaultProxy, tmp_path: Path
) -> None:
    async with place_on(store, tmp_path, proxy.url).desk() as mine:
        proxy.on("PUT", instead("false"))
        mine.desk.set_text(mine.id(0), "mine")
        await settled(mine)
        assert mine.desk.status(mine.id(0)) == "synced" and mine.desk.conflicts == []
        proxy.on("PUT", instead("false"))
        new = mine.desk.insert(after=mine.id(2), start=7000, end=8000, text="new")
        await settled(mine)
        assert mine.desk.status(new) == "synced"
    assert store.log.count("a") == 2 and len(store.documents) == 4


async def test_what_was_claimed_and_not_written_is_sent_again(
    store: KeyValueShape, proxy: FaultProxy, tmp_path: Path
) -> None:
    async with trusted(place_on(store, tmp_path, proxy.url)).desk() as mine:
        proxy.on("PUT", says("200 OK", _JSON, "true"))
        mine.desk.set_text(mine.id(0), "mine")
        await settled(mine)
        assert mine.desk.status(mine.id(0)) == "synced"
    assert b"mine" in store.documents["a"]


async def test_a_wrong_version_in_an_answer_ends_in_a_read(tmp_path: Path) -> None:
    for shelf in closing(SearchShape()):
        place = place_on(shelf, tmp_path)
        async with fault_proxy(shelf.url) as proxy, trusted(replace(place, url=proxy.url)).desk() as mine:
            proxy.on("PUT", instead('{"_seq_no": 999, "_primary_term": 3}'))
            mine.desk.set_text(mine.id(0), "mine")
            await settled(mine)
            mine.desk.set_text(mine.id(0), "mine, once more")
            await settled(mine)
            assert mine.desk.status(mine.id(0)) == "synced" and mine.desk.conflicts == []
            proxy.on("PUT", instead('{"_seq_no": 999}'))  # half of a version is none
            mine.desk.set_text(mine.id(0), "at last")
            await settled(mine)
            assert mine.desk.status(mine.id(0)) == "synced"
        assert "at last" in shelf.documents["a"]["vtt"]
