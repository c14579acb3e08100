"""The dialog on a conflict: what is seen of it, in which room, and by which keys it is reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from tests.ui.conflict_desk import Desk
from tests.ui.desk_session import DeskSession
from tests.ui.desk_workspace import run_now
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import remove_cues
from vtt_desktop.ui.actions.view import help_commands
from vtt_desktop.ui.commands import Commands
from vtt_desktop.ui.dialogs.conflict import MOVED, ConflictDialog
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns
from vtt_desktop.ui.dialogs.conflict_keys import CONFLICT_KEYS
from vtt_desktop.ui.report import Report
from vtt_desktop.ui.shortcuts import ShortcutsDialog
from vtt_desktop.ui.theme import theme


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.dialog.close()
    made.dialog.deleteLater()


def test_tab_goes_through_it_as_it_is_read(desk: Desk) -> None:
    desk.their(2, end=8200)
    for cue_id in (2, 3):
        desk.clash(cue_id)
        desk.open(cue_id)
    desk.dialog.go(1)
    gone: list[str] = []
    while (at := QApplication.focusWidget()) is not None and (name := at.accessibleName()) not in gone:
        gone.append(name or at.property("text"))
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert gone == [
        "Composed text",
        "Composed end",
        "Decide later",
        "The same for all 2 like this",
        "Keep mine",
        "Take theirs",
        "Use composed",
        "Previous conflict",
        "Next conflict",
        "Versions",
        "Play the time of before",
        "Play the time of mine",
        "Play the time of theirs",
    ]


def test_it_opens_in_the_middle_of_its_window(desk: Desk) -> None:
    window = QWidget()
    window.setGeometry(5, 5, 760, 700)
    window.show()
    desk.clash(2)
    dialog = ConflictDialog(desk.session, theme(True), window)
    dialog.open_on(2)
    QApplication.processEvents()
    aside = dialog.geometry().center() - window.geometry().center()
    assert abs(aside.x()) < 20 and abs(aside.y()) < 40
    dialog.close()


def test_of_a_removal_all_that_differs_is_seen(desk: Desk) -> None:
    settings = "line:80% position:20% align:start"
    before = Cue(7, 21000, 23000, "<v Odile>Well, the ferry leaves at noon.", settings=settings)
    session = DeskSession([*desk.cues, before]).share()
    window = QWidget()
    window.resize(1000, 600)
    dialog = ConflictDialog(session, theme(True), window, lambda start, end: None)
    session.submit(remove_cues(session.document.snapshot, [7]))
    session.their(before.with_(text="<v Odile>Well, the ferry leaves at one.", end=23500))
    dialog.open_on(7)
    QApplication.processEvents()
    columns = dialog.findChild(VersionColumns)
    assert columns.verticalScrollBar().maximum() == 0 and dialog.height() <= 540
    names = [
        label.text() for label in columns.findChildren(QLabel) if label.text() in ("Text", "End", "Align")
    ]
    assert names == ["Text", "End"]
    titles = [label.text() for label in dialog.findChildren(QLabel) if "You removed" in label.text()]
    assert titles and "<v" not in titles[0]
    dialog.close()


def test_everything_that_can_be_pressed_has_a_name(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    for button in desk.dialog.findChildren(QToolButton):
        assert button.accessibleName() and button.toolTip()
    for pressed in desk.dialog.findChildren(QPushButton):
        assert pressed.text() and pressed.toolTip()


def test_where_there_is_no_room_for_the_times_they_end_with_an_ellipsis(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.dialog.resize(720, desk.dialog.height())
    QApplication.processEvents()
    lines = [one for one in desk.dialog.findChild(VersionColumns).findChildren(QLabel) if not one.wordWrap()]
    cut = [
        one for one in lines if one.fontMetrics().horizontalAdvance(one.text()) > one.contentsRect().width()
    ]
    assert lines and [one.text() for one in cut] == []


def test_one_field_is_shown_without_an_empty_middle_and_large(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    columns = desk.dialog.findChild(VersionColumns)
    page = columns.widget()
    assert desk.dialog.height() < 420
    assert columns.verticalScrollBar().maximum() == 0 and columns.horizontalScrollBar().maximum() == 0
    cell = desk.cell("Mine, Text")
    assert cell.font().pixelSize() >= 16
    assert page.height() - cell.geometry().bottom() < cell.height()
    assert desk.compose.height() >= 3 * desk.compose.fontMetrics().lineSpacing()


def test_a_notice_takes_no_room_from_the_words(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.their(2, text="The ferry leaves\nat one,\nand\nat two.")
    QApplication.processEvents()
    columns = desk.dialog.findChild(VersionColumns)
    assert desk.dialog.notice == MOVED
    assert columns.verticalScrollBar().maximum() == 0
    desk.compose.setPlainText("a --> b")
    QApplication.processEvents()
    assert columns.verticalScrollBar().maximum() == 0


def test_room_that_a_person_gives_goes_to_the_words(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    before = desk.cell("Mine, Text").height(), desk.compose.height()
    desk.dialog.resize(700, 700)
    QApplication.processEvents()
    assert desk.cell("Mine, Text").height() > before[0] + 50 and desk.compose.height() > before[1] + 50


def test_every_key_of_the_dialog_stands_in_the_list_of_keys(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    bound = {shortcut.key().toString() for shortcut in desk.dialog.findChildren(QShortcut)}
    assert bound == {QKeySequence(key).toString() for _, _, key in CONFLICT_KEYS} - {"Esc"}
    window = QWidget()
    commands = {one.id: one for one in help_commands(Commands(run_now, Report(theme(True))), window)}
    commands["shortcuts"].run()
    shown = window.findChild(ShortcutsDialog).shown
    assert ("The same for all like this", "Alt+A") in shown and ("Use composed", "Ctrl+Return") in shown
