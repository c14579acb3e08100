"""Where the views stand in the window, and how large a person has made each of them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QFrame, QMainWindow, QSplitter, QStackedWidget, QWidget

from vtt_desktop.ui.first_size import give_first_size
from vtt_desktop.ui.side_lists import SideColumn, SideLists

_COLUMN = 200
"""Pixels: the least height of what stands at the right, with a list or without: a conflict that arrives shows
its list there, and must not make a small window grow. Picture, controls and one list have room in it."""


@dataclass(frozen=True, slots=True)
class Panes:
    """One of `left` is seen at a time, beside picture and lists at the `right`, above what goes across."""

    left: QStackedWidget
    right: SideColumn
    top: QSplitter
    whole: QSplitter

    @classmethod
    def made(cls, first: QWidget) -> Panes:
        """The frame with one view at the left and nothing yet in the other places."""
        stack = QStackedWidget()
        stack.addWidget(first)
        column = SideColumn()
        column.setMinimumHeight(_COLUMN)
        top = _splitter(Qt.Orientation.Horizontal, ((stack, 58), (column, 42)))
        whole = _splitter(Qt.Orientation.Vertical, ((top, 56), (QWidget(), 20), (QWidget(), 24)))
        whole.setSizes([400, 140, 170])
        top.setSizes([742, 538])
        return cls(stack, column, top, whole)

    def fill(
        self,
        left: tuple[QWidget, ...],
        right: tuple[QWidget, SideLists],
        below: tuple[tuple[QWidget, int], ...],
        settings: QSettings,
    ) -> None:
        """Puts the other views up; those `below` come with their share of the height, or
        with what a person gave them the last time."""
        for view in left:
            self.left.addWidget(view)
        self.right.fill(*right, settings)
        for at, (view, share) in enumerate(below, 1):
            empty = self.whole.replaceWidget(at, view)
            if empty is not None:
                empty.deleteLater()
            self.whole.setStretchFactor(at, share)
        self._restore_views(settings)

    def restore(self, window: QMainWindow, settings: QSettings) -> None:
        """Gives the window and its places the sizes of the last time, or those that suit this screen."""
        give_first_size(window, 1280, 800)
        if (stored := settings.value("window/geometry")) is not None:
            window.restoreGeometry(stored)
        self._restore_views(settings)

    def _restore_views(self, settings: QSettings) -> None:
        for name, splitter in (("whole", self.whole), ("top", self.top)):
            if (stored := settings.value(f"window/{name}")) is not None:
                splitter.restoreState(stored)

    def keep(self, window: QMainWindow, settings: QSettings) -> None:
        """Writes the sizes down for the next time."""
        settings.setValue("window/geometry", window.saveGeometry())
        settings.setValue("window/whole", self.whole.saveState())
        settings.setValue("window/top", self.top.saveState())
        self.right.keep(settings)


def _splitter(orientation: Qt.Orientation, parts: tuple[tuple[QWidget, int], ...]) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setFrameShape(QFrame.Shape.NoFrame)
    _add(made, parts)
    return made


def _add(splitter: QSplitter, parts: tuple[tuple[QWidget, int], ...]) -> None:
    for part, share in parts:
        splitter.addWidget(part)
        splitter.setStretchFactor(splitter.count() - 1, share)
