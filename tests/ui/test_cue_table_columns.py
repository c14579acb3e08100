"""The columns of the cue table: no hours where there are none, and widths that a person sets."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.ui.cue_table.columns import HOUR_MS, LINE_END, Column, needs_hours, time_text
from vtt_desktop.ui.cue_table.painting import RowPainter
from vtt_desktop.ui.cue_table.view import CueTable
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


def shown(qtbot: QtBot, session: DeskSession) -> CueTable:
    table = CueTable(session, Selection(), theme(dark=True))
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    return table


def times(table: CueTable) -> tuple[int, int]:
    return table.columnWidth(Column.START), table.columnWidth(Column.END)


@pytest.mark.parametrize(
    ("ms", "hours", "text"),
    [
        (62_345, True, "00:01:02.345"),
        (62_345, False, "01:02.345"),
        (HOUR_MS + 1, False, "01:00:00.001"),
        (36_000_000, True, "10:00:00.000"),
    ],
)
def test_a_time_is_shown_as_short_as_it_can_be(ms: int, hours: bool, text: str) -> None:
    assert time_text(ms, hours) == text


def test_hours_are_needed_from_the_hour_on_wherever_it_is_reached() -> None:
    assert not needs_hours(CueList.of([]))
    assert not needs_hours(CueList.of([Cue(1, 0, HOUR_MS - 1, "")]))
    assert needs_hours(CueList.of([Cue(1, 0, HOUR_MS, ""), Cue(2, 5, 6, "")]))


def test_a_long_document_is_not_read_for_it() -> None:
    made: list[int] = []

    def load(first: int, end: int) -> tuple[Cue, ...]:
        made.append(first)
        return tuple(Cue(i + 1, i * 1000, i * 1000 + 900, "") for i in range(first, end))

    assert needs_hours(CueList.lazy(10_000, load))
    assert len(made) == 1


def test_the_text_has_the_room_of_hours_that_are_not_there(qtbot: QtBot) -> None:
    session = DeskSession(some_cues(9))
    table = shown(qtbot, session)
    short, room = times(table), table.columnWidth(Column.TEXT)
    session.submit(set_text(session.document.snapshot, 2, "x"))
    assert times(table) == short
    session.submit(set_times(session.document.snapshot, 9, 0, HOUR_MS + 5))
    assert times(table) > short and table.columnWidth(Column.TEXT) < room
    session.undo()
    assert times(table) > short  # what came once may come again: columns do not jump to and fro
    table.set_session(DeskSession(some_cues(3)))
    assert times(table) == short


def test_a_column_can_be_made_wider_and_narrower(qtbot: QtBot) -> None:
    table = shown(qtbot, DeskSession(some_cues(40)))
    heads = table.horizontalHeader()
    edge = heads.sectionViewportPosition(Column.END) - 1
    before, text = times(table), table.columnWidth(Column.TEXT)
    y = heads.height() // 2
    QTest.mousePress(heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(edge, y))
    QTest.mouseMove(heads.viewport(), QPoint(edge - 20, y))
    QTest.mouseRelease(heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(edge - 20, y))
    assert times(table) == (before[0] - 20, before[1])
    assert table.columnWidth(Column.TEXT) == text + 20


def test_figures_do_not_run_into_the_column_before(qtbot: QtBot) -> None:
    table = shown(qtbot, DeskSession(some_cues(40)))
    table.setColumnWidth(Column.START, 200)
    table.setColumnWidth(Column.END, 40)
    left = table.columnViewportPosition(Column.END)
    wide = table.viewport().grab().toImage().copy(0, 0, left, 200)
    table.setColumnHidden(Column.END, True)
    assert table.viewport().grab().toImage().copy(0, 0, left, 200) == wide


def test_tags_are_in_all_rows_or_in_none_and_a_cut_is_marked(qapp: QApplication) -> None:
    painter = RowPainter(theme(True))
    text = "<v Captain Longname of the Ship><c.yellow>Come here</c>\nand look"

    def said(room: int, text: str = text) -> str:
        pieces = painter._laid_out(text, room)
        assert all(x <= room for x, _, _ in pieces)
        return "".join(what for _, what, _ in pieces)

    assert said(2000) == text.replace("\n", LINE_END)
    short = "<i>Yes</i>"
    for room in range(20, 600):
        shown = said(room)
        assert shown.endswith(("…", "and look")), (room, shown)
        assert ("<" in shown) == ("<" in said(max(room, 60), short) if room >= 60 else False), room
    assert said(200).startswith("Come here" + LINE_END)
    width = painter._metrics.horizontalAdvance("Come here")
    assert said(width + 8).endswith("…"), "the line end that has no room is told of"
    arabic = "<i>\u0645\u0631\u062d\u0628\u0627</i>"
    assert said(200, arabic) == arabic[3:-4] and said(400, arabic) == arabic


def test_in_a_narrow_table_figures_give_way_and_return(qtbot: QtBot) -> None:
    table = shown(qtbot, DeskSession(some_cues(40)))
    every = [column for column in Column if not table.isColumnHidden(column)]
    before = [table.columnWidth(column) for column in every]
    for width in range(690, 240, -10):
        table.resize(width, 300)
        text = table.columnViewportPosition(Column.TEXT)
        assert table.columnWidth(Column.TEXT) >= 140 or width < 300
        assert text + table.columnWidth(Column.TEXT) <= table.viewport().width()
        assert table.horizontalScrollBar().value() == 0 and table.columnViewportPosition(Column.NUMBER) == 0
    assert table.isColumnHidden(Column.CPS)
    menu = table._room.menu()
    cps = next(action for action in menu.actions() if action.text() == "CPS (no room now)")
    cps.toggle()
    assert table.isColumnHidden(Column.CPS)
    table.resize(700, 300)
    assert [column for column in Column if not table.isColumnHidden(column)] == [
        column for column in every if column is not Column.CPS
    ]
    cps.toggle()
    assert [table.columnWidth(column) for column in every] == before


def test_choosing_a_cue_moves_no_column(qtbot: QtBot) -> None:
    table = shown(qtbot, DeskSession(some_cues(40)))
    table.setColumnWidth(Column.START, 600)
    table.selectRow(3)
    table.resize(500, 300)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.columnViewportPosition(Column.NUMBER) == 0
