"""The change feed: nothing is missed, deletions included, however often a desk is cut off."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.test_compare_and_swap import connect, project
from tests.server.test_contract import create, problem
from tests.server_process import ServerProcess
from vtt_desktop.server.app import create_app
from vtt_desktop.server.feed import EVENTS_AT_ONCE, HEARTBEAT_SECONDS, Bells, event_stream
from vtt_desktop.server.presence import Desk, Presence
from vtt_desktop.server.store import Answer, NewDocument, Write
from vtt_desktop.server.store_sqlite import SqliteStore

Event = dict[str, str]


async def read_events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Server-sent events as the HTML standard parses them, as far as this feed uses it."""
    event: Event = {}
    async for line in lines:
        if not line:
            if "data" in event:
                yield event
            event = {}
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            event[field] = value.removeprefix(" ")


def test_one_row_a_segment_by_ascending_number(client: httpx.Client) -> None:
    tags = {name: create(client, name) for name in "abc"}
    tags["a"] = client.patch("vtt/a", json={"content": "x"}, headers={"If-Match": tags["a"]}).headers["ETag"]
    client.delete("vtt/b", headers={"If-Match": tags["b"], "X-VTT-Author": "Ana"})
    page = client.get("changes").json()
    assert page["seq"] == 5 and page["more"] is False
    assert [(i["seq"], i["id"], i["deleted"]) for i in page["items"]] == [
        (3, "c", False),
        (4, "a", False),
        (5, "b", True),
    ]
    assert page["items"][1]["etag"] == tags["a"] and page["items"][1]["document"]["content"] == "x"
    assert page["items"][2] | {"modified": ""} == {
        "seq": 5, "id": "b", "etag": None, "deleted": True, "author": "Ana", "modified": "", "document": None,
    }  # fmt: skip
    first = client.get("changes?since=3&limit=1").json()
    assert [i["id"] for i in first["items"]] == ["a"] and first["more"] is True and first["seq"] == 4
    assert client.get("changes?since=5").json()["items"] == []
    assert page["epoch"] == client.get("segments").json()["epoch"]


def test_each_write_has_its_mark(client: httpx.Client) -> None:
    """Told by every answer that shows what there is; no other write ever gets it."""
    assert client.get("changes").headers["X-VTT-Mark"] == client.get("segments").headers["X-VTT-Mark"] == ""
    made = client.post("segments", json={"items": [{"id": name, "order": "a"} for name in "abc"]})
    three = made.headers["X-VTT-Mark"]
    key = {"Idempotency-Key": "once", "If-None-Match": "*"}
    four = client.put("vtt/d", json={"order": "d"}, headers=key).headers["X-VTT-Mark"]
    assert three.startswith("3-") and four.startswith("4-") and three[2:] != four[2:]
    assert client.get("vtt/b").headers["X-VTT-Mark"] == three
    for url in ("vtt/d", "changes", "segments", "changes?since=4"):
        assert client.get(url).headers["X-VTT-Mark"] == four
    assert client.put("vtt/d", json={"order": "d"}, headers=key).headers["X-VTT-Mark"] == four  # a replay
    page = client.get("changes?limit=2")
    assert page.json()["more"] and page.json()["seq"] == 2 and page.headers["X-VTT-Mark"] == three
    client.patch("vtt/d", json={"content": "x"}, headers={"If-Match": '"0-stale"'})
    assert client.get("changes").headers["X-VTT-Mark"] == four


@pytest.mark.parametrize("mark", ["1-0123456789abcdef", "9-0123456789abcdef", "x", "-", "9" * 40 + "-a"])
def test_who_was_told_of_another_history_is_refused(client: httpx.Client, mark: str) -> None:
    tag = create(client, "a")
    fine = client.get("changes").headers["X-VTT-Mark"]
    epoch = client.get("changes").json()["epoch"]
    for method, url, body in (
        ("GET", "segments", None),
        ("GET", "changes?since=1", None),
        ("GET", "events?since=1", None),
        ("GET", "vtt/a", None),
        ("PATCH", "vtt/a", {"content": "lost"}),
        ("PUT", "vtt/new", {"order": "n"}),
        ("DELETE", "vtt/a", None),
    ):
        headers = {"X-VTT-Mark": mark} | ({"If-None-Match": "*"} if method == "PUT" else {"If-Match": tag})
        with client.stream(method, url, json=body, headers=headers) as answer:
            answer.read()
            assert problem(answer, 412, "another-history")["epoch"] == epoch
    saved = client.patch("vtt/a", json={"content": "x"}, headers={"If-Match": tag, "X-VTT-Mark": fine})
    assert saved.status_code == 200
    assert client.get("vtt/a", headers={"X-VTT-Mark": fine}).json()["content"] == "x"


def test_a_cursor_from_another_history_is_told_so(client: httpx.Client) -> None:
    create(client)
    assert problem(client.get("changes?since=2"), 410, "cursor-gone")["seq"] == 1
    for url, last, status, kind in (
        ("events?since=2", "", 410, "cursor-gone"),
        ("events", "2", 410, "cursor-gone"),
        ("events", "x", 400, "bad-parameter"),
    ):
        # Read only after its status was looked at: a stream that is not refused has no end.
        with client.stream("GET", url, headers={"Last-Event-ID": last} if last else {}) as answer:
            assert answer.status_code == status
            answer.read()
            problem(answer, status, kind)


async def scribble(http: httpx.AsyncClient, base: str, seed: int, steps: int) -> None:
    """Creates, saves and deletes at random; refusals are part of it."""
    chance = random.Random(seed)
    for step in range(steps):
        url = f"{base}/vtt/s{chance.randrange(12)}"
        current = await http.get(url)
        if current.status_code in (404, 410):
            await http.put(url, json={"order": "a", "by": seed}, headers={"If-None-Match": "*"})
        elif chance.random() < 0.2:
            await http.delete(url, headers={"If-Match": current.headers["ETag"]})
        else:
            change = {"content": f"{seed} {step}"}
            await http.patch(url, json=change, headers={"If-Match": current.headers["ETag"]})


class Replica:
    """What a desk knows that believes the feed and nothing else."""

    def __init__(self) -> None:
        self.seq = 0
        self.known: dict[str, tuple[str, Any]] = {}

    def take(self, item: dict[str, Any]) -> None:
        assert item["seq"] > self.seq, "the feed went backwards or said something twice"
        self.seq = item["seq"]
        if item["deleted"]:
            self.known.pop(item["id"], None)
        else:
            self.known[item["id"]] = (item["etag"], item["document"])

    async def agrees(self, http: httpx.AsyncClient, base: str) -> None:
        listing = (await http.get(f"{base}/segments")).json()
        assert self.seq == listing["seq"]
        assert self.known == {item["id"]: (item["etag"], item["document"]) for item in listing["items"]}


async def test_a_follower_by_pages_ends_up_with_the_servers_state(shared_server: ServerProcess) -> None:
    async with connect(shared_server) as http:
        await project(http, "pages")
        base, replica = "/projects/pages", Replica()

        async def follow(until: int | None) -> None:
            while until is None or replica.seq < until:
                page = (await http.get(f"{base}/changes?since={replica.seq}&limit=3")).json()
                for item in page["items"]:
                    replica.take(item)

        following = asyncio.ensure_future(follow(None))  # noqa: TID251 - ended below
        await asyncio.gather(*(scribble(http, base, seed, 40) for seed in range(4)))
        following.cancel()
        await asyncio.wait([following])
        await follow((await http.get(f"{base}/segments")).json()["seq"])
        await replica.agrees(http, base)


async def test_a_follower_by_events_that_is_cut_off_again_and_again(shared_server: ServerProcess) -> None:
    async with connect(shared_server) as http:
        await project(http, "events")
        base, replica, chance = "/projects/events", Replica(), random.Random(7)
        cuts = 0

        async def follow(last: asyncio.Future[int]) -> None:
            nonlocal cuts
            while not (last.done() and replica.seq >= last.result()):
                patience = chance.randrange(1, 12)
                headers = {"Last-Event-ID": str(replica.seq)}
                async with http.stream("GET", f"{base}/events?since=0", headers=headers) as stream:
                    assert stream.headers["Content-Type"].startswith("text/event-stream")
                    assert stream.headers["Cache-Control"] == "no-store"
                    async for event in read_events(stream.aiter_lines()):
                        if event["event"] != "change":
                            assert "id" not in event
                            continue
                        item = json.loads(event["data"])
                        assert int(event["id"]) == item["seq"]
                        replica.take(item)
                        patience -= 1
                        if patience == 0 or (last.done() and replica.seq >= last.result()):
                            break
                cuts += 1

        last: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def write() -> None:
            await asyncio.gather(*(scribble(http, base, seed, 40) for seed in range(4)))
            # One change after `last` is known ends the follower's wait.
            made = await http.put(f"{base}/vtt/end", json={"order": "z"}, headers={"If-None-Match": "*"})
            assert made.status_code == 201
            last.set_result((await http.get(f"{base}/changes?limit=1")).json()["seq"])
            tag = made.headers["ETag"]
            saved = await http.patch(f"{base}/vtt/end", json={"n": 1}, headers={"If-Match": tag})
            assert saved.status_code == 200

        await asyncio.gather(follow(last), write())
        page = (await http.get(f"{base}/changes?since={replica.seq}")).json()
        for item in page["items"]:
            replica.take(item)
        await replica.agrees(http, base)
        assert cuts > 3


async def test_a_save_is_pushed_and_presence_rides_along(shared_server: ServerProcess) -> None:
    # Less than the beat of the stream, at which it would look for changes by itself.
    async with connect(shared_server) as http, asyncio.timeout(HEARTBEAT_SECONDS * 0.6):
        await project(http, "push")
        base = "/projects/push"
        async with http.stream("GET", f"{base}/events") as stream:
            events = read_events(stream.aiter_lines())
            hello = await anext(events)
            listing = (await http.get(f"{base}/segments")).json()
            assert hello["event"] == "hello"
            assert json.loads(hello["data"]) == {"epoch": listing["epoch"], "seq": 0}
            assert json.loads((await anext(events))["data"]) == {"items": []}
            note = {"desk": "d1", "name": "Jörg", "segment": "s"}
            assert (await http.put(f"{base}/presence", json=note)).json() == {"items": [note]}
            seen = await anext(events)
            assert seen["event"] == "presence" and json.loads(seen["data"]) == {"items": [note]}
            # The same note again is no news; the save after it is the next event.
            await http.put(f"{base}/presence", json=note)
            await http.put(
                f"{base}/vtt/s", json={"order": "a", "content": "x\r\ny\0"}, headers={"If-None-Match": "*"}
            )
            saved = await anext(events)
            assert (
                saved["event"] == "change" and json.loads(saved["data"])["document"]["content"] == "x\r\ny\0"
            )
        assert (await http.get(f"{base}/presence")).json() == {"items": [note]}


@pytest.mark.parametrize(
    "note",
    [{}, [], {"desk": "a b"}, {"desk": "d", "name": 1}, {"desk": "d", "segment": "/"}, {"desk": "d" * 129}],
)
def test_a_presence_note_that_makes_no_sense(client: httpx.Client, note: Any) -> None:
    problem(client.put("presence", json=note), 422, "bad-document")


async def test_a_quiet_stream_beats_and_presence_fades(tmp_path: Path) -> None:
    store, bells = SqliteStore(tmp_path / "s.sqlite"), Bells()
    try:
        write = Write("", lambda made: Answer(201, None, ""))
        await store.create_project("p", write)
        presence = Presence(bells.ring, lifetime_seconds=0.02)
        quick = event_stream(store, bells, presence, "p", 0, 0.01)
        assert "event: hello" in await anext(quick)
        assert 'data: {"items": []}' in await anext(quick)
        assert await anext(quick) == ": still here\n\n"
        presence.put("p", Desk("d", "Ana", None))
        events = [await anext(quick) for _ in range(2)]
        while '{"items": []}' not in events[-1]:
            events.append(await anext(quick))
        assert any('"name": "Ana"' in event for event in events)
        # Another process on the same file rings no bell here: the next beat looks for itself.
        await store.create("p", [NewDocument("s", "cues", "a", "{}")], write)
        while not (event := await anext(quick)).startswith("id: 1\n"):
            assert event == ": still here\n\n"
        assert bells.listeners == 1
        bells.close()
        with pytest.raises(StopAsyncIteration):
            while await anext(quick):
                pass
        assert bells.listeners == 0
    finally:
        await store.close()


class Unwatched(SqliteStore):
    async def watch(self, changed: Callable[[str | None], None]) -> None:
        raise LookupError("a bug")


async def test_a_server_that_is_told_nothing_any_more_serves_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Unwatched(tmp_path / "s.sqlite"), Bells())
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            assert (await http.get("/projects")).json() == {"projects": []}
    (record,) = caplog.records
    assert record.exc_info is not None and "what other servers write" in record.message


async def test_a_long_absence_is_caught_up_in_order(shared_server: ServerProcess) -> None:
    """More changes than a stream reads at once: its cursor passes only what it has told."""
    async with connect(shared_server) as http, asyncio.timeout(60):
        await project(http, "absence")
        items = [{"id": f"s{n}", "order": "a"} for n in range(2 * EVENTS_AT_ONCE + 7)]
        await http.post("/projects/absence/segments", json={"items": items})
        async with http.stream("GET", "/projects/absence/events?since=5") as stream:
            told = []
            async for event in read_events(stream.aiter_lines()):
                if event["event"] == "change":
                    told.append(json.loads(event["data"])["id"])
                if event["event"] == "presence":  # comes when all is told
                    break
        assert told == [item["id"] for item in items[5:]]


def test_a_page_is_bounded_by_its_size_too(client: httpx.Client) -> None:
    for n in range(12):
        create(client, f"s{n:02}", content="x" * 1_000_000)
    page = client.get("changes").json()
    assert page["more"] is True and 1 <= len(page["items"]) < 12
    assert page["seq"] == page["items"][-1]["seq"]
    rest = client.get(f"changes?since={page['seq']}").json()
    assert len(page["items"]) + len(rest["items"]) == 12 and rest["more"] is False
    listing = client.get("segments").json()
    assert listing["next"] is not None and len(listing["items"]) == len(page["items"])
