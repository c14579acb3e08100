"""The dialog on a conflict over the real segment machine, and what a person and a colleague do to it."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
)

from tests.ui.desk_session import DeskSession
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.ui.dialogs.conflict import ConflictDialog
from vtt_desktop.ui.elided_label import ElidedLabel
from vtt_desktop.ui.theme import theme

BASE = "The ferry leaves at noon."
MINE = "The ferry sails at noon."
THEIRS = "The ferry leaves at one."
BOTH = "The ferry sails at one."


class Desk:
    def __init__(self, session: DeskSession | None = None) -> None:
        self.cues = [Cue(i, i * 3000, i * 3000 + 2000, BASE) for i in range(1, 7)]
        self.session = session or DeskSession(self.cues).share()
        self.played: list[tuple[int, int]] = []
        self.dialog = ConflictDialog(
            self.session, theme(True), None, lambda start, end: self.played.append((start, end))
        )
        self.compose = self.dialog.findChild(QPlainTextEdit)

    def open(self, cue_id: int) -> None:
        self.dialog.open_on(cue_id)
        QApplication.processEvents()  # shortcuts are for the active window, which it is a moment later

    def clash(self, cue_id: int, mine: str = MINE, theirs: str = THEIRS) -> None:
        self.session.submit(set_text(self.session.document.snapshot, cue_id, mine))
        self.their(cue_id, text=theirs)

    def their(self, cue_id: int, **changes: object) -> None:
        self.session.their(self.cues[cue_id - 1].with_(**changes))

    def cue(self, cue_id: int) -> Cue | None:
        return self.session.document.snapshot.cues.get(cue_id)

    def text(self, cue_id: int) -> str | None:
        cue = self.cue(cue_id)
        return cue.text if cue is not None else None

    def says(self, part: str) -> bool:
        labels = [label for label in self.dialog.findChildren(QLabel) if label.isVisible()]
        return any(part in (one.words if isinstance(one, ElidedLabel) else one.text()) for one in labels)

    def cell(self, name: str) -> QLabel:
        found = [c for c in self.dialog.findChildren(QLabel) if c.accessibleName().startswith(name)]
        assert found, f"no cell {name}"
        return found[-1]

    def button(self, words: str) -> QPushButton:
        return next(b for b in self.dialog.findChildren(QPushButton) if b.text() == words)

    def field(self, name: str) -> QComboBox:
        return [b for b in self.dialog.findChildren(QComboBox) if b.accessibleName() == f"Composed {name}"][
            -1
        ]

    @property
    def shown(self) -> int | None:
        return self.dialog.conflict.id if self.dialog.conflict is not None else None
