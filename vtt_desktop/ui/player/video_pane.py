"""The pane of the window that plays: the screen, and the controls under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change
from vtt_desktop.domain.edits_text import set_settings
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.player.controls import Controls
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.screen import Screen
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.rendering.ports import CueReader
from vtt_desktop.ui.theme import Theme


class VideoPane(QWidget):
    """Shows what `player` plays and the cues that it is given, as the document's regions and styles say.

    A click on the picture plays and pauses, one on a cue picks it; a cue that is moved gets its new
    settings in one edit. `open_requested` is a click where the surface says that there is no film.
    """

    file_dropped = Signal(object)
    """A Path that a person let go over the picture."""
    open_requested = Signal()
    picked = Signal(int)
    """The id of a cue that was clicked on."""
    refused = Signal(str)
    """One sentence: why a cue that was moved is where it was."""

    def __init__(
        self, player: Player, colors: Theme, reader: CueReader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._session: Session | None = None
        self._disconnect: Callable[[], None] = lambda: None
        self.screen_view = Screen(reader, colors, self)
        self.controls = Controls(player, colors, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.screen_view, 1)
        column.addWidget(self.controls)
        player.picture_changed.connect(self.screen_view.show_picture)
        player.position_changed.connect(self.screen_view.set_time)
        player.media_changed.connect(self._on_media)
        self.screen_view.clicked.connect(self._on_click)
        self.screen_view.picked.connect(self.picked)
        self.screen_view.placed.connect(self._place_by_hand)
        self.screen_view.nudged.connect(self._place)
        self.screen_view.file_dropped.connect(self.file_dropped)
        self._on_media(player.media)

    def set_session(self, session: Session) -> None:
        """Another document."""
        self._disconnect()
        self._session = session
        self._disconnect = session.document.changed.connect(self._edited)
        self.screen_view.set_head(session.document.snapshot.head)

    def show_cues(self, cues: Sequence[Cue], preview: bool = False) -> None:
        """The cues to draw over the picture, in the order of the file; `preview`: they are not on it now."""
        self.screen_view.set_preview(preview)
        self.screen_view.show_cues(cues)

    def set_current(self, cue_id: int | None) -> None:
        """The cue that Alt and the arrow keys move."""
        self.screen_view.set_current(cue_id)

    @property
    def safe_areas(self) -> bool:
        return self.screen_view.safe_areas

    def toggle_safe_areas(self) -> None:
        """The frames that say where action and graphics are safe to be seen, on or off."""
        self.screen_view.set_safe_areas(not self.safe_areas)

    def set_colors(self, colors: Theme) -> None:
        """Another theme."""
        self.controls.set_colors(colors)
        self.screen_view.set_colors(colors)

    def _edited(self, change: Change) -> None:
        if change.new.head is not change.old.head:
            self.screen_view.set_head(change.new.head)

    def _place_by_hand(self, cue_id: int, settings: str) -> None:
        """One drag is one step of undo, whatever comes before it and after it."""
        if self._session is not None:
            self._session.history.seal()
            self._place(cue_id, settings)
            self._session.history.seal()

    def _place(self, cue_id: int, settings: str) -> None:
        if self._session is None:
            return
        try:
            self._session.submit(set_settings(self._session.document.snapshot, cue_id, settings))
        except UserError as error:
            self.refused.emit(str(error))

    def _on_media(self, media: Path | None) -> None:
        self.screen_view.set_film(media is not None)

    def _on_click(self) -> None:
        if self.screen_view.asks_for_film:
            self.open_requested.emit()
        else:
            self._player.toggle()
