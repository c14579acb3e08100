"""All segments of a project, and what changed since: lists, feeds, and ids alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias

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
    NotReached,
    TokenNeeded,
    Unchanged,
    words_of,
)
from vtt_desktop.sync.expected import JSON, xml_with
from vtt_desktop.sync.names import Names
from vtt_desktop.sync.pages import Page, Pages, rows_of, spelt
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.rows import Rows
from vtt_desktop.sync.wire import Wire

NO_LIST = "The server's list is not where the profile says (list.items)"
NO_FEED = "The server's feed is not as the profile says (changes.items)"
_PAGES = 10_000
"""A list with more pages than this is a server that goes round in circles."""

Asked: TypeAlias = tuple[Answer, httpx.Response | None]
OnPage: TypeAlias = Callable[[Sequence[Listed]], Awaitable[None]]


async def _meanwhile(asked: Awaitable[Asked], work: Awaitable[None]) -> Asked:
    """What was asked for, once both are done: a request is never left behind by work that failed."""
    answer, failure = await asyncio.gather(asked, work, return_exceptions=True)
    for error in (failure, answer):
        if isinstance(error, BaseException):
            raise error
    assert isinstance(answer, tuple)
    return answer


class Lists:
    """`read` reads one segment by its id: for a list that does not show documents."""

    def __init__(
        self,
        profile: Profile,
        wire: Wire,
        url: Callable[[str], str],
        names: Names,
        read: Callable[[str], Awaitable[Asked]],
    ) -> None:
        self._profile = profile
        self._wire = wire
        self._url = url
        self._names = names
        self._read = read
        self._rows = Rows(profile, names)
        self._pages = Pages(profile, wire.url)
        self._expected = (
            xml_with(profile.list.items.rpartition("/")[2]) if profile.list.format == "xml" else JSON
        )
        self._tag = ""
        self._was: Contents | None = None

    async def contents(
        self, fresh: Mapping[str, str] | None = None, *, each: OnPage | None = None
    ) -> Contents | Answer:
        """All segments. A backend without a list is asked for each of the profile's ids. `fresh`: what the
        query must hold besides, so that no cache answers; nothing known is compared then. `each` works on a
        page while the next one is on its way; what it raises ends the list."""
        how = self._profile.list
        if not how.url:
            return await self._by_id(how.ids)
        items: dict[str, Listed] = {}
        seq, epoch = 0, ""
        asked = Page(self._url(how.url), {**self._pages.first(), **(fresh or {})})
        known = self._tag if fresh is None else ""
        answer, response = await self._page(asked, known)
        if known and isinstance(answer, NotAccepted):
            # Something between rewrote the list's tag, and the server will not compare what it is now.
            self._tag = ""
            answer, response = await self._page(asked)
        for page in range(_PAGES):
            if isinstance(answer, Unchanged) and self._was is not None:
                return self._was
            if not isinstance(answer, Done) or response is None:
                return answer
            await asyncio.sleep(0)  # a long page took its time to be decoded
            document = answer.document
            rows = rows_of(document, how.items, none_is_empty=how.none_is_empty)
            if rows is None:
                return NotReached(f"{NO_LIST}; the answer begins {self._wire.beginning(response)}")
            found = [listed for name, row in rows if (listed := self._rows.listed(row, name)) is not None]
            unseen = [one for one in found if one.key not in items]
            items |= {one.key: one for one in found}
            if page == 0:
                seq = self._pages.position(how.seq, response, document) if how.seq else 0
                epoch = self._rows.epoch(document)
            following = self._pages.after(asked, response, document, len(rows), bool(unseen))
            if following is None:
                if each is not None:
                    await each(found)
                ordered = await self._named(self._pages.in_order(items.values()))
                contents = Contents(ordered, seq, epoch, pages=page + bool(found))
                self._remember(contents, response if page == 0 else None)
                return contents
            asked = following
            if each is None:
                answer, response = await self._page(asked)
            else:
                answer, response = await _meanwhile(self._page(asked), each(found))
        raise UserError("The server's list does not end.")

    async def _page(self, page: Page, known: str = "") -> Asked:
        """One page of the list; `known` is the tag of what is known of it."""
        how = self._profile.list
        headers = {**how.headers, **page.headers, **({"If-None-Match": known} if known else {})}
        return await self._wire.request(
            how.method, page.url, params=page.params, headers=headers, expected=self._expected
        )

    async def news(self, since: int) -> News | Answer:
        """What changed after position `since`."""
        how = self._profile.changes
        url = self._url(how.url or self._profile.list.url)
        params = {how.param: how.param_format.replace("{v}", spelt(since, how.position))}
        if how.position == "link":
            url, params = spelt(since, "link") or url, {}
        items: list[Listed] = []
        seq, epoch, more = 0, "", False
        for page in range(_PAGES):
            answer, response = await self._wire.request(
                "GET", url, params=params, headers=self._profile.list.headers
            )
            if response is not None and response.status_code == 410:
                return News(stale=True)
            if not isinstance(answer, Done) or response is None:
                return answer
            document = answer.document
            rows = rows_of(document, how.items, none_is_empty=self._profile.list.none_is_empty)
            if rows is None:
                return NotReached(NO_FEED)
            told = (self._rows.listed(row, name, news=True) for name, row in rows)
            items += [one for one in told if one is not None]
            if not seq:  # the first page that tells one: what comes in while others are read is after that
                seq = self._pages.position(how.seq, response, document)
            if page == 0:
                epoch = self._rows.epoch(document)
                more = how.more != "" and bool(pointer.get(document, how.more))
            following = self._pages.address(how.next, response, document) if how.next else None
            if following is None:
                # Removed under an id that is not known in this run: whose it was only the list can tell.
                known = [one for one in items if not one.gone or self._names.name_of(one.key) is not None]
                named = await self._named(known)
                return News(named, seq or since, epoch, more, stale=len(known) < len(items))
            url, params = following, {}
        raise UserError("The server's feed does not end.")

    def made(self, document: Any) -> dict[str, str | None]:
        """The versions of what was made at once, by id, from the answer to it."""
        rows = [listed for row in document.get("items", []) if (listed := self._rows.listed(row))]
        return {row.key: row.etag for row in rows}

    def id_made(self, answer: Any, response: httpx.Response) -> str:
        """The id that a backend gave to what was made, from its answer; nothing where it names none."""
        return self._rows.id_in(self._pages.told(self._profile.create.made_id, response, answer))

    async def _named(self, items: Sequence[Listed]) -> tuple[Listed, ...]:
        """The rows under our names; of two that carry one of them, the one with the lower id has it."""
        if not self._names.given:
            return tuple(items)
        for one in sorted(items, key=lambda one: (len(one.key), one.key)):
            if self._names.name_of(one.key) is None and not one.gone:
                if one.document is not None:
                    self._names.learn(one.key, one.document)
                else:
                    await self._read(one.key)
        return tuple(
            Listed(self._names.name_of(one.key) or one.key, one.etag, one.document, one.gone) for one in items
        )

    def _remember(self, contents: Contents, response: httpx.Response | None) -> None:
        """For a list of one page: its tag, so that the next look costs nothing while it is the same."""
        self._tag = (self._wire.etag(response) or "") if response is not None else ""
        self._was = None
        if self._tag and all(item.etag is not None for item in contents.items):
            known = tuple(Listed(item.key, item.etag, None, item.gone) for item in contents.items)
            self._was = Contents(known, contents.seq, contents.epoch)
        else:
            self._tag = ""

    async def _by_id(self, ids: Sequence[str]) -> Contents | Answer:
        """Each segment by itself. One that the server fails over is no reason to be deaf to the others."""
        items: list[Listed] = []
        unread: dict[str, str] = {}
        failed: Answer = Missing()
        for key in ids:
            answer, response = await self._read(key)
            if isinstance(answer, Done):
                items.append(Listed(key, answer.etag, answer.document))
            elif isinstance(answer, Missing):
                items.append(Listed(key, None, gone=True))
            elif response is None or isinstance(answer, TokenNeeded):
                return answer
            else:
                failed, unread[key] = answer, words_of(answer)
        if unread and not items:
            return failed
        return Contents(tuple(items), unread=unread)
