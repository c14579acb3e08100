"""Setting times at the playhead, and shifting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import cue_of
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.ui.actions.reasons import needs_cue, needs_cues
from vtt_desktop.ui.commands import Command, Commands
from vtt_desktop.ui.dialogs.shift import ShiftDialog
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

_MENU = ("Timing",)


class TimingActions:
    """`position` is the playhead, `time_offset` what is added to times of cues for those shown; both ms."""

    def __init__(
        self,
        current: Callable[[], Session],
        selection: Selection,
        position: Callable[[], int],
        commands: Commands,
        window: QWidget,
        time_offset: Callable[[], int],
    ) -> None:
        self._current, self._selection, self._position = current, selection, position
        self._commands, self._window, self._time_offset = commands, window, time_offset

    def commands(self) -> list[Command]:
        one = needs_cue(self._current, self._selection)
        return [
            Command(
                "set-start",
                "Set start at playhead",
                self.set_start,
                _MENU,
                ("F11",),
                icon="set-start",
                disabled_reason=one,
                tip="A cue that would end before it keeps its length",
            ),
            Command(
                "set-end",
                "Set end at playhead",
                self.set_end,
                _MENU,
                ("F12",),
                icon="set-end",
                disabled_reason=one,
            ),
            Command(
                "set-end-next",
                "Set end, go to next",
                self.set_end_and_go,
                _MENU,
                ("F10",),
                disabled_reason=one,
            ),
            Command(
                "set-start-rest",
                "Set start, move the rest",
                self.set_start_and_rest,
                _MENU,
                ("F9",),
                disabled_reason=one,
                tip="This cue and all after it move together",
            ),
            Command(
                "shift",
                "Shift times…",
                self.ask_shift,
                _MENU,
                ("Ctrl+Shift+A",),
                icon="shift",
                disabled_reason=needs_cues(self._current),
                section=1,
            ),
        ]

    def set_start(self) -> None:
        cue, at = self._cue(), self._position()
        self._set(cue, at, cue.end if cue.end > at else at + cue.duration)

    def set_end(self) -> None:
        cue = self._cue()
        self._set(cue, cue.start, self._position())

    def set_end_and_go(self) -> None:
        self.set_end()
        cues = self._current().document.snapshot.cues
        at = cues.index_of(self._cue().id)
        if at + 1 < len(cues):
            self._selection.select_one(cues[at + 1].id)

    def set_start_and_rest(self) -> None:
        cue, snapshot = self._cue(), self._current().document.snapshot
        rest = snapshot.cues[snapshot.cues.index_of(cue.id) :]
        self._current().submit(shift(snapshot, [c.id for c in rest], self._position() - cue.start))

    def ask_shift(self) -> None:
        ShiftDialog(
            self._current(),
            self._selection,
            self._commands.spawn,
            self._window,
            time_offset=self._time_offset(),
        ).open()

    def _cue(self) -> Cue:
        return cue_of(self._current().document.snapshot, self._selection.current or 0)

    def _set(self, cue: Cue, start: int, end: int) -> None:
        session = self._current()
        session.history.seal()
        session.submit(set_times(session.document.snapshot, cue.id, start, end))
