"""The windows about sharing, made when they are first wanted, and the commands that open them."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from vtt_desktop.ui.commands import Command, Spawn
from vtt_desktop.ui.panels.cue_history import CueHistoryWindow
from vtt_desktop.ui.panels.presence import PresenceButton
from vtt_desktop.ui.panels.sync_log import SyncLogWindow
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme

_MENU = ("Share",)


class SharedViews:
    """Follows the main window from one session and one theme to the next."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, spawn: Spawn, window: QWidget
    ) -> None:
        self._session, self._selection, self._theme, self._window = session, selection, theme, window
        self._spawn = spawn
        self._log: SyncLogWindow | None = None
        self._history: CueHistoryWindow | None = None
        self.presence = PresenceButton(session, theme)
        self.presence.go_requested.connect(selection.select_one)
        selection.changed.connect(lambda now: self._session.be_at(now.current))

    def commands(self) -> list[Command]:
        return [
            Command(
                "sync-log",
                "Sync log",
                self.show_log,
                _MENU,
                ("Ctrl+Alt+L",),
                icon="sync-log",
                section=2,
                tip="What was sent, merged and decided; undo a merge, put back what was put aside",
            ),
            Command(
                "cue-history",
                "Versions of the cue",
                self.show_history,
                _MENU,
                ("Ctrl+Alt+H",),
                icon="history",
                disabled_reason=self._no_cue,
                section=2,
                tip="Who wrote what and when; restore a version",
            ),
            Command(
                "colleagues",
                "Who else is here",
                self.presence.open_list,
                _MENU,
                ("Ctrl+Alt+W",),
                icon="people",
                disabled_reason=self._nobody,
                section=2,
                tip="And on which cue; choose one to go there",
            ),
        ]

    def set_session(self, session: Session) -> None:
        """Another document."""
        self._session = session
        self.presence.set_session(session)
        if self._log is not None:
            self._log.set_session(session)
        if self._history is not None:
            self._history.set_session(session)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.presence.set_theme(theme)
        if self._log is not None:
            self._log.set_theme(theme)
        if self._history is not None:
            self._history.set_theme(theme)

    def show_log(self) -> SyncLogWindow:
        """Shows the sync log; on top, where it is open already."""
        if self._log is None:
            self._log = SyncLogWindow(self._session, self._selection, self._theme, self._window)
        _show(self._log, self._log.table)
        return self._log

    def show_history(self) -> CueHistoryWindow:
        """Shows the versions of the current cue."""
        if self._history is None:
            self._history = CueHistoryWindow(
                self._session, self._selection, self._theme, self._spawn, self._window
            )
        _show(self._history, self._history.list)
        return self._history

    def _nobody(self) -> str | None:
        return None if self._session.colleagues.all else "Nobody else is here, as far as the server tells."

    def _no_cue(self) -> str | None:
        return None if self._selection.current is not None else "Select a cue first."


def _show(window: QDialog, focus: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
    focus.setFocus()
