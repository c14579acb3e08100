"""What rows of a list and of a change feed say, as the profile tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import Listed, made_listed
from vtt_desktop.sync.names import Names
from vtt_desktop.sync.profile import Item, Profile
from vtt_desktop.sync.request_body import decoded
from vtt_desktop.sync.version_parts import joined, written


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a row has what."""

    id: Callable[[Any], Any]
    version: Callable[[Any], str | None]
    document: Callable[[Any], Any]


def gone_in(item: Item) -> Callable[[Any], bool]:
    """Tells whether a document says of itself that it was removed (`item.gone`)."""
    told, values = pointer.getter(item.gone), item.gone_values
    if not item.gone:
        return lambda document: False
    return lambda document: str(told(document)) in values if values else bool(told(document))


class Rows:
    """Reads rows of one backend. `names` is told of every document that comes by."""

    def __init__(self, profile: Profile, names: Names) -> None:
        self._profile = profile
        self._names = names
        how = profile.list
        self._list_places = self._places(how.id, how.version, how.document)
        news = profile.changes
        self._news_places = self._places(
            news.id or how.id, news.version or how.version, news.document or how.document
        )
        self._tombstone = pointer.getter(news.tombstone) if news.tombstone else None
        self._spelt = bool(profile.list.id_pattern or profile.list.id_encoded)
        self._gone = gone_in(profile.item) if profile.item.gone else None
        self._decodes = profile.content.encoding == "base64"
        self._pattern = re.compile(profile.list.id_pattern) if profile.list.id_pattern else None

    def listed(self, row: Any, name: str = "", *, news: bool = False) -> Listed | None:
        """A row as a segment under its id; None where it is none. `name` is the row's own in an object of
        rows; `news` where it is a row of the feed."""
        places = self._news_places if news else self._list_places
        key = name or places.id(row)
        if type(key) is not str or self._spelt:
            key = self.id_in(key)
        if not key:
            return None
        if self._tombstone is not None and bool(self._tombstone(row)):
            return Listed(key, None, None, gone=True)
        etag = places.version(row)
        document = places.document(row) if etag is not None else None
        if not isinstance(document, dict):
            return made_listed(key, etag)
        if self._gone is not None and self._gone(document):
            # A list's other rows are what is there: one that is left out is read before it is believed gone.
            return Listed(key, None, None, gone=True) if news else None
        return made_listed(key, etag, decoded(document, self._profile.content) if self._decodes else document)

    def _places(self, id_at: str, version: tuple[str, ...], document: str) -> _Places:
        return _Places(
            pointer.getter(id_at),
            self._version_at(version),
            pointer.getter(document) if document != "none" else lambda row: None,
        )

    def _version_at(self, places: tuple[str, ...]) -> Callable[[Any], str | None]:
        """Reads a row's version."""
        form = self._profile.list.version_format
        parts = tuple(map(pointer.getter, places))

        def of_all(row: Any) -> str | None:
            return joined([written(at(row), form) for at in parts])

        if len(parts) != 1 or form != "{v}":
            return of_all
        (only,) = parts

        def as_it_is(row: Any) -> str | None:
            value = only(row)
            return value if type(value) is str and value else of_all(row)

        return as_it_is

    def id_in(self, told: Any) -> str:
        """The id in what a row or an answer has in its place; nothing where there is none."""
        if not isinstance(told, (str, int)) or isinstance(told, bool):
            return ""
        found = self._pattern.search(str(told)) if self._pattern is not None else None
        key = str(told) if self._pattern is None else (found[1] or "") if found else ""
        return unquote(key) if self._profile.list.id_encoded else key

    def named(self, listed: Listed) -> Listed:
        """The row under our name of its segment, as far as that is known."""
        if not self._names.given:
            return listed
        return replace(listed, key=self._names.learn(listed.key, listed.document))

    def epoch(self, document: Any) -> str:
        """What changes when the collection is wiped or made anew."""
        at = self._profile.changes.epoch
        return str(pointer.get(document, at) or "") if at else ""
