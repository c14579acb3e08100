"""Lists that come in pages, and positions in a change feed: every way that profiles know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx

from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import Listed
from vtt_desktop.sync.profile import Profile
from vtt_desktop.sync.sorting import GIVEN

_LONGEST_POSITION = 1500
"""Bytes; a number of more digits than that Python does not write down."""


class Page(NamedTuple):
    """How a page of a list is asked for: a full address, what its query holds besides, and headers."""

    url: str
    params: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


class Pages:
    """Where the next page is, and in which order the rows of all of them stand.

    `url` makes a full address of one from an answer, given the address that was asked.
    """

    def __init__(self, profile: Profile, url: Callable[[str, str], str]) -> None:
        self._profile = profile
        self._url = url

    def first(self) -> dict[str, str]:
        """Parameters of the first page."""
        how = self._profile.list
        if how.page_param:
            return {how.page_param: str(how.page_first)}
        return {how.offset_param: "0"} if how.offset_param else {}

    def after(
        self, asked: Page, response: httpx.Response, document: Any, rows: int, fresh: bool
    ) -> Page | None:
        """The page of the list after the one that was asked for so; None: it was the last."""
        how, (url, params, _) = self._profile.list, asked
        if how.next:
            address = self.address(how.next, response, document)
            return Page(address) if address is not None else None
        in_query, in_headers = (
            {name: told for name, at in places.items() if (told := _told(at, response, document))}
            for places in (how.next_params, how.next_headers)
        )
        if in_query or in_headers:
            following = Page(url, {**params, **in_query}, in_headers)
            stands = not fresh and following == asked  # a place behind the last row, told again and again
            return following if not stands else None
        if how.page_param and fresh:
            return Page(url, {how.page_param: str(int(params[how.page_param]) + 1)})
        if how.offset_param and fresh:
            return Page(url, {how.offset_param: str(int(params[how.offset_param]) + rows)})
        return None

    def address(self, at: str, response: httpx.Response, document: Any) -> str | None:
        """The next page's full address, if there is one."""
        told = (
            response.links.get("next", {}).get("url", "") if at == "link" else _told(at, response, document)
        )
        return self._url(told, f"{response.request.url}") if told else None

    def told(self, at: str, response: httpx.Response, document: Any) -> str:
        """What `json:/pointer` or `header:NAME` says of an answer, as text; nothing where it is not there."""
        return _told(at.removeprefix("json:"), response, document)

    def position(self, at: str, response: httpx.Response, document: Any) -> int:
        """The feed's position that an answer is as new as; of a date, in microseconds since 1970."""
        told = _told(at, response, document)
        if self._profile.changes.position == "iso":
            return _microseconds(told)
        if self._profile.changes.position == "link" and len(told.encode()) > _LONGEST_POSITION:
            return 0  # half an address leads nowhere
        if self._profile.changes.position in ("text", "link"):
            # Positions are whole numbers everywhere else: the text is one, read as digits of 256.
            return int.from_bytes(told.encode()[:_LONGEST_POSITION])
        return whole(told.removeprefix("W/").strip('"'))

    def in_order(self, items: Iterable[Listed]) -> tuple[Listed, ...]:
        """By the profile's sort key; what has none, or is not shown, keeps its place at the end. Of two that
        have one key, as those that two desks put at one place, the lower id stands first on every desk."""
        at = self._profile.list.sort or self._profile.content.order
        if not at or at == GIVEN:
            return tuple(items)
        every, told = tuple(items), pointer.getter(at)
        ranks: list[Any] = [told(one.document) for one in every]
        if set(map(type, ranks)) != {str} or "" in ranks:  # else they are ranks themselves
            ranks = list(map(_rank, ranks))
        if self._profile.content.order and len(set(ranks)) < len(ranks):
            ids = (one.key if rank != _NO_RANK else "" for rank, one in zip(ranks, every, strict=True))
            ranks = list(zip(ranks, ids, strict=True))
        return tuple([every[place] for place in sorted(range(len(every)), key=ranks.__getitem__)])


def spelt(position: int, kind: str) -> str:
    """A position as the backend writes it."""
    if kind in ("text", "link"):
        return position.to_bytes((position.bit_length() + 7) // 8).decode("utf-8", "replace")
    return _iso(position) if kind == "iso" else str(position)


def whole(value: Any) -> int:
    """A whole number, or 0."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(text: str) -> int:
    """A date and time (RFC 3339) as microseconds since 1970; 0 where it is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return 0
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)


def _iso(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")[:-6] + "Z"


def rows_of(document: Any, at: str, *, none_is_empty: bool = False) -> list[tuple[str, Any]] | None:
    """A list's rows; of an object each member is one, with its name as the id. None: there is no list;
    `none_is_empty`: an object without a place for rows has none."""
    rows = pointer.get(document, at)
    if rows is None and none_is_empty and (document is None or isinstance(document, dict)):
        return []
    if isinstance(rows, list):
        return [("", row) for row in rows]
    return list(rows.items()) if isinstance(rows, dict) else None


def _told(at: str, response: httpx.Response, document: Any) -> str:
    """What a pointer or a header of an answer says, as text; nothing where it is not there."""
    if at.startswith("header:"):
        return response.headers.get(at.removeprefix("header:")) or ""
    value = pointer.get(document, at)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


_NO_RANK = (2, 0.0, "")


def _rank(value: Any) -> tuple[int, float, str]:
    if isinstance(value, str) and value:
        return 1, 0.0, value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 0, float(value), ""
    return _NO_RANK
