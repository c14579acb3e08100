"""The times that a person sees: those of the cues, moved by the document's map to the clock of its film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from vtt_desktop.domain.document import Change
from vtt_desktop.ui.authoring import HeadText
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.ports import Session


class ShowsTimes(Protocol):
    """A view with times in it."""

    def set_time_offset(self, ms: int) -> None: ...


class ShownTimes:
    """Tells every view what to add to the times of cues, and the player where the film lies on their clock.

    The map is the head's `X-TIMESTAMP-MAP` (RFC 8216 3.5). Cues stay as they are written: only what is shown
    and typed is moved.
    """

    def __init__(self, head: HeadText, player: Player, views: Sequence[ShowsTimes]) -> None:
        self._head, self._player, self._views = head, player, tuple(views)
        self._disconnect: Callable[[], None] = lambda: None
        self._offset = 0

    @property
    def offset(self) -> int:
        """ms that are added to the times of cues for those shown."""
        return self._offset

    def set_session(self, session: Session) -> None:
        """Another document."""
        self._disconnect()
        self._disconnect = session.document.changed.connect(self._edited)
        self._show(self._head.time_offset(session.document.snapshot.head))

    def _edited(self, change: Change) -> None:
        if change.new.head is not change.old.head:
            self._show(self._head.time_offset(change.new.head))

    def _show(self, offset: int | None) -> None:
        self._player.set_map(offset)
        if (offset or 0) != self._offset:
            self._offset = offset or 0
            for view in self._views:
                view.set_time_offset(self._offset)
