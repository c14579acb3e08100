"""Longer stories through a network that fails, against our own server: nothing twice, nothing lost. What each
fault does to a save by itself is in `test_wire_faults.py`."""

from __future__ import annotations

import asyncio
import time
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fault_proxy import ANY, FaultProxy, drop_answer, drop_request, from_cache, held, says
from tests.interop.backend_stories import settled
from tests.interop.desks import Screen, desk, until
from tests.server_process import ServerProcess


def history(server: ServerProcess, url: str, screen: Screen, number: int = 0) -> int:
    """How many versions of this cue's segment the server had."""
    key = screen.session.sync.key_of(screen.id(number))
    found = httpx.get(f"{url}/vtt/{key}/history", headers=server.headers).json()
    return len(found["items"])


@pytest.fixture
def jumping(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock on the wall is a day ahead or behind, another way at each look."""
    now, jumps = time.time, cycle((86_400.0, -86_400.0))
    monkeypatch.setattr(time, "time", lambda: now() + next(jumps))


async def test_a_lost_answer_and_a_colleague_who_went_on_from_there(
    server: ServerProcess, url: str, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    """I7: one's own lost answer opens no conflict, though typing went on and another saved on top."""
    until_told, there = asyncio.Event(), asyncio.Event()

    async def lost(exchange: object) -> None:
        await held(until_told, there)(exchange)  # type: ignore[arg-type]

    async def never_heard(exchange: object) -> None:
        await drop_answer(exchange)  # type: ignore[arg-type]
        there.set()
        await until_told.wait()

    proxy.on("PATCH", never_heard)
    mine.desk.set_text(mine.id(0), "mine")
    sync = asyncio.gather(mine.sync())
    await there.wait()
    mine.desk.set_text(mine.id(0), "mine and more")
    await other.sync()
    assert other.texts[0] == "mine"
    other.desk.set_times(other.id(0), 1200, 2000)
    await other.sync()
    until_told.set()
    await sync
    await settled(mine)
    await other.sync()
    assert mine.desk.conflicts == [] and mine.values == other.values
    assert (mine.texts[0], mine.desk.cues[0].start) == ("mine and more", 1200)


async def test_a_lost_answer_that_a_colleague_took_back_is_not_sent_again(
    server: ServerProcess, url: str, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    """I5: a reverted text never comes back without a person. The replay of the write under its own id tells
    that it had arrived: then what is there is what a colleague made of it, and nobody is asked (I7)."""
    until_told, there = asyncio.Event(), asyncio.Event()

    async def never_heard(exchange: object) -> None:
        await drop_answer(exchange)  # type: ignore[arg-type]
        there.set()
        await until_told.wait()

    proxy.on("PATCH", never_heard)
    mine.desk.set_text(mine.id(0), "mine")
    sync = asyncio.gather(mine.sync())
    await there.wait()
    await other.sync()
    other.desk.set_text(other.id(0), "first words")
    await other.sync()
    until_told.set()
    await sync
    await settled(mine)
    await other.sync()
    assert other.texts[0] == "first words" and not mine.desk.conflicts
    assert mine.texts[0] == "first words" and mine.desk.status(mine.id(0)) == "synced"


async def test_a_lost_request_and_a_version_that_moved_are_a_persons_matter(
    proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    """I5: the replay is refused, which proves nothing; the server shows the base under another tag."""
    gone, until_told = asyncio.Event(), asyncio.Event()

    async def never_there(exchange: object) -> None:
        gone.set()
        await until_told.wait()
        await drop_request(exchange)  # type: ignore[arg-type]

    proxy.on("PATCH", never_there)
    mine.desk.set_text(mine.id(0), "mine")
    sync = asyncio.gather(mine.sync())
    await gone.wait()
    for text in ("theirs", "first words"):
        other.desk.set_text(other.id(0), text)
        await other.sync()
    until_told.set()
    await sync
    await settled(mine)
    assert mine.desk.status(mine.id(0)) == "conflict"
    await other.sync()
    assert other.texts[0] == "first words"
    mine.desk.resolve(mine.id(0), "mine")
    await settled(mine)
    await other.sync()
    assert other.texts[0] == mine.texts[0] == "mine"


async def test_a_new_cue_whose_answer_is_lost_is_there_once(
    server: ServerProcess, url: str, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    proxy.on("PUT", drop_answer)
    proxy.on("DELETE", drop_answer)
    new = mine.desk.insert(after=mine.id(0), start=2100, end=2200, text="new")
    mine.desk.remove(mine.id(4))
    await settled(mine)
    await other.sync()
    assert mine.desk.status(new) == "synced" and mine.values == other.values
    assert other.texts.count("new") == 1 and len(other.texts) == 4


async def test_typing_while_the_answer_is_awaited(proxy: FaultProxy, mine: Screen, other: Screen) -> None:
    """I10, I13."""
    until_told, there = asyncio.Event(), asyncio.Event()
    proxy.on("PATCH", held(until_told, there))
    mine.desk.set_text(mine.id(0), "a")
    sync = asyncio.gather(mine.sync())
    await there.wait()
    assert mine.desk.status(mine.id(0)) == "sending"
    for text in ("ab", "abc"):
        mine.desk.set_text(mine.id(0), text)
    assert proxy.count("PATCH") == 1
    until_told.set()
    await sync
    await settled(mine)
    await other.sync()
    assert other.texts[0] == "abc" and proxy.count("PATCH") == 2


SECONDS = "Retry-After: 1\r\n"
DATE = "Date: Mon, 01 Jan 2035 00:00:00 GMT\r\nRetry-After: Mon, 01 Jan 2035 00:00:01 GMT\r\n"


@pytest.mark.parametrize(
    ("status", "asked"),
    [("429 Too Many Requests", SECONDS), ("503 Service Unavailable", DATE)],
    ids=["429, seconds", "503, a date"],
)
async def test_a_busy_server_is_left_alone_as_long_as_it_asks(
    proxy: FaultProxy, mine: Screen, jumping: None, status: str, asked: str
) -> None:
    """I14, I15."""
    loop = asyncio.get_running_loop()
    times: list[float] = []

    async def busy(exchange: object) -> None:
        times.append(loop.time())
        await says(status, asked)(exchange)  # type: ignore[arg-type]

    async def works(exchange: object) -> None:
        times.append(loop.time())
        await held(done)(exchange)  # type: ignore[arg-type]

    done = asyncio.Event()
    done.set()
    proxy.on(ANY, busy, works)
    mine.desk.set_text(mine.id(0), "when there is time")
    sync = asyncio.gather(mine.sync())
    await until(mine, lambda: len(times) == 1 and mine.desk.status(mine.id(0)) != "sending")
    for text in ("typing", "on", "meanwhile"):
        mine.desk.set_text(mine.id(0), text)
    await sync
    await settled(mine)
    assert mine.desk.status(mine.id(0)) == "synced"
    assert times[1] - times[0] >= 1.0


async def test_a_server_that_always_fails_is_not_hammered(proxy: FaultProxy, mine: Screen) -> None:
    """I14: reads work, writes never do."""
    proxy.always("PATCH", says("503 Service Unavailable"))
    mine.desk.set_text(mine.id(0), "kept")
    async with asyncio.timeout(30):
        await mine.session.engine.settle(3.0)  # type: ignore[union-attr]
    assert proxy.count("PATCH") < 8
    assert mine.texts[0] == "kept" and mine.desk.status(mine.id(0)) in ("unknown", "dirty")
    proxy.clear()
    await settled(mine)
    assert mine.desk.status(mine.id(0)) == "synced"


async def test_going_offline_ends_the_wait(proxy: FaultProxy, mine: Screen) -> None:
    proxy.always("PATCH", says("503 Service Unavailable", "Retry-After: 9\r\n"))
    mine.desk.set_text(mine.id(0), "kept")
    sync = asyncio.gather(mine.sync())
    await until(mine, lambda: mine.desk.status(mine.id(0)) == "unknown" or proxy.count("PATCH"))
    mine.desk.offline = True
    async with asyncio.timeout(5):
        await sync
    assert mine.texts[0] == "kept"


async def test_a_stale_cache_is_passed_and_never_gone_round(
    url: str, proxy: FaultProxy, mine: Screen, other: Screen
) -> None:
    """A cache holds an older version: the read after a 412 goes past it, to the merge."""
    key = mine.session.sync.key_of(mine.id(0))
    path = f"{urlsplit(url).path}/vtt/{key}"
    await mine.session.engine.repository.fetch(key or "")  # type: ignore[union-attr]  # fills the cache
    assert path in proxy.cache
    other.desk.set_times(other.id(0), 1300, 2000)
    await other.sync()
    other.desk.set_times(other.id(0), 1400, 2000)
    await other.sync()
    proxy.always("GET", from_cache)
    mine.desk.set_text(mine.id(0), "mine again")
    await mine.session.engine.settle(5.0)  # type: ignore[union-attr]
    asked = [one for method, one in proxy.seen if method == "GET" and "_fresh" in one]
    assert len(asked) >= 1 and proxy.count("PATCH") < 8
    proxy.clear()
    await settled(mine)
    await other.sync()
    assert mine.desk.conflicts == [] and mine.values == other.values


async def test_a_crash_before_the_answer_is_seen(
    server: ServerProcess, url: str, proxy: FaultProxy, tmp_path: Path
) -> None:
    """What was out when the program ended is unknown: read first, and it proves to have arrived."""
    journal = tmp_path / "film.vttproj"
    address = url.replace(server.url, proxy.url)
    async with desk(address, token=server.token, journal=journal) as mine:
        before = history(server, url, mine)
        proxy.on("PATCH", drop_answer)
        proxy.always("GET", drop_request)
        mine.desk.set_text(mine.id(0), "before the crash")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "unknown"
    proxy.clear()
    async with desk(str(journal), token=server.token) as again:
        assert again.texts[0] == "before the crash"
        assert again.desk.status(again.id(0)) == "unknown"
        await settled(again)
        assert again.desk.status(again.id(0)) == "synced" and again.desk.conflicts == []
        assert history(server, url, again) == before + 1
