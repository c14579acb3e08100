"""Lines and servers that are wrong for a while: nothing is lost, nobody is hammered, and it is said."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import httpx
import pytest

from tests.fault_proxy import (
    ANY,
    LOGIN_PAGE,
    TO_A_LOGIN,
    Fault,
    drop_request,
    etag,
    held,
    says,
)
from tests.interop.backend_stories import settled
from tests.interop.bad_lines import BLOCKS, Shared, agreed, its_name_is_not_known_any_more, sent
from tests.interop.fault_list import REWRITTEN
from tests.interop.reference_process import ReferenceProcess
from tests.server_process import ServerProcess


async def test_a_session_that_ends(shared: Shared) -> None:
    """Rule 7: in the middle of the work nothing that was typed goes, and nothing is hammered (I14)."""
    async with shared.far() as mine:
        before = shared.versions(mine)
        shared.proxy.always(ANY, says("401 Unauthorized"))
        for text in ("kept", "kept and more"):
            mine.desk.set_text(mine.id(0), text)
            await sent(mine)
        assert mine.desk.link == "needs-token" and mine.desk.status(mine.id(0)) == "dirty"
        assert shared.proxy.count("PATCH") == 1
        shared.proxy.clear()
        mine.session.set_token(shared.token)
        await settled(mine)
        assert shared.versions(mine) == before + 1
        await agreed(shared, mine, "kept and more")


@pytest.mark.parametrize("page", [LOGIN_PAGE, TO_A_LOGIN], ids=["captive portal", "302 to a login"])
async def test_everything_leads_elsewhere(shared: Shared, page: Fault) -> None:
    """I4, I14: neither a save nor a read is believed, and what is there afterwards is sent once."""
    async with shared.far() as mine:
        before = shared.versions(mine)
        shared.proxy.always(ANY, page)
        mine.desk.set_text(mine.id(0), "in the airport")
        await mine.sync()
        assert mine.desk.link == "unreachable" and mine.desk.status(mine.id(0)) == "unknown"
        assert len(shared.proxy.seen) < 20
        shared.proxy.clear()
        await settled(mine)
        assert shared.versions(mine) == before + 1
        await agreed(shared, mine, "in the airport")


@pytest.mark.parametrize("how", REWRITTEN.values(), ids=REWRITTEN.keys())
async def test_a_tag_that_is_rewritten_for_good_is_said(
    shared: Shared, how: Callable[[bytes], bytes]
) -> None:
    """Each save is refused: nobody's work is written over, it is said why, and nothing goes round (I14)."""
    async with shared.far() as mine:
        shared.proxy.always(ANY, etag(how))
        async with shared.near() as other:
            other.desk.set_text(other.id(0), "theirs")
            await other.sync()
        mine.desk.set_times(mine.id(0), 1500, 2000)
        await sent(mine, 1.0)
        assert mine.desk.status(mine.id(0)) == "refused"
        assert re.search(r"stale|If-Match", mine.desk.reason(mine.id(0)))
        assert shared.proxy.count("PATCH") <= 3 and mine.desk.cues[0].start == 1500
        shared.proxy.clear()
        await settled(mine)
        await agreed(shared, mine, "theirs")


@pytest.mark.parametrize("how", REWRITTEN.values(), ids=REWRITTEN.keys())
async def test_a_lists_tag_that_is_rewritten_once_costs_nothing(
    film: Shared, how: Callable[[bytes], bytes]
) -> None:
    """A server may refuse to compare it: then the list is asked for as it is, and nobody is locked out."""
    async with film.far() as mine, film.near() as other:
        assert mine.session.feed is not None
        for text in ("theirs", "theirs again", "and again"):
            other.desk.set_text(other.id(0), text)
            await other.sync()
            film.proxy.on("GET", etag(how))
            assert await mine.session.feed.pull(whole=True) and mine.desk.link == "online"
            await sent(mine)
            assert mine.texts[0] == text


async def test_a_refusal_of_a_list_is_over_when_a_person_asks_again(shared: Shared) -> None:
    """What a server said once about reading shuts nobody out for the rest of the day."""
    async with shared.far() as mine:
        for status in ("400 Bad Request", "403 Forbidden"):
            shared.proxy.always("GET", says(status))
            await mine.sync()
            mine.desk.set_text(mine.id(0), f"after {status}")
            shared.proxy.clear()
            await mine.sync()
            assert mine.desk.link == "online" and mine.session.sync.summary.detail == ""
        await agreed(shared, mine, "after 403 Forbidden")


async def test_tags_that_are_gone_for_good(shared: Shared) -> None:
    """Rule 3: a save that a read shows is one; without a tag there is no second one, and it is said."""
    async with shared.far() as mine:
        shared.proxy.always(ANY, etag(lambda tag: None))
        for text in ("mine", "mine and more"):
            mine.desk.set_text(mine.id(0), text)
            await sent(mine, 1.0)
        assert mine.desk.status(mine.id(0)) == "refused" and "no version" in mine.desk.reason(mine.id(0))
        assert shared.proxy.count("PATCH") <= 3 and mine.texts[0] == "mine and more"
        shared.proxy.clear()
        await settled(mine)
        await agreed(shared, mine, "mine and more")


ASKED = {
    "seconds": "Retry-After: 200\r\n",
    "a date": "Date: Mon, 01 Jan 2035 23:59:00 GMT\r\nRetry-After: Tue, 02 Jan 2035 00:02:20 GMT\r\n",
    "absurd": "Retry-After: 99999999999999999999\r\n",
    "absurd date": "Date: Mon, 01 Jan 2035 00:00:00 GMT\r\nRetry-After: Mon, 01 Jan 9999 00:00:00 GMT\r\n",
}
BUSY = ["408 Request Timeout", "429 Too Many Requests", "500 Internal Server Error", "502 Bad Gateway"]
BUSY += ["503 Service Unavailable", "504 Gateway Timeout"]


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
async def test_what_a_server_asks_for_is_waited_for(contract: Shared, asked: str) -> None:
    """I14: with every status that may bring it. Nothing goes out by itself, whatever is typed meanwhile; a
    person who asks for it is obeyed once."""
    async with contract.far() as mine:
        before = contract.versions(mine)
        for number, status in enumerate(BUSY, 1):
            contract.proxy.always("PATCH", says(status, asked))
            out = contract.proxy.count("PATCH")
            for text in ("typed", f"typed {number}"):
                mine.desk.set_text(mine.id(0), text)
                await sent(mine, 100.0)
            assert contract.proxy.count("PATCH") == out + 1, status
            contract.proxy.clear()
            await settled(mine)
            assert contract.versions(mine) == before + number, status
        await agreed(contract, mine, f"typed {len(BUSY)}")


async def test_a_name_that_is_not_known_any_more(shared: Shared) -> None:
    await its_name_is_not_known_any_more(shared)


async def test_a_server_that_comes_back_while_a_desk_is_closed(film: Shared) -> None:
    """What is out is waited for, and tells that the server is there: what others did is heard next time, and
    nothing more goes out."""
    until_told, there = asyncio.Event(), asyncio.Event()
    async with film.far() as mine:
        film.proxy.always(ANY, drop_request)
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.link == "unreachable"
        film.proxy.clear()
        film.proxy.on(ANY, held(until_told, there))
        mine.desk.insert(after=mine.id(1), start=4100, end=4900, text="new")
        await there.wait()
        asked = len(film.proxy.seen)
        asyncio.get_running_loop().call_soon(until_told.set)
    assert len(film.proxy.seen) == asked


async def put_again(shared: Shared, server: ServerProcess | ReferenceProcess, key: str, text: str) -> None:
    """A colleague removes that segment and makes another under its id."""
    if isinstance(server, ReferenceProcess):
        server.remove(key)
        server.put(key, BLOCKS.replace("first words", text))
        return
    item = f"{shared.url}/vtt/{key}"
    async with httpx.AsyncClient(headers=server.headers) as http:
        was = await http.get(item)
        gone = await http.delete(item, headers={"If-Match": was.headers["ETag"]})
        document = {**was.json(), "content": was.json()["content"].replace("first words", text)}
        made = await http.put(item, json=document, headers={"If-None-Match": "*"})
    assert gone.is_success and made.status_code == 201, made.text


@pytest.mark.parametrize("edited", [False, True], ids=["looked at", "edited here"])
async def test_made_again_under_the_same_id(
    shared: Shared, own: ServerProcess, reference: ReferenceProcess, edited: bool
) -> None:
    """I8, I11: it is another one, and what was typed for the one before is a person's matter."""
    async with shared.far() as mine:
        cue = mine.id(0)
        key = mine.session.sync.key_of(cue) or ""
        await put_again(shared, own if shared.token else reference, key, "made again")
        if edited:
            mine.desk.set_text(cue, "mine")
        await settled(mine)
        async with shared.near() as other:
            assert other.texts[0] == "made again"
        if edited:
            (found,) = mine.desk.conflicts
            assert found.mine and found.theirs
            assert (found.mine.text, found.theirs.text) == ("mine", "made again")
            mine.desk.resolve(found.id, "mine")
            await settled(mine)
        await agreed(shared, mine, "mine" if edited else "made again")
