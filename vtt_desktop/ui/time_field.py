"""A field for a time or a duration: takes what a person types, applies only what is a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from vtt_desktop.domain.timecode import parse_typed_time
from vtt_desktop.ui.editor_lines import DocumentLine
from vtt_desktop.ui.theme import digits_font

STEP: Final = 100
"""Milliseconds that Up and Down move a time by while the caret stands in its decimals."""

NO_TIME: Final = "Not a time: type 1:02.5 or 62.5."

_PARTS: Final = (1000, 60_000, 3_600_000)


class TimeField(DocumentLine):
    """Shows milliseconds. `committed` carries a new value: on Enter, when the focus leaves, on a step.

    What is no time is marked, told by `doubted`, never committed; so is what who hears `committed` answers
    with `refuse`. Escape or leaving brings the value back.
    """

    committed = Signal(int)
    doubted = Signal(str)
    """What is wrong with what is typed, in words; empty when it is well again."""

    def __init__(
        self, name: str, hint: str, written: Callable[[int], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._written = written
        self._ms = 0
        self._offset = 0
        self._refused = ""
        self.setAccessibleName(name)
        self.setToolTip(f"{hint}\nUp and Down change the part at the caret; Enter applies")
        self.setFont(digits_font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.textEdited.connect(self._typed)

    @property
    def ms(self) -> int:
        """The value last shown or committed, ms."""
        return self._ms

    @property
    def unfinished(self) -> bool:
        """Whether something else is typed than the value shown or committed last."""
        return self.text() != self._written(self._ms + self._offset)

    def set_offset(self, ms: int) -> None:
        """What is added to the value for the time shown, and taken from what is typed."""
        if ms != self._offset:
            self._offset = ms
            self._write()

    def show_ms(self, ms: int) -> None:
        """The model's value. What is being typed at this moment stays."""
        self._ms = ms
        if not self.isModified():
            self._write()

    def show_other(self, ms: int) -> None:
        """The value of another cue: what was being typed belonged to the one before."""
        self._ms = ms
        self._write()

    def commit(self) -> bool:
        """Applies what is typed where it can be taken; leaves it marked where it cannot. Whether it could."""
        if not self.isModified():
            return True
        ms, typed, self._refused = self._read(), self.text(), ""
        if ms is None:
            self._typed()
            return False
        if self._offer(ms):
            return True
        self.setText(typed)
        self.setModified(True)
        self._mark(self._refused)
        return False

    def leave(self) -> str:
        """Applies what is typed, or puts the value back; then what was not taken, in a sentence."""
        if self.commit():
            return ""
        typed, why = self.text().strip(), self.wrong
        self._write()
        return f"“{typed}” was not taken: {why[:1].lower()}{why[1:]}"

    @property
    def wrong(self) -> str:
        """Why the last `commit` did not take what is typed."""
        return self._refused or NO_TIME

    def put_back(self) -> None:
        """What is typed and not taken goes."""
        self._write()

    def refuse(self, why: str) -> None:
        """Answers `committed`: the value is not taken, and stays as it is typed."""
        self._refused = why

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self._step(1 if key == Qt.Key.Key_Up else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        elif key == Qt.Key.Key_Escape and self.isModified():
            self._write()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Steps where the field has the focus; else the wheel belongs to what lies below."""
        if self.hasFocus() and event.angleDelta().y():
            self._step(1 if event.angleDelta().y() > 0 else -1)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            if said := self.leave():
                self.doubted.emit(said)
        super().focusOutEvent(event)

    def _step(self, direction: int) -> None:
        ms = self._read() if self.isModified() else self._ms
        if ms is None:
            return
        from_end = len(self.text()) - self.cursorPosition()
        by = step_at(self.text(), self.cursorPosition())
        wanted = max(0, ms + direction * by)
        self._offer(wanted)
        self.setCursorPosition(len(self.text()) - from_end)

    def _offer(self, ms: int) -> bool:
        """Commits a value, and shows the one that there is then. Whether it was taken."""
        self.setModified(False)
        self._refused = ""
        if ms != self._ms:
            self.committed.emit(ms)
        self._write()
        return not self._refused

    def _read(self) -> int | None:
        """The value that is typed, ms; None where that is no time."""
        return parse_shown_time(self.text(), self._offset)

    def _write(self) -> None:
        self.setText(self._written(self._ms + self._offset))  # setText also takes the modified mark away
        self._mark("")

    def _typed(self) -> None:
        well = self._read() is not None
        self._mark("" if well else NO_TIME)

    def _mark(self, wrong: str) -> None:
        invalid = bool(wrong)
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)
            self.doubted.emit(wrong)


def parse_shown_time(text: str, offset: int) -> int | None:
    """A cue's time, ms, of what a person types, who sees times `offset` ms later; None where it is none.

    A minus is one only where times below nought are shown.
    """
    words = text.strip()
    if offset < 0 and words.startswith(("-", "\u2212")):
        below = parse_typed_time(words[1:])
        return -below - offset if below is not None else None
    shown = parse_typed_time(words)
    return shown - offset if shown is not None else None


def step_at(text: str, caret: int) -> int:
    """How much one step is with the caret there, ms: hours, minutes, seconds, or 100 ms in the decimals.

    At the very end it is the decimals', at the border between two parts the right one's.
    """
    before_point = text.partition(".")[0]
    if caret > len(before_point) or "." not in text:
        return STEP
    return _PARTS[min(before_point[caret:].count(":"), len(_PARTS) - 1)]
