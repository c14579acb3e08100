"""One-line boxes over the model: undo is the document's, and others' changes leave the caret alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget


def undoes(event: QKeyEvent) -> bool:
    """Whether a key press asks for undo or redo in any of the platform's ways."""
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


class DocumentLine(QLineEdit):
    """Lets the keys of undo and redo through: a box with an undo of its own lies to the person."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and undoes(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if undoes(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class FieldLine(DocumentLine):
    """Shows one text field of a cue. `normal` is what the model makes of what is typed."""

    def __init__(
        self, name: str, hint: str, normal: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._normal = normal
        self._value = ""
        self.setAccessibleName(name)
        self.setToolTip(hint)

    @property
    def refused(self) -> str:
        """What is typed and the model did not take; empty where it did."""
        return self.text() if self.property("invalid") else ""

    def show_change(self, text: str) -> str:
        """The model's value, of the same cue: what it did not take stays to be mended, unless the value
        itself is another. What had to go then."""
        return "" if self.refused and text == self._value else self.show_other(text)

    def show_other(self, text: str) -> str:
        """The value, whatever is typed; a space that is just being typed at the end is not taken away. What
        the model had not taken, and is gone."""
        self._value = text
        gone = ""
        if self._normal(self.text()) != text:
            gone = self.refused
            caret = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(caret, len(text)))
        self.mark(False)
        return gone

    def mark(self, invalid: bool) -> None:
        """Says with a border that the model did not take what is typed."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)
