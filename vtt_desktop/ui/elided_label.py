"""A line of words that ends with an ellipsis where there is no room, and says all of it in its tooltip."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from vtt_desktop.ui.theme import UNIT


class ElidedLabel(QLabel):
    """Never makes its parent wider. Hidden while it has nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        self.hide()

    @property
    def words(self) -> str:
        """All of the words."""
        return self._words

    def show_words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.setToolTip(words)
            self.setAccessibleName(words)
            self.setVisible(bool(words))
            self._fit()

    def sizeHint(self) -> QSize:
        """Room for all of the words, whatever is shown of them now."""
        margins = self.contentsMargins()
        # Whole pixels are rounded to the nearest; a fraction too little costs the last letters.
        room = ceil(QFontMetricsF(self.font()).horizontalAdvance(self._words))
        return QSize(room + margins.left() + margins.right(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))
