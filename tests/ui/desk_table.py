"""The table of cues as a person has it before them: clicks, keys and pictures."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from vtt_desktop.domain.cue import Cue
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.cue_table.painting import ROW_HEIGHT
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme


class Desk:
    def __init__(self, qtbot: QtBot, session: DeskSession, colours: Theme) -> None:
        self.session, self.selection, self.theme = session, Selection(), colours
        self.table = CueTable(session, self.selection, colours)
        qtbot.addWidget(self.table)
        self.table.resize(700, 400)
        self.table.show()
        self.table.activateWindow()
        self.table.setFocus()

    def scroll_to_row(self, row: int) -> None:
        self.table.verticalScrollBar().setValue(row * ROW_HEIGHT)

    def y_of(self, cue_id: int) -> int:
        """Where the row of a cue is on screen, px."""
        row = self.session.document.snapshot.cues.index_of(cue_id)
        return self.table.visualRect(self.table.model().index(row, 0)).top()

    def centre(self, cue_id: int) -> QPoint:
        row = self.session.document.snapshot.cues.index_of(cue_id)
        return self.table.visualRect(self.table.model().index(row, Column.TEXT)).center()

    def click(self, cue_id: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, keys, self.centre(cue_id))

    def press(
        self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1
    ) -> None:
        for _ in range(times):
            QTest.keyClick(self.table, key, keys)

    def rows_in_qt(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def picture(self) -> QImage:
        return self.table.viewport().grab().toImage()

    def cue(self, cue_id: int) -> Cue:
        cue = self.session.document.snapshot.cues.get(cue_id)
        assert cue is not None
        return cue


def colours_of(picture: QImage) -> set[str]:
    return {
        QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(picture.height())
    }
