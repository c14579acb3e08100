"""The change feed: pages by `since`, server-sent events, and presence riding on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from vtt_desktop.server.answers import MARK, change_item, json_response
from vtt_desktop.server.presence import Presence, read_desk
from vtt_desktop.server.problems import NO_STORE, Problem
from vtt_desktop.server.requests import checked_name, number, parse_body, read_body, require_json
from vtt_desktop.server.roles import still_let_in
from vtt_desktop.server.store import ChangePage, CursorGoneError, Store, StoreError

PAGE_CHANGES = 1000
MOST_CHANGES = 5000
EVENTS_AT_ONCE = 200
"""How many changes a stream reads from the store at a time; a slow reader holds no more than these."""
MOST_STREAMS = 256
HEARTBEAT_SECONDS = 15.0


class Bells:
    """Wakes the streams of a project. A bell says only "look again": what changed is in the store."""

    def __init__(self) -> None:
        self._ears: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    @property
    def listeners(self) -> int:
        """Streams that are open."""
        return sum(map(len, self._ears.values()))

    def ring(self, project: str | None) -> None:
        """Something in the project changed (None: in any of them may something have)."""
        for one in [*self._ears] if project is None else [project]:
            for ear in self._ears.get(one, ()):
                ear.set()

    @contextmanager
    def listen(self, project: str) -> Iterator[asyncio.Event]:
        """An event that is set at each ring while the context lasts."""
        ear = asyncio.Event()
        self._ears.setdefault(project, set()).add(ear)
        try:
            yield ear
        finally:
            self._ears[project].discard(ear)
            if not self._ears[project]:
                del self._ears[project]

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self.closed = True
        self.ring(None)


def feed_routes(
    store: Store, bells: Bells, presence: Presence, *, heartbeat_seconds: float = HEARTBEAT_SECONDS
) -> APIRouter:
    """The routes under /projects that tell what changed and who is where."""
    router = APIRouter()

    @router.get("/projects/{project}/changes")
    async def changes(project: str, request: Request) -> Response:
        checked_name("project", project)
        since = number(request, "since", 0, 1 << 60)
        limit = number(request, "limit", PAGE_CHANGES, MOST_CHANGES, lowest=1)
        page = await _changes(store, project, since, limit)
        items = ",".join(map(change_item, page.items))
        return json_response(
            f'{{"epoch":"{page.epoch}","seq":{page.seq},"more":{json.dumps(page.more)},"items":[{items}]}}',
            {MARK: page.mark},
        )

    @router.get("/projects/{project}/events")
    async def events(project: str, request: Request) -> Response:
        checked_name("project", project)
        # What a client has seen since is newer than what its URL says.
        seen = request.headers.get("last-event-id", "")
        since = number(request, "since", 0, 1 << 60)
        if seen:
            if not (seen.isascii() and seen.isdecimal()) or len(seen) > 18:
                raise Problem(400, "bad-parameter", "Last-Event-ID must be the id of an event of this feed.")
            since = int(seen)
        await _changes(store, project, since, 1)  # refused before the stream starts, not inside it
        if bells.listeners >= MOST_STREAMS:
            raise Problem(
                503, "too-many-streams", "Too many event streams are open.", headers={"Retry-After": "30"}
            )

        async def let_in() -> bool:
            return await still_let_in(store, request)

        stream = event_stream(store, bells, presence, project, since, heartbeat_seconds, let_in)
        headers = {**NO_STORE, "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    @router.get("/projects/{project}/presence")
    async def who(project: str) -> Response:
        checked_name("project", project)
        await _changes(store, project, 0, 1)
        return json_response(presence.listing(project))

    @router.put("/projects/{project}/presence")
    async def here(project: str, request: Request) -> Response:
        checked_name("project", project)
        require_json(request, ("application/json",))
        desk = read_desk(await parse_body(await read_body(request, 4096)))
        await _changes(store, project, 0, 1)
        presence.put(project, desk)
        return json_response(presence.listing(project))

    return router


async def _always() -> bool:
    return True


async def event_stream(
    store: Store,
    bells: Bells,
    presence: Presence,
    project: str,
    since: int,
    heartbeat_seconds: float,
    let_in: Callable[[], Awaitable[bool]] = _always,
) -> AsyncIterator[str]:
    """Server-sent events: each change above `since` once, in order, then each new one as it comes.

    Ends when `let_in` says no; it is asked each time before more is told.

    The `id` of a change is its sequence number; `hello` and `presence` carry none, so that resuming by
    Last-Event-ID never skips a change.
    """
    shown = ""
    with bells.listen(project) as ear:
        page = await store.changes(project, since, EVENTS_AT_ONCE)
        yield f'retry: 2000\nevent: hello\ndata: {{"epoch":"{page.epoch}","seq":{page.seq}}}\n\n'
        while not bells.closed:
            for revision in page.items:
                yield f"id: {revision.seq}\nevent: change\ndata: {change_item(revision)}\n\n"
                since = revision.seq
            if not page.more:
                if (listing := presence.listing(project)) != shown:
                    yield f"event: presence\ndata: {listing}\n\n"
                    shown = listing
                if not await _rung(ear, heartbeat_seconds):
                    yield ": still here\n\n"
            # Cleared before the store is read: a change committed after that rings again.
            ear.clear()
            try:
                if not await let_in():
                    return
                page = await store.changes(project, since, EVENTS_AT_ONCE)
            except StoreError:
                return  # who comes again for the rest is told why


async def _rung(ear: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await ear.wait()
    except TimeoutError:
        return False
    return True


async def _changes(store: Store, project: str, since: int, limit: int) -> ChangePage:
    try:
        return await store.changes(project, since, limit)
    except CursorGoneError as error:
        raise Problem(
            410,
            "cursor-gone",
            f"The feed is at {error.seq}; {since} is not of its history. List the segments again.",
            seq=error.seq,
        ) from None
