"""Rows stay where they are whatever others do, and choices go both ways."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_table import Desk, colours_of
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import insert_cue, merge_cues, remove_cues, set_text
from vtt_desktop.ui.cue_table.columns import Column
from vtt_desktop.ui.cue_table.model import STEPS_MAX, CueModel, Index
from vtt_desktop.ui.cue_table.painting import ROW_HEIGHT
from vtt_desktop.ui.theme import theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def make(qtbot: QtBot) -> Callable[[int], Desk]:
    return lambda number: Desk(qtbot, DeskSession(some_cues(number)), theme(dark=True))


@pytest.fixture
def desk(make: Callable[[int], Desk]) -> Desk:
    return make(200)


def moved(session: DeskSession, cue_id: int, behind: int) -> Edit:
    snapshot = session.document.snapshot
    cue = snapshot.cues.get(cue_id)
    return Edit("Move", (CueChange(cue, None, snapshot.follows(cue_id)), CueChange(None, cue, behind)))


class Examined(CueModel):
    """Qt's examiner remembers the first column of a row, and a row's number is another after an insert."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and index.column() == Column.NUMBER:
            return str(self.cue(index.row()).id)
        return super().data(index, role)


@pytest.mark.parametrize("many", [1, STEPS_MAX + 1])
def test_rows_come_and_go_as_qt_demands(many: int) -> None:
    session = DeskSession(some_cues(200))
    model = Examined(session.document.snapshot, session.sync)
    # Aborts at the first wrong word between model and view.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    session.document.changed.connect(model.take)
    new = tuple(CueChange(None, Cue(300 + i, 0, 10, "new"), 40) for i in range(many))
    session.remote(Edit("Insert", new))
    session.remote(remove_cues(session.document.snapshot, range(1, 2 * many, 2)))
    session.remote(moved(session, 200, behind=2))
    session.remote(merge_cues(session.document.snapshot, [198, 199]))
    assert tester.model() is model
    assert [model.cue(row).id for row in range(model.rowCount())] == [
        cue.id for cue in session.document.snapshot.cues
    ]


# What the cells say


def test_cells_and_heads_say_what_the_cue_does(desk: Desk) -> None:
    model = desk.table.model()
    said = [model.index(2, column).data() for column in Column]
    assert said == ["3", "00:00:06.000", "00:00:08.000", "2.000", "13.5", "Line of cue 3 and its second", ""]
    heads = [model.headerData(c, Qt.Orientation.Horizontal) for c in Column]
    assert heads == ["#", "Start", "End", "Length", "CPS", "Text", ""]


def test_the_badge_is_told_in_words(desk: Desk) -> None:
    cell = desk.table.model().index(1, Column.SYNC)
    assert cell.data(Qt.ItemDataRole.ToolTipRole) is None
    desk.session.share()
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "Saved"
    desk.session.put(2, refused="Too long", mine=None)
    assert cell.data(Qt.ItemDataRole.ToolTipRole) == "Refused: Too long"
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Refused: Too long"


def test_a_screen_reader_finds_a_table_with_its_cells(desk: Desk) -> None:
    found = QAccessible.queryAccessibleInterface(desk.table)
    assert found.role() == QAccessible.Role.Table
    assert found.text(QAccessible.Text.Name) == "Cues"
    cells = [found.child(i) for i in range(3 * (len(Column) + 1))]
    said = [cell.text(QAccessible.Text.Name) for cell in cells if cell is not None]
    assert "Line of cue 2" in said and "Text" in said


# Choosing, both ways


def test_the_first_cue_is_current_from_the_start(desk: Desk) -> None:
    assert (desk.selection.current, desk.selection.selected) == (1, (1,))
    assert desk.rows_in_qt() == [0]


def test_clicks_and_keys_choose(desk: Desk) -> None:
    desk.click(4)
    assert (desk.selection.current, desk.selection.selected) == (4, (4,))
    desk.click(6, SHIFT)
    assert (desk.selection.current, desk.selection.selected) == (6, (4, 5, 6))
    desk.click(9, CTRL)
    assert (desk.selection.current, desk.selection.selected) == (9, (4, 5, 6, 9))
    desk.click(9, CTRL)
    assert desk.selection.selected == (4, 5, 6)
    assert desk.selection.current in desk.selection.selected
    desk.click(2)
    desk.press(Qt.Key.Key_Down, times=3)
    assert (desk.selection.current, desk.selection.selected) == (5, (5,))
    desk.press(Qt.Key.Key_End)
    assert desk.selection.current == 200
    desk.press(Qt.Key.Key_Home)
    assert desk.selection.selected == (1,)


def test_ctrl_goes_to_the_ends_as_in_a_text(desk: Desk) -> None:
    desk.click(4)
    QTest.keyClick(desk.table, Qt.Key.Key_End, CTRL)
    assert (desk.selection.current, desk.selection.selected) == (200, (200,))
    QTest.keyClick(desk.table, Qt.Key.Key_Home, CTRL)
    assert (desk.selection.current, desk.selection.selected) == (1, (1,))


def test_a_choice_made_elsewhere_is_shown_and_scrolled_to(desk: Desk) -> None:
    desk.selection.select((150, 151, 153), 151)
    assert desk.rows_in_qt() == [149, 150, 152]
    assert desk.table.currentIndex().row() == 150
    assert 0 <= desk.y_of(151) < desk.table.viewport().height()


def test_a_choice_by_a_person_is_told_once_with_its_current_cue(desk: Desk) -> None:
    told: list[tuple[int | None, tuple[int, ...]]] = []
    desk.selection.changed.connect(lambda s: told.append((s.current, s.selected)))
    desk.click(7)
    assert told == [(7, (7,))]


def test_taking_the_last_row_out_of_a_choice_leaves_the_current_one(desk: Desk) -> None:
    desk.click(3)
    desk.click(3, CTRL)
    assert (desk.selection.current, desk.selection.selected) == (3, (3,))


def test_enter_asks_for_the_editor_and_a_double_click_to_play(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.table.edit_requested, timeout=0, raising=True):
        desk.press(Qt.Key.Key_Return)
    told: list[int] = []
    desk.table.play_requested.connect(told.append)
    QTest.mouseDClick(
        desk.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, desk.centre(5)
    )
    assert told == [5]


def test_space_and_letters_do_nothing_to_the_choice(desk: Desk) -> None:
    desk.click(5)
    desk.press(Qt.Key.Key_Space)
    desk.press(Qt.Key.Key_Space, CTRL)
    QTest.keyClick(desk.table, "9")
    assert desk.selection.selected == (5,)


# Rows that come and go


@pytest.mark.parametrize("how", ["insert", "remove", "move", "many"])
def test_what_others_do_above_moves_no_row_on_screen(desk: Desk, how: str) -> None:
    desk.scroll_to_row(50)
    desk.table.verticalScrollBar().setValue(50 * ROW_HEIGHT + 7)
    desk.selection.select((55, 56, 60), 56)
    before = {cue_id: desk.y_of(cue_id) for cue_id in range(52, 62)}
    session = desk.session
    if how == "insert":
        for i in range(3):
            session.remote(insert_cue(Cue(500 + i, 0, 10, "new"), follows=10))
    elif how == "remove":
        session.remote(remove_cues(session.document.snapshot, [3, 4, 9, 30]))
    elif how == "move":
        session.remote(moved(session, 150, behind=2))
    else:
        changes = tuple(CueChange(None, Cue(1000 + i, 0, 10, "new"), 5) for i in range(300))
        session.remote(Edit("Many", changes))
    assert {cue_id: desk.y_of(cue_id) for cue_id in range(52, 62)} == before
    assert (desk.selection.current, desk.selection.selected) == (56, (55, 56, 60))
    index_of = session.document.snapshot.cues.index_of
    assert desk.rows_in_qt() == [index_of(55), index_of(56), index_of(60)]
    assert desk.table.currentIndex().row() == index_of(56)


def test_inserts_below_move_nothing_either(desk: Desk) -> None:
    desk.scroll_to_row(20)
    desk.session.remote(insert_cue(Cue(500, 0, 10, "new"), follows=190))
    assert desk.table.verticalScrollBar().value() == 20 * ROW_HEIGHT
    assert desk.table.verticalScrollBar().maximum() == 201 * ROW_HEIGHT - desk.table.viewport().height()


@pytest.mark.parametrize("how", ["insert", "remove current", "many", "text"])
def test_others_never_scroll_back_to_the_current_row(desk: Desk, how: str) -> None:
    desk.selection.select_one(5)
    desk.scroll_to_row(100)
    on_top = desk.y_of(103)
    session = desk.session
    if how == "insert":
        session.remote(insert_cue(Cue(500, 0, 10, "new"), follows=1))
    elif how == "remove current":
        session.remote(remove_cues(session.document.snapshot, [5]))
        assert desk.selection.current == 6
    elif how == "many":
        changes = tuple(CueChange(None, Cue(1000 + i, 0, 10, "new"), 5) for i in range(300))
        session.remote(Edit("Many", changes))
    else:
        session.remote(set_text(session.document.snapshot, 5, "theirs"))
    assert desk.y_of(103) == on_top


def test_the_current_row_stays_when_rows_between_it_and_the_top_go(desk: Desk) -> None:
    desk.scroll_to_row(50)
    desk.selection.select_one(58)
    before = desk.y_of(58)
    desk.session.remote(remove_cues(desk.session.document.snapshot, [54, 55]))
    assert desk.y_of(58) == before


def test_own_edits_keep_the_place_too_and_undo_brings_rows_back(desk: Desk) -> None:
    desk.scroll_to_row(50)
    desk.selection.select((57, 58), 57)
    y = desk.y_of(57)
    desk.session.submit(merge_cues(desk.session.document.snapshot, [57, 58]))
    assert (desk.selection.current, desk.selection.selected) == (57, (57,))
    assert desk.table.model().rowCount() == 199
    desk.session.undo()
    assert desk.table.model().rowCount() == 200
    assert desk.table.model().index(57, Column.TEXT).data() == "Line of cue 58"
    assert desk.y_of(57) == y


def test_removing_everything_leaves_a_table_that_says_what_to_do(make: Callable[[int], Desk]) -> None:
    desk = make(100)
    full = desk.picture()
    desk.session.submit(remove_cues(desk.session.document.snapshot, range(1, 101)))
    assert (desk.selection.current, desk.selection.selected) == (None, ())
    empty = desk.picture()
    assert empty != full
    assert colours_of(empty) & {desk.theme.text.name(), desk.theme.muted.name()}
    desk.session.undo()
    assert desk.table.model().rowCount() == 100
    desk.session.submit(remove_cues(desk.session.document.snapshot, range(2, 101)))
    assert desk.table.model().rowCount() == 1


def test_another_session_starts_at_its_first_cue_and_forgets_the_old_one(desk: Desk) -> None:
    old = desk.session
    desk.selection.select_one(150)
    desk.session = DeskSession(some_cues(30))
    desk.table.set_session(desk.session)
    assert (desk.selection.current, desk.rows_in_qt()) == (1, [0])
    assert desk.table.verticalScrollBar().value() == 0
    old.remote(remove_cues(old.document.snapshot, [1]))
    assert desk.table.model().rowCount() == 30
