"""The segments on a backend, read and written as its profile says."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    Answer,
    Contents,
    Done,
    Missing,
    News,
    NotAllowed,
    NotReached,
    StaleTag,
    Unproven,
    words_of,
)
from vtt_desktop.sync.expected import JSON, Expected, text_at
from vtt_desktop.sync.guard import Guard
from vtt_desktop.sync.lists import NO_FEED, NO_LIST, Lists, OnPage
from vtt_desktop.sync.names import Names
from vtt_desktop.sync.pages import whole
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.request_body import RequestBody, decoded
from vtt_desktop.sync.rows import gone_in
from vtt_desktop.sync.version_parts import bare, joined, written
from vtt_desktop.sync.wire import Wire

_NO_DOCUMENT = "The server's answer holds no document where the profile says (item.read)"
NOT_AS_THE_PROFILE_SAYS = (_NO_DOCUMENT, NO_LIST, NO_FEED)
"""Reasons for a failed read that are the profile's mistake, not the network's."""
_GATEWAY = (502, 503, 504)
"""Statuses of a server that is in trouble as a whole."""


class Repository:
    """One project on one backend. Answers are values; UserError only for what no retry can mend."""

    def __init__(
        self,
        profile: Profile,
        base: str,
        *,
        project: str = "",
        token: str = "",
        author: str = "",
        guard: Guard | None = None,
    ) -> None:
        """`guard` is asked before anything is written, where nobody has tried this backend."""
        self.profile = profile
        self._guard = guard
        self.project = project
        self._bodies = RequestBody(profile, project, author)
        profile = self._bodies.of_project(profile)
        self._wire = Wire(profile, base, token)
        self._names = Names(profile)
        self._says_gone = gone_in(profile.item)
        self._expected = text_at(profile.content.pointer) if profile.item.format == "text" else JSON
        self._lists = Lists(profile, self._wire, self._url, self._names, self._read)
        self.on_presence: Callable[[Any], object] | None = None
        """Hears what the event stream tells of who is where."""
        self._fresh = 0

    @property
    def mark(self) -> str:
        """The newest mark of the project's history that the server told: a request brings it back, and is
        refused where it is not in the history (any more)."""
        return self._wire.mark

    @mark.setter
    def mark(self, mark: str) -> None:
        self._wire.mark = mark

    def on_mark(self, call: Callable[[str], object]) -> None:
        """Calls back with every newer mark."""
        self._wire.on_mark = call

    def set_token(self, token: str) -> None:
        self._wire.set_token(token)

    async def close(self) -> None:
        await self._wire.close()

    async def fetch(self, key: str, *, cache_bust: bool = False, unless: str | None = None) -> Answer:
        """Reads one segment; `unless` asks for `Unchanged` where its version is still that one."""
        known = await self._id_of(key)
        if not isinstance(known, str):
            return known
        answer, response = await self._read(known, cache_bust=cache_bust, unless=unless)
        if not isinstance(answer, Unproven) or answer.why == _NO_DOCUMENT:
            return answer
        if response is not None and response.status_code >= 500 and response.status_code not in _GATEWAY:
            return answer  # it fails over this segment, and perhaps over no other
        return NotReached(answer.why, answer.retry_after_s)

    async def _read(
        self, key: str, *, cache_bust: bool = False, unless: str | None = None
    ) -> tuple[Answer, httpx.Response | None]:
        """Reads the segment with that id."""
        item = self.profile.item
        known = {"If-None-Match": unless} if unless else {}
        answer, response = await self._wire.request(
            "GET",
            self._url(item.url, key),
            headers={**self._bodies.headers(item.headers, key), **known},
            params=self._past_caches(cache_bust),
            expected=self._expected,
        )
        if not isinstance(answer, Done) or response is None:
            return answer, response
        document = pointer.get(answer.document, item.read)
        if not isinstance(document, dict):
            gone = item.empty_is_gone and response.content and _says_empty(answer.document, item.read)
            return (Missing() if gone else Unproven(_NO_DOCUMENT)), response
        self._names.learn(key, document)
        if self._says_gone(document):
            return Missing(deleted=True), response
        etag = self._version(item.version, item.version_format, response, answer.document)
        if self._guard is not None:
            self._guard.given(key, etag)
        return Done(etag, decoded(document, self.profile.content)), response

    def _past_caches(self, wanted: bool) -> dict[str, str]:
        """A query that no cache has seen, where the profile names one."""
        if not wanted or not self.profile.cache_bust:
            return {}
        self._fresh += 1
        return {self.profile.cache_bust: f"{self._fresh}"}

    async def save(self, key: str, changes: dict[str, Any], etag: str, write_id: str, whole: Any) -> Answer:
        """Saves changed places under If-Match. `whole` makes the whole document from the one on the server,
        for a backend that only takes whole ones."""
        write = self.profile.write
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        known = await self._id_of(key)
        if not isinstance(known, str):
            return known
        if (refused := await self._guarded(key, known, etag)) is not None:
            return refused
        if write.body == "full":
            now = await self._read_before(key, etag)
            if not isinstance(now, Done):
                return now
            changes = whole(now.document)
        return await self._send(known, changes, etag, write_id)

    async def _read_before(self, key: str, etag: str) -> Answer:
        """What is there under `etag`. An answer that has it in another spelling, or none, is read again."""
        now = await self.fetch(key)
        if isinstance(now, Done) and now.etag != etag and bare(now.etag) in ("", bare(etag)):
            now = await self.fetch(key)
        return StaleTag() if isinstance(now, Done) and now.etag != etag else now

    async def _send(self, known: str, changes: dict[str, Any], etag: str, write_id: str = "") -> Answer:
        """Sends a save of the segment with that id."""
        write = self.profile.write
        body = self._bodies.saved(known, changes)
        headers, params = self._bodies.guarded(etag, body)
        answer, response = await self._wire.request(
            write.method,
            self._url(write.url or self.profile.item.url, known),
            headers=self._bodies.writing(write_id, write.headers, known) | headers,
            params=params,
            body=body,
            content_type=self._bodies.saved_type,
            expected=self._expected_after(write.version),
        )
        return self._written(answer, response, write.version)

    async def _guarded(self, key: str, known: str, etag: str) -> Answer | None:
        """What to answer instead of writing, before it is known that this backend looks at versions."""
        if self._guard is None or not etag:
            return None
        found = await self._guard.first(
            self.profile,
            known,
            etag,
            lambda: self._read_before(key, etag),
            lambda same, old: self._send(known, same, old),
            self.mark,
        )
        if isinstance(found, str):
            self.profile = replace(self.profile, read_only=found)
            return NotAllowed(found)
        return found

    async def create(self, key: str, document: dict[str, Any], write_id: str) -> Answer:
        """Makes a segment that must not exist yet."""
        how = self.profile.create
        if not how.method:
            return NotAllowed("This backend cannot make new segments.")
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        guard = {"If-None-Match": "*"} if how.guard and not self._names.given else {}
        answer, response = await self._wire.request(
            how.method,
            self._url(how.url or self.profile.item.url, key),
            headers=self._bodies.writing(write_id, how.headers, key) | guard,
            body=self._bodies.made(key, document),
            content_type=self._bodies.made_type,
            expected=self._expected_after(how.version or self.profile.write.version, how.done),
        )
        if response is not None and response.status_code in how.exists:
            return StaleTag(self._wire.words(response))
        if self._names.given and isinstance(answer, Done) and response is not None:
            if made := self._lists.id_made(answer.document, response):
                self._names.call(made, key)
        return self._written(answer, response, how.version or self.profile.write.version, how.done)

    async def delete(self, key: str, etag: str, write_id: str) -> Answer:
        """Removes a segment, if its version is still this one."""
        how = self.profile.delete
        if not how.method:
            return NotAllowed("This backend cannot remove segments.")
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        known = await self._id_of(key)
        if not isinstance(known, str):
            return known
        if (refused := await self._guarded(key, known, etag)) is not None:
            return refused
        body = self._bodies.removed(known)
        headers, params = self._bodies.guarded(etag, body, how.precondition)
        answer, _ = await self._wire.request(
            how.method,
            self._url(how.url or self.profile.item.url, known),
            headers=self._bodies.writing(write_id, how.headers, known) | headers,
            params=params,
            body=body or None,
        )
        return StaleTag() if isinstance(answer, Done) and self._undone(answer.document, how.done) else answer

    async def contents(self, *, fresh: bool = False, each: OnPage | None = None) -> Contents | Answer:
        """All segments. A backend without a list is asked for each of the profile's ids. `fresh`: past every
        cache. `each` works on a page while the next one is on its way."""
        return await self._lists.contents(self._past_caches(True) if fresh else None, each=each)

    async def news(self, since: int) -> News | Answer:
        """What changed after position `since`."""
        return await self._lists.news(since)

    async def knocks(self, since: int) -> AsyncGenerator[int | None, None]:
        """Yields whenever the event stream says that something changed: the position where it tells one that
        can be compared, else None. Ends when the stream does, or is none, or fails as in `NotReached`: the
        caller asks `news` and comes back.
        """
        url = self._url(self.profile.changes.events)
        counted = self.profile.changes.kind == "since" and self.profile.changes.position == "integer"
        try:
            async with self._wire.stream(url, {"Last-Event-ID": str(since)} if counted else {}) as response:
                kind = response.headers.get("Content-Type", "")
                if response.status_code != 200 or "event-stream" not in kind.lower():
                    return
                yield None  # what changed before the stream stood is told by no event of it
                seq, event = None, ""
                async for line in response.aiter_lines():
                    if line.startswith("event:"):
                        event = line[6:].strip()
                    elif not line:
                        seq, event = None, ""
                    elif line.startswith("data:") and event == "presence":
                        self._tell_presence(line[5:])
                    elif line.startswith("id:"):
                        seq = (whole(line[3:].strip()) or None) if counted else None
                    elif line.startswith("data:"):
                        yield seq
        except httpx.HTTPError:
            return

    async def be_at(self, desk: str, name: str, segment: str | None) -> Any:
        """Tells which segment this desk is on; gives what the server tells of all desks, None where it does
        not."""
        url = self.profile.presence.url
        if not url:
            return None
        body = {"desk": desk, "name": name, "segment": segment}
        answer, _ = await self._wire.request("PUT", self._url(url), body=body)
        return answer.document if isinstance(answer, Done) else None

    def _tell_presence(self, text: str) -> None:
        if self.on_presence is not None:
            with suppress(ValueError, RecursionError):
                self.on_presence(json.loads(text))

    async def history(self, key: str) -> list[Any]:
        """Past versions of one segment as the backend tells them, the newest first; none where it does not.

        UserError where it does not answer.
        """
        how = self.profile.history
        if not how.url:
            return []
        known = await self._id_of(key)
        answer: Answer = known if not isinstance(known, str) else Missing()
        if isinstance(known, str):
            answer, _ = await self._wire.request("GET", self._url(how.url, known))
        rows = pointer.get(answer.document, how.items) if isinstance(answer, Done) else None
        if not isinstance(rows, list):
            raise UserError(f"The history cannot be read: {words_of(answer)}")
        return rows

    async def make_project(self) -> Answer:
        """Makes the project itself where the backend has such a thing."""
        url = self.profile.create.project_url
        if not url:
            return Done()
        answer, _ = await self._wire.request("PUT", self._url(url), headers={"If-None-Match": "*"}, body={})
        return answer

    async def create_many(self, documents: Sequence[tuple[str, dict[str, Any]]], write_id: str) -> Answer:
        """Makes many segments in one request, all or none; `Done.document` maps their keys to tags."""
        how = self.profile.create
        items = [{**how.fixed, **document, "id": key} for key, document in documents]
        answer, _ = await self._wire.request(
            "POST", self._url(how.bulk_url), headers=self._bodies.writing(write_id), body={"items": items}
        )
        if not isinstance(answer, Done):
            return answer
        return Done(None, self._lists.made(answer.document))

    async def _id_of(self, key: str) -> str | Answer:
        """The id that a segment has there. One that is not known (nobody saw the answer to its creation, or
        it was in an earlier run) is looked for in the list; `Missing` where it is not there either."""
        if (known := self._names.id_of(key)) is not None:
            return known
        contents = await self._lists.contents()
        if not isinstance(contents, Contents):
            return contents
        return self._names.id_of(key) or Missing()

    def _url(self, template: str, key: str = "") -> str:
        return template.replace("{project}", quote(self.project, safe="")).replace(
            "{id}", quote(key, safe="")
        )

    def _version(
        self, places: tuple[str, ...], form: str, response: httpx.Response, document: Any
    ) -> str | None:
        own = self.profile.item.version
        if places == ("header",):
            places = own if own[0].startswith("header:") else ("header:ETag",)
        return joined(self._part(one, form, response, document) for one in places)

    def _part(self, place: str, form: str, response: httpx.Response, document: Any) -> str | None:
        kind, _, name = place.partition(":")
        if kind == "header":
            return self._wire.etag(response, name or "ETag")
        return written(pointer.get(document, name), form) if kind == "json" else None

    def _expected_after(self, version: tuple[str, ...], done: str = "") -> Expected:
        """What a write is answered with: a store of texts may tell of them in JSON."""
        tells = (done or self.profile.write.done) != "none" or any(one.startswith("json:") for one in version)
        return JSON if tells else self._expected

    def _undone(self, document: Any, done: str) -> bool:
        """Whether an answer to a write says itself that the version was not the current one."""
        done = done or self.profile.write.done
        return done != "none" and document is not None and not pointer.get(document, done)

    def _written(
        self, answer: Answer, response: httpx.Response | None, version: tuple[str, ...], done: str = ""
    ) -> Answer:
        if isinstance(answer, Done) and self._undone(answer.document, done):
            return StaleTag()
        if response is not None and response.is_success and version == ("reget",):
            # Whatever was answered, be it a page: a read proves it, or does not.
            own, form = self.profile.item.version, self.profile.item.version_format
            told = answer.document if isinstance(answer, Done) else None
            return Done(named=self._version(own, form, response, told))
        if not isinstance(answer, Done) or response is None:
            return answer
        write = self.profile.write
        etag = self._version(version, write.version_format, response, answer.document)
        document = pointer.get(answer.document, self.profile.item.read)
        shown = write.answer == "document" and not self._bodies.bare  # else it is no text of ours
        if shown and self._says_gone(document):
            return Missing()
        whole = shown and isinstance(document, dict) and etag is not None
        return Done(etag, decoded(document, self.profile.content) if whole else None)


def _says_empty(answer: Any, at: str) -> bool:
    """Whether there is null in that place, or an empty list in it or instead of what it is in."""
    value = pointer.get(answer, at)
    if not at:
        return value is None or bool(value == [])
    above, _, _ = at.rpartition("/")
    return value == [] or pointer.get(answer, above) == [] or (value is None and pointer.has(answer, at))
