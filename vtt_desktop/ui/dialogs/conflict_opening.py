"""When the dialog on a conflict is open: the person opens it, never the network."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.ui.dialogs.conflict import ConflictDialog
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import Theme


class ConflictOpening:
    """Makes one dialog a session, which keeps what was composed and not yet decided.

    `play` shows the film from one time to another, both in milliseconds.
    """

    def __init__(self, window: QWidget, theme: Theme, play: Callable[[int, int], None]) -> None:
        self._window, self._theme, self._play = window, theme, play
        self._session: Session | None = None
        self._dialog: ConflictDialog | None = None
        self._offset = 0

    def set_session(self, session: Session) -> None:
        """Another document; what was open on the one before goes."""
        self._session = session
        if self._dialog is not None:
            self._dialog.reject()
            self._dialog.deleteLater()
            self._dialog = None

    def open_on(self, cue_id: int) -> None:
        if self._dialog is None and self._session is not None:
            self._dialog = ConflictDialog(self._session, self._theme, self._window, self._play)
        if self._dialog is not None:
            self._dialog.time_offset = self._offset
            self._dialog.open_on(cue_id)

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues from the next opening on."""
        self._offset = ms

    @property
    def dialog(self) -> ConflictDialog | None:
        """The dialog while it is open."""
        return self._dialog if self._dialog is not None and self._dialog.isVisible() else None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._dialog is not None:
            self._dialog.set_theme(theme)
