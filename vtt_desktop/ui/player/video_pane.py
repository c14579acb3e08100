"""The pane of the window that plays: the screen, and the controls under it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.ui.player.controls import Controls
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.player.screen import Screen
from vtt_desktop.ui.theme import Theme


class VideoPane(QWidget):
    """Shows what `player` plays and the cues that it is given; knows no document.

    A click on the picture plays and pauses. `open_requested` is a click where there is no film.
    """

    file_dropped = Signal(object)
    """A Path that a person let go over the picture."""
    open_requested = Signal()

    def __init__(self, player: Player, colors: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self.screen_view = Screen(self)
        self.controls = Controls(player, colors, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.screen_view, 1)
        column.addWidget(self.controls)
        player.picture_changed.connect(self.screen_view.show_picture)
        player.media_changed.connect(self._on_media)
        self.screen_view.clicked.connect(self._on_click)
        self.screen_view.file_dropped.connect(self.file_dropped)
        self._on_media(player.media)

    def show_cues(self, cues: Sequence[Cue]) -> None:
        """The cues to draw over the picture now, in the order of the file."""
        self.screen_view.show_cues(cues)

    def set_colors(self, colors: Theme) -> None:
        """Another theme."""
        self.controls.set_colors(colors)

    def _on_media(self, media: Path | None) -> None:
        self.screen_view.set_film(media is not None)

    def _on_click(self) -> None:
        if self._player.media is None:
            self.open_requested.emit()
        else:
            self._player.toggle()
