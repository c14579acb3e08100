"""Our names of segments, and the ids that a backend made for them.

Where the backend makes ids itself, a segment that was made here carries our name for it in a field of its own
(`create.marker`). So it is found again whoever saw the answer to its creation, after a crash too; nothing
of this is kept anywhere but there.
"""

from __future__ import annotations

from typing import Any

from vtt_desktop.sync import pointer
from vtt_desktop.sync.profile import Profile

HEAD_KEY = "head"
"""The segment of a project's head, where the name is ours to give."""


def tell_what_they_are(profile: Profile) -> bool:
    """Whether ids are a project's own and may be any words, such as `head`."""
    return "{project}" in profile.item.url and profile.create.ids != "uuid"


class Names:
    """What each id is called here. A backend that takes our ids calls all by their ids."""

    def __init__(self, profile: Profile) -> None:
        self._marker = profile.create.marker if profile.create.id == "server" else ""
        self._name_of: dict[str, str] = {}
        self._id_of: dict[str, str] = {}

    @property
    def given(self) -> bool:
        """Whether the backend makes ids itself."""
        return bool(self._marker)

    def id_of(self, name: str) -> str | None:
        """The id of a segment; None where none is known by that name (yet)."""
        return self._id_of.get(name) if self.given else name

    def name_of(self, key: str) -> str | None:
        """What a segment is called here; None where that is not known before its document is seen."""
        return self._name_of.get(key) if self.given else key

    def learn(self, key: str, document: Any) -> str:
        """Takes over the name that a document carries; gives it. Of two with one mark (somebody made a copy)
        the one whose id is known keeps it; the other is called by its id."""
        if not self.given:
            return key
        if (known := self._name_of.get(key)) is not None:
            return known
        mark = pointer.get(document, self._marker)
        name = mark if isinstance(mark, str) and mark and mark not in self._id_of else key
        self.call(key, name)
        return name

    def call(self, key: str, name: str) -> None:
        """This id is that name's."""
        if self.given:
            self._name_of[key] = name
            self._id_of[name] = key
