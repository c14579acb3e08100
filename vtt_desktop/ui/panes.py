"""Where the views stand in the window, and how large a person has made each of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QStackedWidget, QWidget

_SIZE = QSize(1280, 800)
_FRAME = QSize(8, 40)
"""What a window manager puts around a window, at the most, in pixels."""
_COLUMN = 200
"""Pixels: the least height of what stands at the right. Not the sum of what its views ask for: a conflict
that arrives shows its list there, and must not make a small window grow."""


@dataclass(frozen=True, slots=True)
class Panes:
    """One of `left` is seen at a time, beside all of `right`, above what goes over the whole width."""

    left: QStackedWidget
    right: QSplitter
    top: QSplitter
    whole: QSplitter

    @classmethod
    def made(
        cls,
        left: tuple[QWidget, ...],
        right: tuple[tuple[QWidget, int], ...],
        below: tuple[tuple[QWidget, int], ...],
    ) -> Panes:
        """Puts the views up; those of `right` and `below` come with their share of the height."""
        stack = QStackedWidget()
        for view in left:
            stack.addWidget(view)
        column = _splitter(Qt.Orientation.Vertical, right)
        column.setMinimumHeight(_COLUMN)
        top = _splitter(Qt.Orientation.Horizontal, ((stack, 58), (column, 42)))
        whole = _splitter(Qt.Orientation.Vertical, ((top, 56), *below))
        whole.setSizes([400, 140, 170])
        top.setSizes([742, 538])
        return cls(stack, column, top, whole)

    def restore(self, window: QMainWindow, settings: QSettings) -> None:
        """Gives window and views the sizes of the last time, or those that suit this screen."""
        # The status bar tells the truth about the sync: it must not be below the edge of a small screen.
        window.resize(_SIZE.boundedTo(window.screen().availableSize() - _FRAME))
        for name, restore in (
            ("window/geometry", window.restoreGeometry),
            ("window/whole", self.whole.restoreState),
            ("window/top", self.top.restoreState),
            ("window/right", self.right.restoreState),
        ):
            if (stored := settings.value(name)) is not None:
                restore(stored)

    def keep(self, window: QMainWindow, settings: QSettings) -> None:
        """Writes the sizes down for the next time."""
        settings.setValue("window/geometry", window.saveGeometry())
        settings.setValue("window/whole", self.whole.saveState())
        settings.setValue("window/top", self.top.saveState())
        settings.setValue("window/right", self.right.saveState())


def _splitter(orientation: Qt.Orientation, parts: tuple[tuple[QWidget, int], ...]) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setFrameShape(QFrame.Shape.NoFrame)
    for at, (part, share) in enumerate(parts):
        made.addWidget(part)
        made.setStretchFactor(at, share)
    return made
