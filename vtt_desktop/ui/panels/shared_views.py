"""The windows about sharing, made when they are first wanted, and the commands that open them."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.panels.cue_history import CueHistoryWindow
from vtt_desktop.ui.panels.presence import PresenceButton
from vtt_desktop.ui.panels.refused import RefusedWindow
from vtt_desktop.ui.panels.refused_model import refused_cues
from vtt_desktop.ui.panels.sync_log import SyncLogWindow
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.shortcuts import KEYS_BESIDE, lend_keys
from vtt_desktop.ui.theme import Theme

_MENU = ("Share",)


class SharedViews:
    """Follows the main window from one session and one theme to the next."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, commands: Commands, window: QWidget
    ) -> None:
        self._session, self._selection, self._theme, self._window = session, selection, theme, window
        self._commands = commands
        self._time_offset = 0
        self._log: SyncLogWindow | None = None
        self._history: CueHistoryWindow | None = None
        self._refused: RefusedWindow | None = None
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
                "refused",
                "What the server refused",
                self.show_refused,
                _MENU,
                ("Ctrl+Alt+R",),
                icon="badge-refused",
                disabled_reason=self._nothing_refused,
                section=2,
                tip="Cue by cue, with the server's sentence on each",
            ),
            Command(
                "go-to-refused",
                "Go to the next refused cue",
                self.go_to_refused,
                _MENU,
                ("Ctrl+Alt+N",),
                section=2,
                disabled_reason=self._nothing_refused,
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
        if self._refused is not None:
            self._refused.set_session(session)

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
            lend_keys(self._commands, self._log, KEYS_BESIDE)
        _show(self._log, self._log.table)
        return self._log

    def show_history(self) -> CueHistoryWindow:
        """Shows the versions of the current cue."""
        if self._history is None:
            self._history = CueHistoryWindow(
                self._session, self._selection, self._theme, self._commands.spawn, self._window
            )
            lend_keys(self._commands, self._history, KEYS_BESIDE)
        _show(self._history, self._history.list)
        return self._history

    def show_refused(self) -> RefusedWindow:
        """Shows what the server refused."""
        if self._refused is None:
            self._refused = RefusedWindow(self._session, self._selection, self._commands.spawn, self._window)
            self._refused.set_time_offset(self._time_offset)
            lend_keys(self._commands, self._refused, KEYS_BESIDE)
        _show(self._refused, self._refused.table)
        return self._refused

    def go_to_refused(self) -> None:
        """The next refused cue behind the current one; behind the last of them comes the first."""
        cues, current = self._session.document.snapshot.cues, self._selection.current
        refused = refused_cues(self._session)
        at = cues.index_of(current) if current is not None and cues.has(current) else -1
        behind = (cue_id for cue_id in refused if cues.index_of(cue_id) > at)
        if refused:
            self._selection.select_one(next(behind, refused[0]))
        else:
            self.show_refused()  # the header, or cues that are not here any more

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues."""
        self._time_offset = ms
        if self._refused is not None:
            self._refused.set_time_offset(ms)

    def _nothing_refused(self) -> str | None:
        return None if self._session.sync.summary.refused else "The server refused nothing."

    def _nobody(self) -> str | None:
        return None if self._session.colleagues.all else "Nobody else is here, as far as the server tells."

    def _no_cue(self) -> str | None:
        return None if self._selection.current is not None else "Select a cue first."


def _show(window: QDialog, focus: QWidget) -> None:
    window.show()
    window.raise_()
    window.activateWindow()
    focus.setFocus()
