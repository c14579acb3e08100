"""The segments on a backend, read and written as its profile says."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
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
    Listed,
    Missing,
    News,
    NotAccepted,
    NotAllowed,
    NotReached,
    StaleTag,
    TokenNeeded,
    Unchanged,
    Unproven,
)
from vtt_desktop.sync.pages import Pages, rows_of, spelt, whole
from vtt_desktop.sync.profile import Changes, Profile
from vtt_desktop.sync.wire import Wire

_NO_DOCUMENT = "The server's answer holds no document where the profile says (item.read)"
_NO_LIST = "The server's list is not where the profile says (list.items)"
_NO_FEED = "The server's feed is not as the profile says (changes.items)"
NOT_AS_THE_PROFILE_SAYS = (_NO_DOCUMENT, _NO_LIST, _NO_FEED)
"""Reasons for `NotReached` that are the profile's mistake, not the network's."""
_CONTENT_TYPES = {
    "partial": "application/json",
    "full": "application/json",
    "json-patch": "application/json-patch+json",
}
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
        self._pages = Pages(profile, self._wire.url)
        self._author = {"X-VTT-Author": quote(author)} if author and profile.write.idempotency else {}
        self.on_presence: Callable[[Any], object] | None = None
        """Hears what the event stream tells of who is where."""
        self._fresh = 0
        self._list_tag = ""
        self._list_was: Contents | None = None

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
            "GET",
            self._url(self.profile.item.url, key),
            headers=headers,
            params=params,
            text_at=self._text_at,
        )
        if not isinstance(answer, Done) or response is None:
            return NotReached(answer.why, answer.retry_after_s) if isinstance(answer, Unproven) else answer
        item = self.profile.item
        document = pointer.get(answer.document, item.read)
        if not isinstance(document, dict):
            return NotReached(_NO_DOCUMENT)
        return Done(self._version(item.version, item.version_format, response, answer.document), document)

    async def save(self, key: str, changes: dict[str, Any], etag: str, write_id: str, whole: Any) -> Answer:
        """Saves changed places under If-Match. `whole` makes the whole document from the one on the server,
        for a backend that only takes whole ones."""
        write = self.profile.write
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        if write.body == "full":
            now = await self.fetch(key)
            if not isinstance(now, Done):
                return now
            if now.etag != etag:
                return StaleTag()
            changes = whole(now.document)
        body: Any = pointer.wrapped(_laid_over(self._filled(write.fixed, key), changes), write.wrap)
        if write.body == "json-patch":
            # RFC 6902 4.1: “add” sets a member whether it is there or not.
            body = [{"op": "add", "path": at, "value": value} for at, value in pointer.leaves(body)]
        for at in write.omit if write.body == "full" else ():
            pointer.drop(body, write.wrap + at)
        headers, params = self._guarded(etag, body)
        answer, response = await self._wire.request(
            write.method,
            self._url(write.url or self.profile.item.url, key),
            headers={**self._write_headers(write_id), **headers},
            params=params,
            body=body,
            content_type=self._content_type,
            text_at=self._text_at,
        )
        return self._written(answer, response, write.version)

    async def create(self, key: str, document: dict[str, Any], write_id: str) -> Answer:
        """Makes a segment that must not exist yet."""
        how = self.profile.create
        if not how.method:
            return NotAllowed("This backend cannot make new segments.")
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        document = _laid_over(self._filled(how.fixed, key), document)
        if how.id != "url":
            pointer.put(document, how.id, key)
        headers = self._write_headers(write_id)
        if how.guard:
            headers["If-None-Match"] = "*"
        url = self._url(how.url or self.profile.item.url, key)
        body = pointer.wrapped(document, self.profile.write.wrap)
        answer, response = await self._wire.request(
            how.method,
            url,
            headers=headers,
            body=body,
            content_type=self._created_type,
            text_at=self._text_at,
        )
        if response is not None and response.status_code in how.exists:
            return StaleTag()
        return self._written(answer, response, how.version or self.profile.write.version)

    async def delete(self, key: str, etag: str, write_id: str) -> Answer:
        """Removes a segment, if its version is still this one."""
        how = self.profile.delete
        if not how.method:
            return NotAllowed("This backend cannot remove segments.")
        if self.profile.read_only:
            return NotAllowed(self.profile.read_only)
        body: dict[str, Any] = {}
        headers, params = self._guarded(etag, body, how.precondition)
        answer, _ = await self._wire.request(
            how.method,
            self._url(how.url or self.profile.item.url, key),
            headers={**self._write_headers(write_id), **headers},
            params=params,
            body=body or None,
        )
        return answer

    async def contents(self) -> Contents | Answer:
        """All segments. A backend without a list is asked for each of the profile's ids."""
        how = self.profile.list
        if not how.url:
            return await self._contents_by_id(how.ids)
        items: dict[str, Listed] = {}
        seq, epoch = 0, ""
        url, params = self._url(how.url), dict(self._pages.first())
        for page in range(_PAGES):
            tag = self._list_tag if page == 0 else ""
            answer, response = await self._wire.request(
                "GET", url, params=params, headers={"If-None-Match": tag} if tag else {}
            )
            if isinstance(answer, Unchanged) and self._list_was is not None:
                return self._list_was
            if not isinstance(answer, Done) or response is None:
                return answer
            document = answer.document
            rows = rows_of(document, how.items)
            if rows is None:
                return NotReached(_NO_LIST)
            found = [listed for name, row in rows if (listed := self._listed(row, name)) is not None]
            fresh = [one for one in found if one.key not in items]
            items |= {one.key: one for one in found}
            if page == 0:
                seq = self._pages.position(how.seq, response, document) if how.seq else 0
                epoch = self._epoch(document)
            following = self._pages.after(
                self._url(how.url), response, document, params, len(rows), bool(fresh)
            )
            if following is None:
                contents = Contents(self._pages.in_order(items.values()), seq, epoch)
                self._remember_list(contents, response if page == 0 else None)
                return contents
            url, params = following
        raise UserError("The server's list does not end.")

    async def news(self, since: int) -> News | Answer:
        """What changed after position `since`."""
        how = self.profile.changes
        url = self._url(how.url or self.profile.list.url)
        params = {how.param: how.param_format.replace("{v}", spelt(since, how.position))}
        items: list[Listed] = []
        seq, epoch, more = 0, "", False
        for page in range(_PAGES):
            answer, response = await self._wire.request("GET", url, params=params)
            if response is not None and response.status_code == 410:
                return News(stale=True)
            if not isinstance(answer, Done) or response is None:
                return answer
            document = answer.document
            rows = rows_of(document, how.items)
            if rows is None:
                return NotReached(_NO_FEED)
            items += [one for name, row in rows if (one := self._listed(row, name, how)) is not None]
            if page == 0:  # what comes in while later pages are read is after that
                seq = self._pages.position(how.seq, response, document) or since
                epoch = self._epoch(document)
                more = how.more != "" and bool(pointer.get(document, how.more))
            following = self._pages.address(how.next, response, document) if how.next else None
            if following is None:
                return News(tuple(items), seq, epoch, more)
            url, params = following, {}
        raise UserError("The server's feed does not end.")

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
                seq, event = since, ""
                async for line in response.aiter_lines():
                    if line.startswith("event:"):
                        event = line[6:].strip()
                    elif not line:
                        event = ""
                    elif line.startswith("data:") and event == "presence":
                        self._tell_presence(line[5:])
                    elif line.startswith("id:"):
                        seq = whole(line[3:].strip())
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
        answer, _ = await self._wire.request("GET", self._url(how.url, key))
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

    def _filled(self, value: Any, key: str) -> Any:
        """The profile's fixed values with the project's name and the id in them."""
        if isinstance(value, Mapping):
            return {name: self._filled(inner, key) for name, inner in value.items()}
        if isinstance(value, str):
            return value.replace("{project}", self.project).replace("{id}", key)
        return value

    @property
    def _text_at(self) -> str:
        """Where the text of a bare answer stands in our documents; empty: answers are JSON."""
        return self.profile.content.pointer if self.profile.item.format == "text" else ""

    @property
    def _created_type(self) -> str:
        if self._text_at:
            return self.profile.write.content_type or "text/vtt; charset=utf-8"
        return self.profile.create.content_type or "application/json"

    @property
    def _content_type(self) -> str:
        if self._text_at:
            return self._created_type
        return self.profile.write.content_type or _CONTENT_TYPES[self.profile.write.body]

    def _guarded(self, etag: str, body: Any, precondition: str = "") -> tuple[dict[str, str], dict[str, str]]:
        """Headers and parameters that make a write depend on the version; a body has it put in."""
        write = self.profile.write
        kind, _, name = (precondition or write.precondition).partition(":")
        said = write.precondition_format.replace("{v}", etag)
        if kind == "body":
            try:
                pointer.put(body, name, int(said) if write.precondition_type == "integer" else said)
            except ValueError:
                raise UserError(f"The version {said[:40]!r} is no whole number.") from None
        return ({name: said} if kind == "header" else {}), ({name: said} if kind == "query" else {})

    def _version(self, how: str, form: str, response: httpx.Response, document: Any) -> str | None:
        if how == "header":
            own = self.profile.item.version
            how = own if own.startswith("header:") else "header:ETag"
        if how.startswith("header:"):
            return self._wire.etag(response, how.removeprefix("header:"))
        if how.startswith("json:"):
            return _tag(pointer.get(document, how.removeprefix("json:")), form)
        return None

    def _written(self, answer: Answer, response: httpx.Response | None, version: str) -> Answer:
        if response is not None and response.is_success and version == "reget":
            return Done()  # whatever was answered, be it a page: a read proves it, or does not
        if not isinstance(answer, Done) or response is None:
            return answer
        write = self.profile.write
        etag = self._version(version, write.version_format, response, answer.document)
        document = pointer.get(answer.document, self.profile.item.read)
        # What a store of texts answers to a save is no text of ours.
        shown = write.answer == "document" and not self._text_at
        whole = shown and isinstance(document, dict) and etag is not None
        return Done(etag, document if whole else None)

    def _listed(self, row: Any, name: str = "", news: Changes | None = None) -> Listed | None:
        how, tombstone = self.profile.list, self.profile.changes.tombstone
        if news is not None:
            how = replace(
                how,
                id=news.id or how.id,
                version=news.version or how.version,
                document=news.document or how.document,
            )
        key = name or pointer.get(row, how.id)
        if not isinstance(key, (str, int)) or isinstance(key, bool) or key == "":
            return None
        if tombstone and bool(pointer.get(row, tombstone)):
            return Listed(str(key), None, None, gone=True)
        etag = _tag(pointer.get(row, how.version), how.version_format) if how.version else None
        document = pointer.get(row, how.document) if how.document != "none" and etag is not None else None
        return Listed(str(key), etag, document if isinstance(document, dict) else None)

    def _epoch(self, document: Any) -> str:
        at = self.profile.changes.epoch
        return str(pointer.get(document, at) or "") if at else ""

    def _remember_list(self, contents: Contents, response: httpx.Response | None) -> None:
        """For a list of one page: its tag, so that the next look costs nothing while it is the same."""
        self._list_tag = (response.headers.get("ETag") or "") if response is not None else ""
        self._list_was = None
        if self._list_tag and all(item.etag is not None for item in contents.items):
            known = tuple(Listed(item.key, item.etag, None, item.gone) for item in contents.items)
            self._list_was = Contents(known, contents.seq, contents.epoch)
        else:
            self._list_tag = ""

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


def _laid_over(below: Any, above: Any) -> Any:
    """Two documents as one: objects joined member by member, else what is above."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: _laid_over(below.get(name), value) for name, value in above.items()}}
    return above
