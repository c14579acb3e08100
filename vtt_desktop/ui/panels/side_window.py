"""What the windows about sharing have in common: they stand beside the main one and follow its document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vtt_desktop.ui.first_size import give_first_size
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.theme import UNIT


class SideWindow(QDialog):
    """Not modal: the person goes on working beside it. Whoever makes one calls `set_session` at the end of
    its own making; while it is hidden it should cost nothing."""

    def __init__(
        self, title: str, size_px: tuple[int, int], session: Session, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        give_first_size(self, *size_px)
        self._session = session
        self._disconnect: Sequence[Callable[[], None]] = ()
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.hide()

    def set_session(self, session: Session) -> None:
        """Another document."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = self._listen(session)
        self._begin()

    def _listen(self, session: Session) -> Sequence[Callable[[], None]]:
        """Hears what the document and its sharing say. How to hear no more."""
        raise NotImplementedError

    def _begin(self) -> None:
        """Shows the document that has just come, if anybody sees it."""
        raise NotImplementedError

    def _lay_out(self, parts: Sequence[QWidget | QHBoxLayout], *buttons: QPushButton) -> None:
        """One below the other, and the buttons under them; a list or table takes the room that is left."""
        row = QHBoxLayout()
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(side_button("Close", "(Esc)", self.reject))
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 3 * UNIT)
        column.setSpacing(2 * UNIT)
        for part in parts:
            if isinstance(part, QHBoxLayout):
                column.addLayout(part)
            else:
                column.addWidget(part, 1 if part.property("fills") else 0)
        column.addLayout(row)

    def _say(self, sentence: str, role: str) -> None:
        """A sentence below the details; `role` is one of the style sheet's."""
        self.said.setProperty("role", role)
        self.said.style().polish(self.said)
        self.said.setText(sentence)
        self.said.show()


def side_button(text: str, tip: str, run: Callable[[], object]) -> QPushButton:
    """A button that Enter in another field does not press."""
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: run())
    return button
