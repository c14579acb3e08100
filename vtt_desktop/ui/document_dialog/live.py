"""What these windows share: fields that show the model, and the keys that hold in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.commands import Commands
from vtt_desktop.ui.editor_lines import FieldLine, undoes
from vtt_desktop.ui.shortcuts import KEYS_BESIDE, lend_keys
from vtt_desktop.ui.theme import UNIT

_ASIDE = 10 * UNIT
"""Pixels from the lower left corner of the main window: the picture is at its upper right."""


class LiveWindow(QDialog):
    """A window that stays open beside the main one; undo and going from cue to cue work in it too."""

    def __init__(self, title: str, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = parent
        self.setWindowTitle(title)
        lend_keys(commands, self, KEYS_BESIDE)

    @property
    def unfinished(self) -> bool:
        """Whether something is typed that the document does not have, or cannot have."""
        return bool(self._refused()) or bool(self._late_lines())

    def finish(self) -> str:
        """Hands in what is typed. Why it cannot be taken, in a sentence; then the focus is put there."""
        for line in self._late_lines():
            line.editingFinished.emit()
        if not (refused := self._refused()):
            return ""
        self.open_beside()
        self._bring(refused[0])
        refused[0].setFocus()
        return f"What is typed as “{refused[0].accessibleName()}” cannot be taken: mend it, or put it back."

    def put_back(self) -> None:
        """What cannot be taken goes, and what the document has is shown."""
        raise NotImplementedError

    def _refused(self) -> list[FieldLine | LiveBox]:
        fields: tuple[FieldLine | LiveBox, ...] = (*self.findChildren(FieldLine), *self.findChildren(LiveBox))
        return [field for field in fields if field.property("invalid")]

    def _late_lines(self) -> list[FieldLine]:
        """Lines that hand in only when they are left, and have something to hand in."""
        return []

    def _bring(self, field: QWidget) -> None:
        """Shows the part of the window that a field is in."""

    def open_beside(self) -> None:
        """Shows the window and brings it to the front; at first away from the picture that shows its work."""
        if not self.testAttribute(Qt.WidgetAttribute.WA_Moved):
            if not self.testAttribute(Qt.WidgetAttribute.WA_Resized):
                self.adjustSize()
            self.move(self._owner.geometry().bottomLeft() + QPoint(_ASIDE, -self.height() - _ASIDE))
        self.show()
        self.raise_()
        self.activateWindow()


def set_tab_order(*fields: QWidget) -> None:
    """Tab goes through them as they are given, not as they came into the window."""
    for before, after in pairwise(fields):
        QWidget.setTabOrder(before, after)


class LiveBox(QPlainTextEdit):
    """A text box without an undo of its own, that gives no-break spaces as they are (Qt makes them plain)."""

    left = Signal()

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setToolTip(hint)

    def toPlainText(self) -> str:
        return raw_text(self.document())

    def mark(self, invalid: bool) -> None:
        """Says with a border that the model did not take what is typed."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)

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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class LiveText(LiveBox):
    """Several lines of the model. `typed` is told what a person makes of them, at every key."""

    typed = Signal(str)

    def __init__(self, name: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(name, hint, parent)
        self._hearing = False
        self.textChanged.connect(self._changed)

    def show_change(self, text: str) -> None:
        """The model's text; the caret stays with its words."""
        old = self.toPlainText()
        if old == text:
            return
        self._hearing = True
        try:
            replace_text(self.document(), 0, old, text)
        finally:
            self._hearing = False

    def _changed(self) -> None:
        if not self._hearing:
            self.typed.emit(self.toPlainText())


def replace_text(document: QTextDocument, at: int, old: str, text: str) -> None:
    """Makes `text` of `old`, which begins at `at` (in Qt's units), and touches only what is different."""
    same = next((i for i, (a, b) in enumerate(zip(old, text, strict=False)) if a != b), None)
    begin = min(len(old), len(text)) if same is None else same
    rest = min(len(old), len(text)) - begin
    tail = next((i for i in range(rest) if old[-1 - i] != text[-1 - i]), rest)
    cursor = QTextCursor(document)
    cursor.setPosition(at + units(old[:begin]))
    cursor.setPosition(at + units(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[begin : len(text) - tail])


def raw_text(document: QTextDocument) -> str:
    """All of a document's text, its line ends as `\n`, no-break spaces as they are."""
    return document.toRawText().replace("\u2029", "\n")


def attempt(run: Callable[[], object], say: Callable[[str], object]) -> bool:
    """Runs an edit; what cannot be done is said in a sentence. Whether it was done."""
    try:
        run()
    except UserError as error:
        say(str(error))
        return False
    say("")
    return True


def first_words(text: str, most: int = 40) -> str:
    """The beginning of a text as one line, for a list or a button."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def region_ids(texts: Iterable[str]) -> list[str]:
    """Names in their order, each once."""
    return list(dict.fromkeys(name for name in texts if name))


def units(text: str) -> int:
    """Length as Qt counts: UTF-16 code units, two for what lies beyond U+FFFF."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
