"""The box a cue is typed in: takes others' changes and keeps the caret; undo is left to the document."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from vtt_desktop.domain.edits_text import clean_text
from vtt_desktop.ui.editor_lines import undoes
from vtt_desktop.ui.markup.highlighter import MarkupHighlighter
from vtt_desktop.ui.markup.typing import type_key, without_bare_signs
from vtt_desktop.ui.theme import Theme, font

TEXT_PX: Final = 16
_LONG: Final = 4000
"""Characters above which a change is applied as one stretch: finding the smallest takes quadratic time."""

_MOVES: Final = frozenset(
    (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
    )
)


class CueTextBox(QPlainTextEdit):
    """Plain text with an input method's pre-edit left in peace.

    `show_other` is another text (another cue); `show_change` is the same text as others made it. Qt's
    own undo is off and its keys are let through, so that Ctrl+Z is the document's everywhere.
    """

    burst_ended = Signal()
    """The caret was moved, something was pasted, the focus left: what is typed next is a step of its own."""
    left = Signal()
    """The focus went to another widget of the program or to another program."""
    done = Signal()
    """Escape: the person wants back to the list of cues."""
    resumed = Signal()
    """Enter, a click or the focus came while the box was held."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self._deferred: str | None = None
        self._held = self._locked = False
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setObjectName("cue-text")
        self.setAccessibleName("Cue text")
        self.setToolTip("The cue's text as written, with its tags")
        large = font()
        large.setPixelSize(TEXT_PX)
        self.setFont(large)
        self._formatted = True
        self._looks = MarkupHighlighter(self.document(), theme)

    def set_theme(self, theme: Theme) -> None:
        self._looks.set_theme(theme)

    @property
    def formatted(self) -> bool:
        """Whether text looks as its tags say, and signs that are typed become references; else all is as
        written."""
        return self._formatted

    def set_formatted(self, formatted: bool) -> None:
        self._formatted = formatted
        self._looks.set_formatted(formatted)

    def toPlainText(self) -> str:
        """Qt's own would make spaces of no-break spaces, and so of every one in a cue that is typed in."""
        return self.document().toRawText().replace("\u2029", "\n")

    @property
    def held(self) -> bool:
        return self._held

    @property
    def waiting(self) -> bool:
        """A change by others waits for the end of a composition: the box is behind the model."""
        return self._deferred is not None

    @property
    def caret_offset(self) -> int:
        """Characters of the cue's text before the caret; blank lines, which no cue has, are not counted."""
        return self._offset_of(self.textCursor().position())

    @property
    def selected_offsets(self) -> tuple[int, int]:
        """Where the selection begins and ends, as `caret_offset` counts; the same twice without one."""
        cursor = self.textCursor()
        return self._offset_of(cursor.selectionStart()), self._offset_of(cursor.selectionEnd())

    def select_offsets(self, start: int, end: int) -> None:
        """Selects characters of the text."""
        text, cursor = self.toPlainText(), self.textCursor()
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _offset_of(self, units: int) -> int:
        text = self.toPlainText()
        at = (
            units
            if text.isascii()
            else len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
        )
        whole = clean_text(text)
        kept = clean_text(text[:at])
        # `a\n|b`: the line end before the caret counts once something stands behind it.
        return len(kept) + (
            1 if at and text[at - 1] == "\n" and whole[len(kept) : len(kept) + 1] == "\n" else 0
        )

    def hold(self, held: bool) -> None:
        """While held, keys do nothing but Enter, which asks to go on, Escape and Tab, which leave: what is
        typed blindly goes nowhere."""
        self._held = held
        self.setReadOnly(held or self._locked)

    def lock(self, locked: bool) -> None:
        """Whether the document may not be edited at all; its words may still be copied."""
        self._locked = locked
        self.setReadOnly(locked or self._held)

    def show_other(self, text: str) -> None:
        """Another text, caret at its end; a composition belonged to the one before and is dropped."""
        self._deferred = None
        if self._composing:
            QGuiApplication.inputMethod().reset()
            self._composing = False
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def show_change(self, text: str) -> None:
        """The same cue's text as it is now. Caret and selection stay with their words.

        While an input method composes, the change waits until the composition ends.
        """
        if self._composing:
            self._deferred = text
            return
        old = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for begin, end, fresh in reversed(_differences(old, text)):
            cursor.setPosition(_units(old[:begin]))
            cursor.setPosition(_units(old[:end]), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(fresh)
        cursor.endEditBlock()

    def _catch_up(self) -> None:
        """Ends a composition that a change by others waits for, and shows the change."""
        if self._deferred is None:
            return
        super().inputMethodEvent(QInputMethodEvent())
        self._composing = False
        text, self._deferred = self._deferred, None
        self.show_change(text)

    # What Qt tells

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """A change that waited comes in just before the composition's outcome, so that both are there."""
        if self._held:
            event.ignore()
            return
        if event.commitString() or not event.preeditString():
            self._catch_up()
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and undoes(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if undoes(event):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.done.emit()
            return
        if self._held:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.resumed.emit()
            elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                super().keyPressEvent(event)
            return
        self._catch_up()
        if event.key() in _MOVES:
            self.burst_ended.emit()
        if self._formatted:
            cursor = self.textCursor()
            if type_key(cursor, event):
                self.setTextCursor(cursor)
                return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.resumed.emit()
        self.burst_ended.emit()
        super().mousePressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Not a file: what is dropped here goes on to the window, which opens it."""
        return not _holds_files(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """A paste (or a drop) is an undo step of its own; only its text is taken, and never a file's name."""
        if _holds_files(source) or self._held:
            return
        self._catch_up()
        self.burst_ended.emit()
        super().insertFromMimeData(without_bare_signs(source) if self._formatted else source)
        self.burst_ended.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._held and event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.resumed.emit()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.burst_ended.emit()
            self.left.emit()


def _holds_files(source: QMimeData) -> bool:
    return any(url.isLocalFile() for url in source.urls())


def _units(text: str) -> int:
    """Length as Qt counts: UTF-16 code units, two for what lies beyond U+FFFF."""
    return len(text) if text.isascii() else len(text) + sum(1 for c in text if ord(c) > 0xFFFF)


def _differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """(begin, end, what stands there now) of the stretches of `old` that are different in `new`."""
    if old == new:
        return []
    if len(old) + len(new) <= _LONG:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [(a, b, new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    lead = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    rest = min(len(old), len(new)) - lead
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return [(lead, len(old) - tail, new[lead : len(new) - tail])]
