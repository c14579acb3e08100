"""Every fault that the wire can have, done to a save on our own server and on the reference contract: it ends
in bounded time, and the edit is there once."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.fault_proxy import (
    ANY,
    CONNECTION,
    LOGIN_PAGE,
    TO_A_LOGIN,
    Fault,
    FaultProxy,
    answer_overtaken,
    closed_under_us,
    closed_when_idle,
    deaf,
    etag,
    fault_proxy,
    half_open,
    overtaken,
    says,
    unknown_name,
)
from tests.interop.backend_stories import settled
from tests.interop.desks import Screen, desk, published
from tests.interop.fault_list import REWRITTEN, WIRE_FAULTS
from tests.interop.reference_process import ReferenceProcess
from tests.server_process import ServerProcess, running_server
from vtt_desktop.sync import link, wire
from vtt_desktop.sync.answers import Missing, Unproven
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.wire import Wire

BLOCKS = "1\n00:00:01.000 --> 00:00:02.000\nfirst words\n\n2\n00:00:03.000 --> 00:00:04.000\nsecond words\n"
NUMBERS = count(1)
SHORT_S = 0.4
"""So long a desk waits for an answer here, where none comes."""
BOUND_S = 10.0
LARGE = 6_000_000


@dataclass(frozen=True)
class Shared:
    """A document on a server, and the line to it that has the faults."""

    proxy: FaultProxy
    url: str
    token: str = ""

    @contextlib.asynccontextmanager
    async def far(self) -> AsyncIterator[Screen]:
        """A desk on the bad line. What waits for ever is ended from outside, and that is a failure."""
        stuck: list[str] = []

        def end() -> None:
            stuck.extend(" ".join(one) for one in self.proxy.seen[-5:])
            self.proxy.clear()
            self.proxy.cut()

        bound = asyncio.get_running_loop().call_later(BOUND_S, end)
        async with desk(self.url.replace(self.proxy.target, self.proxy.url), token=self.token) as one:
            yield one
        bound.cancel()
        assert not stuck, f"it did not end in {BOUND_S} s; the last requests: {stuck}"

    def near(self) -> contextlib.AbstractAsyncContextManager[Screen]:
        return desk(self.url, token=self.token)

    def versions(self, screen: Screen) -> int:
        """How often the first cue's segment was written."""
        if not self.token:
            return self.proxy.carried_out["PATCH"]
        key = screen.session.sync.key_of(screen.id(0))
        told = httpx.get(f"{self.url}/vtt/{key}/history", headers={"Authorization": f"Bearer {self.token}"})
        return len(told.json()["items"])


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceProcess]:
    server = ReferenceProcess(tmp_path_factory.mktemp("reference"), {})
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that has lost its server looks again soon."""
    monkeypatch.setattr(link, "FIRST_WAIT_S", 0.02)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_TIMEOUT", httpx.Timeout(SHORT_S))
    monkeypatch.setattr(wire, "_WHOLE_S", 1.5 * SHORT_S)


@pytest.fixture
async def film(own: ServerProcess, tmp_path: Path) -> AsyncIterator[Shared]:
    """A new project on our own server."""
    project = f"film-{next(NUMBERS)}"
    url = await published(tmp_path, own.url, own.token, f"WEBVTT\n\n{BLOCKS}", project)
    async with fault_proxy(own.url) as proxy:
        yield Shared(proxy, url, own.token)


@pytest.fixture
async def contract(reference: ReferenceProcess) -> AsyncIterator[Shared]:
    """A new segment on the reference contract."""
    key = f"{next(NUMBERS)}"
    reference.put(key, BLOCKS)
    async with fault_proxy(reference.url) as proxy:
        yield Shared(proxy, f"{reference.url}/vtt/{key}")


@pytest.fixture(params=["film", "contract"])
def shared(request: pytest.FixtureRequest) -> Shared:
    """The one and the other."""
    found: Shared = request.getfixturevalue(request.param)
    return found


async def looked(screen: Screen) -> None:
    """Reads what others did, and sends nothing."""
    assert screen.session.feed is not None
    assert await screen.session.feed.pull()


async def sent(screen: Screen, patience_s: float = 5.0) -> None:
    """Sends what waits, and reads nothing that this does not need."""
    assert screen.session.engine is not None
    await screen.session.engine.settle(patience_s)


async def agreed(shared: Shared, mine: Screen, *texts: str) -> None:
    """All is saved, nobody was asked anything, and a colleague sees these texts first."""
    assert mine.desk.conflicts == [] and mine.desk.link == "online"
    assert {mine.desk.status(cue.id) for cue in mine.desk.cues} == {"synced"}
    async with shared.near() as other:
        assert other.values == mine.values
        assert other.texts[: len(texts)] == [*texts]


@pytest.mark.parametrize("name", WIRE_FAULTS)
async def test_it_ends_in_bounded_time_and_the_edit_is_there_once(
    name: str, shared: Shared, request: pytest.FixtureRequest
) -> None:
    """I3, I5, I7, I14: whatever happened to the save, it is in the history once, and the next one works."""
    fault = WIRE_FAULTS[name]
    if fault.silent:
        request.getfixturevalue("impatient")
    proxy = shared.proxy
    async with shared.far() as mine:
        before = shared.versions(mine)
        if fault.before is not None:
            proxy.on("GET", fault.before)
            await looked(mine)
        if fault.save is not None:
            proxy.on(fault.at, fault.save)
        mine.desk.set_text(mine.id(0), "sent once")
        await settled(mine)
        assert proxy.met and proxy.swallowed == (fault.before in (half_open, closed_under_us))
        assert shared.versions(mine) == before + 1
        mine.desk.set_text(mine.id(0), "and the next one")
        await settled(mine)
        assert shared.versions(mine) == before + 2
        await agreed(shared, mine, "and the next one")


async def test_a_save_that_arrives_after_the_one_that_was_sent_again(shared: Shared, impatient: None) -> None:
    """I5: it was given up, read, and sent again; then it arrives, after the edit that followed it."""
    async with shared.far() as mine:
        before = shared.versions(mine)
        shared.proxy.on("PATCH", overtaken(4))
        mine.desk.set_text(mine.id(0), "sent once")
        await sent(mine)
        assert mine.desk.status(mine.id(0)) == "synced"
        mine.desk.set_text(mine.id(0), "and the next one")
        await settled(mine)
        await shared.proxy.late.wait()
        await settled(mine)
        assert shared.versions(mine) == before + 2
        await agreed(shared, mine, "and the next one")


async def test_a_read_that_is_overtaken_by_a_save(shared: Shared) -> None:
    """I5, I12: what it shows was true when it was asked for, and is not any more."""
    async with shared.far() as mine:
        assert mine.session.feed is not None
        shared.proxy.on("GET", answer_overtaken(1))
        reading = asyncio.gather(mine.session.feed.pull(whole=True))
        await shared.proxy.there.wait()
        mine.desk.set_text(mine.id(0), "newer than what was read")
        await sent(mine)
        assert await reading == [True] and mine.desk.conflicts == []
        assert mine.texts[0] == "newer than what was read" and mine.desk.setback == ""
        await settled(mine)
        await agreed(shared, mine, "newer than what was read")


async def test_a_line_that_dies_while_nobody_looks(shared: Shared, impatient: None) -> None:
    """A laptop was shut: every connection that a desk has is one to nobody, and a read finds out first."""
    async with shared.far() as mine:
        shared.proxy.on("GET", half_open)
        await looked(mine)
        assert mine.session.feed is not None
        assert not await mine.session.feed.pull() and mine.desk.link == "unreachable"
        mine.desk.set_text(mine.id(0), "after a night")
        await settled(mine)
        await agreed(shared, mine, "after a night")


async def test_a_large_save_that_nobody_reads(contract: Shared, impatient: None) -> None:
    """More than a system takes in by itself: it is not an answer that is waited for, but to be let speak."""
    proxy = contract.proxy
    proxy.on(CONNECTION, deaf)
    line = Wire(Profile("it"), proxy.url, "")
    async with asyncio.timeout(BOUND_S):
        answer, _ = await line.request("PATCH", "/vtt/1", body={"content": "x" * LARGE})
        assert isinstance(answer, Unproven) and proxy.met and proxy.seen == []
        assert isinstance((await line.request("GET", "/vtt/none"))[0], Missing)
    await line.close()


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


async def test_a_name_that_is_not_known_any_more(own: ServerProcess, tmp_path: Path) -> None:
    """Rule 5: nothing went out, so nothing has to be asked when the name is known again."""
    here = own.url.replace("127.0.0.1", "localhost")
    url = await published(tmp_path, here, own.token, project=f"film-{next(NUMBERS)}")
    async with asyncio.timeout(BOUND_S), fault_proxy(own.url) as proxy:
        far = url.replace(here, proxy.url.replace("127.0.0.1", "localhost"))
        async with desk(far, token=own.token) as mine:
            proxy.on("GET", closed_when_idle)
            await looked(mine)
            seen = len(proxy.seen)
            with unknown_name("localhost"):
                mine.desk.set_text(mine.id(0), "kept")
                await mine.sync()
                assert mine.desk.link == "unreachable" and mine.desk.status(mine.id(0)) == "dirty"
                assert "its name is not known" in mine.session.sync.summary.detail
            assert len(proxy.seen) == seen
            await settled(mine)
            assert mine.desk.status(mine.id(0)) == "synced" and proxy.count("PATCH") == 1


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
