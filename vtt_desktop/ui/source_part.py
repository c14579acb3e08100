"""Which part of a long file its text shows, and the way to the parts beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from vtt_desktop.ui.theme import UNIT


class SourcePart(QWidget):
    """A line above the text; hidden where all of the file is shown. `wanted`: a part back (-1) or on (1)."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.earlier = quiet_button("Earlier", "The part before this one")
        self.later = quiet_button("Later", "The part behind this one")
        self.earlier.clicked.connect(lambda: self.wanted.emit(-1))
        self.later.clicked.connect(lambda: self.wanted.emit(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        row.addWidget(self.words, 1)
        row.addWidget(self.earlier)
        row.addWidget(self.later)

    def show_part(self, first: int, last: int, total: int) -> None:
        """Cues `first` to `last`, that one left out, from nought, of all."""
        self.setVisible(first > 0 or last < total)
        self.words.setText(f"Cues {first + 1:,} to {last:,} of {total:,}")
        self.earlier.setEnabled(first > 0)
        self.later.setEnabled(last < total)


def quiet_button(words: str, tip: str) -> QPushButton:
    """One that Enter elsewhere does not press."""
    made = QPushButton(words)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    return made
