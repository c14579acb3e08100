"""Says what a save would lose before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from vtt_desktop.ui.theme import UNIT

_MOST_LINES = 12


class LossesDialog(QDialog):
    """`losses` are sentences. "Save anyway" runs `save`, the other button `choose`; Esc runs neither."""

    def __init__(
        self,
        name: str,
        losses: Sequence[str],
        note: str,
        save: Callable[[], object],
        choose: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("What would be lost")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(5 * UNIT, 4 * UNIT, 5 * UNIT, 4 * UNIT)
        column.setSpacing(3 * UNIT)
        intro = QLabel(f"Not all of the document has a place in “{name}”:")
        intro.setWordWrap(True)
        column.addWidget(intro)
        self._list = QPlainTextEdit("\n".join(f"•  {loss}" for loss in losses))
        self._list.setReadOnly(True)
        self._list.setTabChangesFocus(True)
        self._list.setAccessibleName("What would be lost")
        lines = min(_MOST_LINES, len(losses) + 1)
        self._list.setMinimumHeight(self._list.fontMetrics().lineSpacing() * lines + 6 * UNIT)
        column.addWidget(self._list, 1)
        if note:
            rest = QLabel(note)
            rest.setProperty("role", "muted")
            rest.setWordWrap(True)
            column.addWidget(rest)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._button("Save anyway", QDialogButtonBox.ButtonRole.AcceptRole, save)
        another = self._button("Choose another format…", QDialogButtonBox.ButtonRole.ActionRole, choose)
        self._buttons.rejected.connect(self.reject)
        column.addWidget(self._buttons)
        another.setDefault(True)  # only now, since a button without a dialog cannot be its default
        another.setFocus()

    @property
    def losses(self) -> str:
        """What is listed."""
        return self._list.toPlainText()

    def press(self, words: str) -> None:
        """As a click on the button with these words."""
        next(b for b in self._buttons.buttons() if b.text() == words).click()

    def _button(
        self, words: str, role: QDialogButtonBox.ButtonRole, run: Callable[[], object]
    ) -> QPushButton:
        made: QPushButton = self._buttons.addButton(words, role)
        made.setAutoDefault(False)
        made.clicked.connect(lambda: self._end(run))
        return made

    def _end(self, run: Callable[[], object]) -> None:
        self.accept()
        run()
