"""Hands and eyes for the story: real key presses into the real window, pictures of it, and patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QWidget

PATIENCE_S = 20.0
_LOOK_S = 0.02
_NONE = Qt.KeyboardModifier.NoModifier


class StepFailed(Exception):
    """Something that should have been so was not; in words."""


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE, text: str = "") -> None:
    """One key, down and up, as the window system would deliver it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


def type_text(widget: QWidget, text: str) -> None:
    """Types any text, character by character."""
    for character in text:
        if character == "\n":
            press(widget, Qt.Key.Key_Return, text="\r")
        else:
            press(widget, Qt.Key.Key_unknown, text=character)


async def until(what: str, so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Waits until something is so; StepFailed, in its words, when patience ends."""
    end = time.monotonic() + patience_s
    while not so():
        if time.monotonic() > end:
            raise StepFailed(f"waited {patience_s:.0f} s in vain for: {what}")
        await asyncio.sleep(_LOOK_S)


def must(what: str, so: bool) -> None:
    """StepFailed, in its words, where something is not so."""
    if not so:
        raise StepFailed(f"not so: {what}")


async def photograph(window: QWidget, path: Path) -> None:
    """A picture of the window, with a dialog that stands before it."""
    for _ in range(3):  # layouts and paints that are still to come
        await asyncio.sleep(_LOOK_S)
    picture = window.grab()
    dialogs = [w for w in window.findChildren(QDialog) if w.isVisible() and w.isWindow()]
    if dialogs:
        painter = QPainter(picture)
        painter.fillRect(QRect(QPoint(), window.size()), QColor(0, 0, 0, 110))
        for dialog in dialogs:
            image = dialog.grab()
            at = QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2)
            painter.drawPixmap(at, image)
        painter.end()
    if not picture.save(str(path)):
        raise StepFailed(f"the picture {path} could not be saved")
