"""Shift times: all cues, the selected ones, or from the current one on.

In a large document the cues are made while a person still types how far, and moved in a worker: the window
never waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, foreseen
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.timecode import format_time, parse_typed_time
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection

_MANY: Final = 5000
"""Cues from which on the loop does not wait for them."""


class ShiftDialog(FormDialog):
    """One edit, one undo step. What will become of the first cue is shown while typing."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        spawn: Spawn,
        parent: QWidget | None = None,
        *,
        time_offset: int = 0,
    ) -> None:
        super().__init__("Shift times", "", "Shift", spawn, parent, width=420)
        self._session, self._selection, self._time_offset = session, selection, time_offset
        self.by = QLineEdit("1.000")
        self.by.setPlaceholderText("1.5 or 0:02.000")
        self.by.selectAll()
        self.add_row("By", self.by, "Seconds, or minutes:seconds.")
        self.later, self.earlier = QRadioButton("Later"), QRadioButton("Earlier")
        self.later.setChecked(True)
        self.add_row("Direction", _together(self, (self.later, self.earlier), across=True))
        chosen = len(selection.selected)
        self.all = QRadioButton(f"All {len(session.document.snapshot.cues):,} cues")
        self.selected = QRadioButton("The selected cue" if chosen == 1 else f"The {chosen:,} selected cues")
        self.onward = QRadioButton("The current cue and all after it")
        self.selected.setEnabled(chosen > 0)
        self.onward.setEnabled(selection.current is not None)
        (self.selected if chosen > 1 else self.all).setChecked(True)
        scopes = (self.all, self.selected, self.onward)
        self.add_row("Which", _together(self, scopes, across=False))
        self._preview = QLabel()
        self._preview.setProperty("role", "muted")
        self.form.addRow("First cue", self._preview)
        self.by.textChanged.connect(self._show)
        for button in (self.later, self.earlier, *scopes):
            button.toggled.connect(self._show)
        self._show()
        self.by.setFocus()
        cues = session.document.snapshot.cues
        if len(cues) > _MANY:
            spawn(asyncio.to_thread(self._make, cues))

    def ids(self) -> Sequence[int]:
        """Which cues would be shifted."""
        cues = self._session.document.snapshot.cues
        if self.selected.isChecked():
            return [cue_id for cue_id in self._selection.selected if cues.has(cue_id)]
        current = self._selection.current
        if self.onward.isChecked() and current is not None and cues.has(current):
            return cues.ids[cues.index_of(current) :]
        return cues.ids

    def work(self) -> Coroutine[Any, Any, object] | None:
        by = self._by()
        if by is None:
            raise UserError("Type how far to shift, for example 1.5 or 0:02.000.")
        ids = self.ids()
        if len(ids) > _MANY:
            return self._shift_many(ids, by)
        self._session.submit(shift(self._session.document.snapshot, ids, by))
        return None

    async def _shift_many(self, ids: Sequence[int], by: int) -> None:
        document = self._session.document
        edit = None
        while edit is None:
            snapshot = document.snapshot
            made = await asyncio.to_thread(self._made, snapshot, ids, by)
            if document.snapshot is snapshot:  # else a colleague was quicker: once more on what is there now
                edit = made
        self._session.submit(edit)

    @staticmethod
    def _made(snapshot: Snapshot, ids: Sequence[int], by: int) -> Edit:
        return foreseen(snapshot, shift(snapshot, ids, by))

    def _make(self, cues: CueList) -> None:
        """Makes the cues that have not been looked at yet, as long as the dialog is open."""
        for chunk in cues.chunks:
            if self._over or not chunk.cues:
                return

    def _by(self) -> int | None:
        ms = parse_typed_time(self.by.text())
        return ms if ms is None or self.later.isChecked() else -ms

    def _show(self) -> None:
        by, cues = self._by(), self._session.document.snapshot.cues
        first = self._first()
        cue = cues.get(first) if first is not None else None
        if by is None or cue is None:
            self._preview.setText("—")
            return
        fresh = max(0, cue.start + by)
        offset = self._time_offset
        stop = "  (stops at nought)" if fresh != cue.start + by else ""
        self._preview.setText(f"{format_time(cue.start + offset)}  →  {format_time(fresh + offset)}{stop}")

    def _first(self) -> int | None:
        cues = self._session.document.snapshot.cues
        if self.selected.isChecked():
            return next(iter(self._selection.selected), None)
        if self.onward.isChecked():
            return self._selection.current
        return cues[0].id if len(cues) else None


def _together(owner: QWidget, buttons: Sequence[QRadioButton], *, across: bool) -> QWidget:
    box = QWidget(owner)
    row = QHBoxLayout(box) if across else QVBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    group = QButtonGroup(box)
    for button in buttons:
        row.addWidget(button)
        group.addButton(button)
    if across:
        row.addStretch(1)
    return box
