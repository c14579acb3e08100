"""Typing among tags that stand back: the caret passes them in one step, and signs become references."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor

from vtt_desktop.domain.markup import escaped

_TYPED: Final = {"&": "&amp;", "<": "&lt;"}
_TAG: Final = re.compile(r"<[^<>]*>")
_ATOM: Final = re.compile(r"<[^<>]*>|&(?:#\w+|\w+);")
# What has been typed as `&lt;i` and is now closed by `>`: a tag after all.
_TAG_TYPED: Final = re.compile(
    r"&lt;(/?(?:[cibuv]|ruby|rt|lang)(?:\.[^\s&<>]*)?(?:\s[^&<>]*)?|(?:\d+:)?\d\d:\d\d\.\d{3})\Z"
)
_STEPS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
_Mode = QTextCursor.MoveMode


def type_key(cursor: QTextCursor, event: QKeyEvent) -> bool:
    """Does what a key means in formatted text, with the box's cursor. False: it means what it always does."""
    if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
        return False
    if event.text() in _TYPED:
        cursor.insertText(_TYPED[event.text()])
        return True
    if event.text() == ">" and not cursor.hasSelection():
        return _close_tag(cursor)
    if event.key() in _STEPS:
        return _step(cursor, event)
    return False


def without_bare_signs(source: QMimeData) -> QMimeData:
    """What is pasted, its bare & and < as they must be written; tags and references stay."""
    clean = QMimeData()
    clean.setText(escaped(source.text()))
    return clean


def _close_tag(cursor: QTextCursor) -> bool:
    line, at = cursor.block().text(), cursor.positionInBlock()
    found = _TAG_TYPED.search(_left(line, at))
    if not found:
        return False
    begin = cursor.block().position() + _count(line[: found.start()])
    cursor.setPosition(begin, _Mode.KeepAnchor)
    cursor.insertText(f"<{found[1]}>")
    return True


def _step(cursor: QTextCursor, event: QKeyEvent) -> bool:
    key, selecting = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    deleting = key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
    if deleting and cursor.hasSelection() or (cursor.hasSelection() and not selecting):
        return False
    back = key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace)
    line, at = cursor.block().text(), cursor.positionInBlock()
    left = len(_left(line, at))
    beyond = _beyond(line, left, back=back)
    if beyond is None:
        return False  # nothing but letters here
    first, last = beyond
    mode = _Mode.KeepAnchor if selecting and not deleting else _Mode.MoveAnchor
    begin = cursor.block().position()
    cursor.setPosition(begin + _count(line[: first if back else last]), mode)
    if deleting and first == last:  # nothing but tags up to the end of the line: the line end goes
        (cursor.deletePreviousChar if back else cursor.deleteChar)()
    elif deleting:
        cursor.setPosition(begin + _count(line[: last if back else first]), _Mode.KeepAnchor)
        cursor.removeSelectedText()
    return True


def _beyond(line: str, at: int, *, back: bool) -> tuple[int, int] | None:
    """The character or reference that is next to `at` beyond tags, or the end of the line there; None where
    neither a tag nor a reference is next."""
    atoms = list(_ATOM.finditer(line))
    place, passed = at, False
    while True:
        atom = next((a for a in atoms if (a.end() if back else a.start()) == place), None)
        if atom is None:
            break
        if not _TAG.fullmatch(atom[0]):
            return atom.start(), atom.end()
        place, passed = (atom.start() if back else atom.end()), True
    if not passed:
        return None
    if place == (0 if back else len(line)):
        return place, place
    return (place - 1, place) if back else (place, place + 1)


def _left(line: str, units: int) -> str:
    """The characters before a place that Qt counts in UTF-16 units."""
    if line.isascii():
        return line[:units]
    return line.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


def _count(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(1 for c in text if ord(c) > 0xFFFF)
