"""The segments on a backend, read and written as its profile says."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Any
from urllib.parse import quote

import httpx

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import (
    Answer,
    Contents,
    Done,
    Listed,
    Missing,
    News,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unproven,
)
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.wire import Wire

_PAGES = 10_000
"""A list with more pages than this is a server that goes round in circles."""


class Repository:
    """One project on one backend. Answers are values; UserError only for what no retry can mend."""

    def __init__(
        self, profile: Profile, base: str, *, project: str = "", token: str = "", author: str = ""
    ) -> None:
        self.profile = profile
        self.project = project
        self._wire = Wire(profile, base, token)
        self._author = {"X-VTT-Author": quote(author)} if author and profile.write.idempotency else {}
        self._fresh = 0

    def set_token(self, token: str) -> None:
        self._wire.set_token(token)

    async def close(self) -> None:
        await self._wire.close()

    async def fetch(self, key: str, *, cache_bust: bool = False, unless: str | None = None) -> Answer:
        """Reads one segment; `unless` asks for `Unchanged` where its version is still that one."""
        headers = {"If-None-Match": unless} if unless else {}
        params: dict[str, str] = {}
        if cache_bust and self.profile.cache_bust:
            self._fresh += 1
            params[self.profile.cache_bust] = f"{self._fresh}"
        answer, response = await self._wire.request(
            "GET", self._url(self.profile.item.url, key), headers=headers, params=params
        )
        if not isinstance(answer, Done) or response is None:
            return NotReached(answer.why, answer.retry_after_s) if isinstance(answer, Unproven) else answer
        document = pointer.get(answer.document, self.profile.item.read)
        if not isinstance(document, dict):
            return NotReached("The server's answer holds no document")
        return Done(self._version(self.profile.item.version, response, answer.document), document)

    async def save(self, key: str, changes: dict[str, Any], etag: str, write_id: str, whole: Any) -> Answer:
        """Saves changed places under If-Match. `whole` makes the whole document from the one on the server,
        for a backend that only takes whole ones."""
        write = self.profile.write
        if write.body == "full":
            now = await self.fetch(key)
            if not isinstance(now, Done):
                return now
            if now.etag != etag:
                return StaleTag()
            changes = whole(now.document)
        body: Any = pointer.wrapped(changes, write.wrap)
        headers = self._write_headers(write_id)
        if write.precondition.startswith("body:"):
            pointer.put(body, write.precondition.removeprefix("body:"), etag)
        else:
            headers["If-Match"] = etag
        answer, response = await self._wire.request(
            write.method,
            self._url(self.profile.item.url, key),
            headers=headers,
            body=body,
            content_type=write.content_type,
        )
        return self._written(answer, response)

    async def create(self, key: str, document: dict[str, Any], write_id: str) -> Answer:
        """Makes a segment that must not exist yet."""
        how = self.profile.create
        if not how.method:
            return NotAllowed("This backend cannot make new segments.")
        document = {**how.fixed, **document}
        if how.id != "url":
            pointer.put(document, how.id, key)
        headers = self._write_headers(write_id)
        if how.guard:
            headers["If-None-Match"] = "*"
        url = self._url(how.url or self.profile.item.url, key)
        body = pointer.wrapped(document, self.profile.write.wrap)
        answer, response = await self._wire.request(how.method, url, headers=headers, body=body)
        if response is not None and response.status_code in how.exists:
            return StaleTag()
        return self._written(answer, response)

    async def delete(self, key: str, etag: str, write_id: str) -> Answer:
        """Removes a segment, if its version is still this one."""
        how = self.profile.delete
        if not how.method:
            return NotAllowed("This backend cannot remove segments.")
        headers = {**self._write_headers(write_id), "If-Match": etag}
        url = self._url(how.url or self.profile.item.url, key)
        answer, _ = await self._wire.request(how.method, url, headers=headers)
        return answer

    async def contents(self) -> Contents | Answer:
        """All segments. A backend without a list is asked for each of the profile's ids."""
        how = self.profile.list
        if not how.url:
            return await self._contents_by_id(how.ids)
        items: list[Listed] = []
        url, seq, epoch = self._url(how.url), 0, ""
        for page in range(_PAGES):
            answer, _ = await self._wire.request("GET", url)
            if not isinstance(answer, Done):
                return answer
            document = answer.document
            rows = pointer.get(document, how.items)
            if not isinstance(rows, list):
                return NotReached("The server's list is not as the profile says")
            items += [listed for row in rows if (listed := self._listed(row)) is not None]
            if page == 0:
                seq = _whole(pointer.get(document, how.seq)) if how.seq else 0
                epoch = str(pointer.get(document, self.profile.changes.epoch) or "")
            following = pointer.get(document, how.next) if how.next else None
            if not following:
                return Contents(tuple(items), seq, epoch)
            url = str(following)
        raise UserError("The server's list does not end.")

    async def news(self, since: int) -> News | Answer:
        """What changed after position `since`."""
        how = self.profile.changes
        answer, response = await self._wire.request("GET", self._url(how.url), params={how.param: str(since)})
        if response is not None and response.status_code == 410:
            return News(stale=True)
        if not isinstance(answer, Done):
            return answer
        document = answer.document
        rows = pointer.get(document, how.items)
        if not isinstance(rows, list):
            return NotReached("The server's feed is not as the profile says")
        items = [listed for row in rows if (listed := self._listed(row)) is not None]
        return News(
            tuple(items),
            _whole(pointer.get(document, how.seq)),
            str(pointer.get(document, how.epoch) or ""),
            bool(pointer.get(document, how.more)),
        )

    async def knocks(self, since: int) -> AsyncGenerator[int, None]:
        """Yields whenever the event stream says that something changed; ends when the stream does.

        NotReached-like failures end it too: the caller asks `news` and comes back.
        """
        url = self._url(self.profile.changes.events)
        try:
            async with self._wire.stream(url, {"Last-Event-ID": str(since)}) as response:
                if response.status_code != 200:
                    return
                yield since
                seq = since
                async for line in response.aiter_lines():
                    if line.startswith("id:"):
                        seq = _whole(line[3:].strip())
                    elif line.startswith("data:"):
                        yield seq
        except httpx.HTTPError:
            return

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
            "POST", self._url(how.bulk_url), headers=self._write_headers(write_id), body={"items": items}
        )
        if not isinstance(answer, Done):
            return answer
        rows = [listed for row in answer.document.get("items", []) if (listed := self._listed(row))]
        return Done(None, {row.key: row.etag for row in rows})

    def _url(self, template: str, key: str = "") -> str:
        return template.replace("{project}", quote(self.project, safe="")).replace(
            "{id}", quote(key, safe="")
        )

    def _write_headers(self, write_id: str) -> dict[str, str]:
        headers = dict(self._author)
        if self.profile.write.idempotency and write_id:
            headers["Idempotency-Key"] = write_id
        return headers

    def _version(self, how: str, response: httpx.Response, document: Any) -> str | None:
        if how == "header":
            how = "header:ETag"
        if how.startswith("header:"):
            return self._wire.etag(response, how.removeprefix("header:"))
        if how.startswith("json:"):
            return _tag(pointer.get(document, how.removeprefix("json:")), "{v}")
        return None

    def _written(self, answer: Answer, response: httpx.Response | None) -> Answer:
        if not isinstance(answer, Done) or response is None:
            return answer
        how = self.profile.write.version
        etag = self._version(how, response, answer.document)
        document = pointer.get(answer.document, self.profile.item.read)
        whole = document if isinstance(document, dict) and etag is not None else None
        return Done(etag, whole)

    def _listed(self, row: Any) -> Listed | None:
        how = self.profile.list
        key = pointer.get(row, how.id)
        if not isinstance(key, (str, int)) or isinstance(key, bool):
            return None
        etag = _tag(pointer.get(row, how.version), how.version_format) if how.version else None
        document = pointer.get(row, how.document)
        gone = (
            bool(pointer.get(row, self.profile.changes.tombstone))
            if self.profile.changes.tombstone
            else False
        )
        return Listed(str(key), etag, document if isinstance(document, dict) and not gone else None, gone)

    async def _contents_by_id(self, ids: Sequence[str]) -> Contents | Answer:
        items = []
        for key in ids:
            answer = await self.fetch(key)
            if isinstance(answer, Done):
                items.append(Listed(key, answer.etag, answer.document))
            elif isinstance(answer, Missing):
                items.append(Listed(key, None, gone=True))
            else:
                return answer
        return Contents(tuple(items))


def words_of(answer: Answer) -> str:
    """What an answer that is no success says, in one sentence for a person."""
    match answer:
        case NotReached(why) | Unproven(why) | TokenNeeded(why):
            return f"{why}."
        case NotAllowed(sentence) | NotAccepted(sentence):
            return sentence
        case Missing():
            return "There is nothing at that address on the server."
        case StaleTag():
            return "It is already there on the server."
        case _:
            return "The server's answer was not understood."


def _tag(value: Any, form: str) -> str | None:
    if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
        return form.replace("{v}", str(value))
    return None


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
