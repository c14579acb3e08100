"""A project comes page by page: one is read while the next is on its way, whatever is in which."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from vtt_desktop.app.segment_text import WebVTTSegmentText
from vtt_desktop.domain.document import Document
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.answers import Contents, Listed
from vtt_desktop.sync.codec import PAYLOAD_MS, Codec
from vtt_desktop.sync.lists import OnPage
from vtt_desktop.sync.names import Names
from vtt_desktop.sync.opening import Opened, open_project
from vtt_desktop.sync.pages import Pages
from vtt_desktop.sync.profile import Content, Create, Item, Listing, Profile
from vtt_desktop.sync.repository import Repository
from vtt_desktop.sync.rows import Rows

PATIENCE_S = 20.0
IN_PAGES = Profile(
    "in pages",
    list=Listing(url="/p1", items="/items", id="/id", version=("/etag",), document="/document", next="/next"),
    content=Content(order="/at"),
)


class InPages:
    """Answers with a page for each address; `asked` says which one was asked for so far."""

    def __init__(self) -> None:
        self.pages: dict[str, object] = {}
        self.asked: dict[str, asyncio.Event] = {}
        self.connections = 0
        self.url = ""

    def give(self, *pages: Sequence[tuple[str, str, str]]) -> None:
        """Rows of key, text and sort key, page by page."""
        for number, rows in enumerate(pages, 1):
            items = [
                {"id": key, "etag": f'"{key}"', "document": {"content": text, "at": at}}
                for key, text, at in rows
            ]
            following = f"/p{number + 1}" if number < len(pages) else None
            self.pages[f"/p{number}"] = {"items": items, "next": following}
            self.asked[f"/p{number}"] = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ")[1].decode()
                self.asked[path].set()
                body = json.dumps(self.pages[path]).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()


@pytest.fixture
async def backend() -> AsyncIterator[InPages]:
    it = InPages()
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield it


async def opened(backend: InPages, profile: Profile = IN_PAGES) -> Opened:
    repository = Repository(profile, backend.url)
    try:
        return await open_project(repository, Codec(profile.content, WebVTTSegmentText()))
    finally:
        await repository.close()


async def listed(backend: InPages, each: OnPage) -> Contents:
    repository = Repository(IN_PAGES, backend.url)
    try:
        contents = await repository.contents(each=each)
    finally:
        await repository.close()
    assert isinstance(contents, Contents)
    return contents


def block(second: int) -> str:
    return f"00:0{second}.000 --> 00:0{second}.900\nwords {second}"


async def test_the_next_page_is_asked_for_before_this_one_is_read(backend: InPages) -> None:
    backend.give([("a", block(1), "1")], [("b", block(2), "2")], [("c", block(3), "3")])
    seen: list[str] = []

    async def each(page: Sequence[Listed]) -> None:
        following = f"/p{len(seen) + 2}"
        if following in backend.asked:
            async with asyncio.timeout(PATIENCE_S):
                await backend.asked[following].wait()
        seen.extend(item.key for item in page)

    contents = await listed(backend, each)
    assert seen == ["a", "b", "c"] == [item.key for item in contents.items]


async def test_what_cannot_be_read_ends_the_list(backend: InPages) -> None:
    backend.give([("a", block(1), "1")], [("b", block(2), "2")], [("c", block(3), "3")])

    async def each(page: Sequence[Listed]) -> None:
        raise UserError("It cannot be read.")

    with pytest.raises(UserError, match="It cannot be read"):
        await listed(backend, each)
    assert not backend.asked["/p3"].is_set()


async def test_segments_stand_in_their_order_whatever_page_they_came_in(backend: InPages) -> None:
    backend.give([("c", block(3), "3"), ("a", block(1), "1")], [("b", block(2), "2")])
    found = await opened(backend)
    assert [one.key for one in found.segments] == ["a", "b", "c"]
    cues = list(found.snapshot.cues)
    assert [cue.text for cue in cues] == ["words 1", "words 2", "words 3"]
    assert len({cue.id for cue in cues}) == 3


async def test_of_two_with_one_sort_key_the_lower_id_stands_first(backend: InPages) -> None:
    """As on the desks that made them at one place: who opens it moves nothing."""
    backend.give([("d", block(4), "5"), ("c", block(3), "4")], [("b", block(2), "4"), ("a", block(1), "4")])
    found = await opened(backend)
    assert [one.key for one in found.segments] == ["a", "b", "c", "d"]
    assert [cue.text for cue in found.snapshot.cues] == [f"words {n}" for n in (1, 2, 3, 4)]
    assert found.known.in_place(found.snapshot)


async def test_a_list_that_shows_no_documents_tells_no_order(backend: InPages) -> None:
    """Each is read by itself; who opens it sorts them as all desks do, and moves nothing."""
    backend.give([("c", block(3), "2"), ("b", block(2), "2"), ("d", block(4), ""), ("a", block(1), "1")])
    for row in backend.pages["/p1"]["items"]:  # type: ignore[index]
        backend.pages[f"/{row['id']}"] = row.pop("document")
        backend.asked[f"/{row['id']}"] = asyncio.Event()
    found = await opened(backend, replace(IN_PAGES, item=Item(url="/{id}", version=("json:/content",))))
    assert [one.key for one in found.segments] == ["a", "b", "c", "d"]
    assert [cue.text for cue in found.snapshot.cues] == [f"words {n}" for n in (1, 2, 3, 4)]
    assert found.known.in_place(found.snapshot)


async def test_bare_texts_have_their_times_by_their_place_among_all_pages(backend: InPages) -> None:
    backend.give([("c", "third", "3"), ("a", "first", "1")], [("b", "second", "2")])
    found = await opened(backend)
    assert [(cue.text, cue.start) for cue in found.snapshot.cues] == [
        ("first", 0),
        ("second", PAYLOAD_MS),
        ("third", 2 * PAYLOAD_MS),
    ]


async def test_of_a_segment_in_two_pages_the_later_holds(backend: InPages) -> None:
    """Somebody inserted a segment while the pages were read: the last of a page is the first of the next."""
    backend.give([("a", block(1), "1"), ("b", block(2), "2")], [("b", block(5), "2"), ("c", block(3), "3")])
    found = await opened(backend)
    assert [cue.text for cue in found.snapshot.cues] == ["words 1", "words 5", "words 3"]


@pytest.mark.parametrize("why", ["bare texts", "in two pages", "under our name"])
async def test_a_new_cue_has_an_id_of_its_own_whatever_was_read_twice(backend: InPages, why: str) -> None:
    """What was read ahead, and again under another name or at its place, has used up ids."""
    profile = IN_PAGES
    if why == "bare texts":
        backend.give([("a", "first", "1"), ("b", "second", "2")])
    elif why == "in two pages":
        backend.give([("a", block(1), "1"), ("b", block(2), "2")], [("b", block(5), "2")])
    else:
        profile = replace(IN_PAGES, create=Create(method="POST", url="/p1", id="server", marker="/at"))
        backend.give([("a", block(1), "1"), ("b", block(2), "2")])
    found = await opened(backend, profile)
    assert Document(found.snapshot).new_id() not in found.snapshot.cues.ids


async def test_requests_one_after_the_other_share_a_connection(backend: InPages) -> None:
    backend.give([("a", block(1), "1")], [("b", block(2), "2")])
    await opened(backend)
    assert backend.connections == 1


def test_sort_keys_of_every_kind_have_their_order() -> None:
    pages = Pages(IN_PAGES, lambda path, asked: path)
    for order in (
        ["a", "b", "c"],
        [2, 10, "1"],
        [1, "b", ""],
        ["a", "b", None],
        ["a", "b", ""],
        [3, "a", True],
    ):
        rows = [Listed(str(place), '"1"', {"at": at}) for place, at in enumerate(order)]
        assert [one.key for one in pages.in_order(reversed(rows))][:2] == ["0", "1"]
    assert [one.key for one in pages.in_order([Listed("y", None), Listed("x", None)])] == ["y", "x"]


@pytest.mark.parametrize(
    ("version", "form", "row", "told"),
    [
        (("/v",), "{v}", {"v": '"7"'}, '"7"'),
        (("/v",), "{v}", {"v": 7}, "7"),
        (("/v",), '"{v}"', {"v": 7}, '"7"'),
        (("/v",), "{v}", {"v": ""}, None),
        (("/v",), "{v}", {"v": True}, None),
        (("/v",), "{v}", {}, None),
        (("/v", "/w"), "{v}", {"v": 7, "w": "x"}, "7,x"),
        (("/v", "/w"), "{v}", {"v": 7}, None),
    ],
)
def test_a_version_is_read_however_a_row_has_it(
    version: tuple[str, ...], form: str, row: dict[str, object], told: str | None
) -> None:
    profile = replace(IN_PAGES, list=replace(IN_PAGES.list, version=version, version_format=form))
    listed = Rows(profile, Names(profile)).listed({"id": "a", **row})
    assert listed is not None and listed.etag == told
