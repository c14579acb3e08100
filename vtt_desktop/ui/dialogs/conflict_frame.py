"""The frame of the dialog on a conflict: as high as what it shows; Enter presses only what has the focus."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton

_WIDE = 1000  # px: three columns of the longest lines that a cue should have


class FittingDialog(QDialog):
    """No larger than the screen or, where that is larger, the window behind it."""

    def fit(self, wide: int = _WIDE, at_least: int = 0) -> None:
        """So wide, px, and as high as what is shown, but no less than `at_least`."""
        behind = self.parentWidget()
        room = self.screen().availableSize().expandedTo(behind.size() if behind else QSize()) * 0.9
        layout = self.layout()
        assert layout is not None, "made in the constructor"
        wide = min(wide, room.width())
        self.resize(wide, self.height())
        layout.activate()
        self.resize(wide, max(at_least, min(layout.totalHeightForWidth(wide), room.height())))

    def grow(self) -> None:
        """What came shall not take the room of what was there."""
        if self.isVisible():
            self.fit(self.width(), at_least=self.height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()  # now that fonts and margins are those of the style

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            # Enter is for the button that has the focus; in a field it must not decide anything.
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            return
        super().keyPressEvent(event)
