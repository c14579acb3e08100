"""What rows of a list and of a change feed say, as the profile tells."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from vtt_desktop.sync import pointer
from vtt_desktop.sync.answers import Listed
from vtt_desktop.sync.names import Names
from vtt_desktop.sync.profile import Changes, Profile
from vtt_desktop.sync.request_body import decoded
from vtt_desktop.sync.version_parts import joined, written


class Rows:
    """Reads rows of one backend. `names` is told of every document that comes by."""

    def __init__(self, profile: Profile, names: Names) -> None:
        self._profile = profile
        self._names = names
        self._pattern = re.compile(profile.list.id_pattern) if profile.list.id_pattern else None

    def listed(self, row: Any, name: str = "", news: Changes | None = None) -> Listed | None:
        """A row as a segment under its id; None where it is none. `name` is the row's own in an object of
        rows; `news` where it is a row of the feed."""
        how, tombstone = self._profile.list, self._profile.changes.tombstone
        if news is not None:
            how = replace(
                how,
                id=news.id or how.id,
                version=news.version or how.version,
                document=news.document or how.document,
            )
        key = self.id_in(name or pointer.get(row, how.id))
        if not key:
            return None
        if tombstone and bool(pointer.get(row, tombstone)):
            return Listed(key, None, None, gone=True)
        etag = joined(written(pointer.get(row, at), how.version_format) for at in how.version)
        document = pointer.get(row, how.document) if how.document != "none" and etag is not None else None
        if not isinstance(document, dict):
            return Listed(key, etag)
        return Listed(key, etag, decoded(document, self._profile.content))

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
