"""Which cues stand over the picture: those of the moment, or the current one when it was just chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.timeline.nearby import CuesInTime

_MANY = 100
"""Changes in one edit from which on looking at the moment again is quicker than at each of them."""


class ShownCues:
    """Tells `show` what to draw, and whether that is a preview, a cue that is not on the picture now. While
    nothing plays, choosing a cue shows it, so that its look can be judged; as soon as the playhead moves the
    moment counts again."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        player: Player,
        show: Callable[[Sequence[Cue], bool], object],
    ) -> None:
        self._session, self._selection, self._player, self._show = session, selection, player, show
        self._shown: tuple[Cue, ...] = ()
        self._preview = False
        self._chosen = True
        self._in_time = CuesInTime()
        self._disconnect = session.document.changed.connect(self._edited)
        selection.changed.connect(lambda _selection: self._select())
        player.position_changed.connect(self._move)
        self._update()

    def set_session(self, session: Session) -> None:
        self._disconnect()
        self._session, self._chosen, self._in_time = session, True, CuesInTime()
        self._disconnect = session.document.changed.connect(self._edited)
        self._update()

    def _move(self, _ms: int) -> None:
        self._chosen = False
        self._update()

    def _select(self) -> None:
        if not self._player.playing:
            self._chosen = True
            self._update()

    def _edited(self, change: Change) -> None:
        self._in_time.follow(change)
        shown = {cue.id for cue in self._shown}
        if (
            self._chosen
            or len(change.edit.changes) > _MANY
            or shown & change.edit.ids
            or any(self._now(c.after) for c in change.edit.cue_changes)
        ):
            self._update()

    def _now(self, cue: Cue | None) -> bool:
        return cue is not None and cue.start <= self._player.position < cue.end

    def _update(self) -> None:
        cues = self._session.document.snapshot.cues
        if self._chosen:
            # By id, not by time: looking for a moment would make a large file load every cue.
            current = cues.get(self._selection.current) if self._selection.current is not None else None
            found: tuple[Cue, ...] = (current,) if current is not None else ()
            preview = current is not None and not self._now(current)
        else:
            at = self._player.position
            found, preview = tuple(self._in_time.between(cues, at, at + 1)), False
        if (found, preview) != (self._shown, self._preview):
            self._shown, self._preview = found, preview
            self._show(found, preview)
