"""Answers of success to what was not carried out: saved is only what a version or a read proves (I4)."""

from __future__ import annotations

import asyncio

import pytest

from tests.fault_proxy import Exchange, Fault, FaultProxy, says
from tests.interop.desks import Screen

_JSON = "Content-Type: application/json\r\n"


def as_before(body: str = "") -> Fault:
    """Success, under the version that was sent."""

    async def fault(exchange: Exchange) -> None:
        lines = exchange.head.decode().split("\r\n")
        tag = next(line.partition(": ")[2] for line in lines if line.lower().startswith("if-match: "))
        await says("200 OK", f"ETag: {tag}\r\n{_JSON if body else ''}", body)(exchange)

    return fault


SAVES = {
    "the version that was sent": as_before(),
    "the same, and something": as_before("{}"),
    "202": says("202 Accepted", 'ETag: "77-q"\r\n'),
    "206": says("206 Partial Content", 'ETag: "78-q"\r\n'),
    "304": says("304 Not Modified", 'ETag: "79-q"\r\n'),
}
REMOVALS = {
    "202": says("202 Accepted"),
    "204": says("204 No Content"),
    "200": says("200 OK", _JSON, "{}"),
}


@pytest.mark.parametrize("lie", SAVES.values(), ids=SAVES.keys())
async def test_a_save_that_was_only_said_to_be_one_is_sent_again(
    lie: Fault, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    proxy.on("PATCH", lie, lie)
    mine.desk.set_text(mine.id(0), "my words")
    await mine.sync()
    await other.sync()
    assert other.texts[0] == mine.texts[0] == "my words" and proxy.count("PATCH") == 3
    assert mine.desk.status(mine.id(0)) == "synced" and mine.desk.conflicts == []
    other.desk.set_times(other.id(0), 1100, 2000)
    await other.sync()
    await mine.sync()
    assert mine.texts[0] == "my words" and mine.desk.conflicts == []


@pytest.mark.parametrize("lie", REMOVALS.values(), ids=REMOVALS.keys())
async def test_a_removal_that_was_only_said_to_be_one_is_sent_again(
    lie: Fault, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    proxy.on("DELETE", lie, lie)
    mine.desk.remove(mine.id(1))
    await mine.sync()
    await other.sync()
    assert other.texts == mine.texts and len(other.texts) == 3
    assert proxy.count("DELETE") == 3 and mine.session.sync.summary.waiting == 0


@pytest.mark.parametrize("removes", [False, True], ids=["save", "removal"])
async def test_one_that_says_yes_and_does_nothing_is_not_believed_and_not_hammered(
    removes: bool, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    """I14."""
    proxy.always("PATCH", as_before())
    proxy.always("DELETE", says("204 No Content"))
    if removes:
        mine.desk.remove(mine.id(0))
    else:
        mine.desk.set_text(mine.id(0), "kept")
    engine = mine.session.engine
    assert engine is not None
    async with asyncio.timeout(30):
        await engine.settle(2.0)
    assert mine.session.sync.summary.waiting == 1
    assert 1 < proxy.count("DELETE" if removes else "PATCH") < 7
    proxy.clear()
    await mine.sync()
    await other.sync()
    assert mine.texts == other.texts and mine.session.sync.summary.waiting == 0


async def test_one_that_asks_for_no_wait_is_not_hammered(proxy: FaultProxy, mine: Screen) -> None:
    """I14: `Retry-After: 0`."""
    proxy.always("PATCH", says("429 Too Many Requests", "Retry-After: 0\r\n"))
    mine.desk.set_text(mine.id(0), "kept")
    engine = mine.session.engine
    assert engine is not None
    async with asyncio.timeout(30):
        await engine.settle(2.0)
    assert 1 < proxy.count("PATCH") < 7 and mine.desk.status(mine.id(0)) == "dirty"
