"""The server went back: whose versions shall hold? Opened by the person, never by the network."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.setback import Setback
from vtt_desktop.ui.commands import Spawn
from vtt_desktop.ui.dialogs.form import FormDialog
from vtt_desktop.ui.ports import Session

_MINE = "What you see is saved there again. Where somebody else has changed a cue since, you are asked."
_THEIRS = "This document becomes what the server has now. Undo brings back what you had."


class ServerWentBackDialog(FormDialog):
    """Two ways on. Until one is chosen nothing is sent and nothing taken over; editing goes on."""

    def __init__(self, session: Session, spawn: Spawn, parent: QWidget | None = None) -> None:
        setback = session.sync.setback
        intro = setback.sentence if setback is not None else "The server has everything again."
        super().__init__("The server went back", intro, "Go on", spawn, parent)
        self._session = session
        self.mine = QRadioButton("Put my versions back")
        self.theirs = QRadioButton("Take the server's")
        for choice, words in ((self.mine, _MINE), (self.theirs, _THEIRS)):
            choice.setAccessibleDescription(words)
            self.form.addRow(choice)
            hint = QLabel(words)
            hint.setWordWrap(True)
            hint.setProperty("role", "muted")
            self.form.addRow(hint)
        self.theirs.setEnabled(setback is not Setback.GONE)
        self.mine.setFocus()  # nothing is chosen by that: the arrow keys and Space do

    def work(self) -> Coroutine[Any, Any, object]:
        if not (self.mine.isChecked() or self.theirs.isChecked()):
            raise UserError("Choose whose versions shall hold.")
        return self._session.decide_setback(self.mine.isChecked())
