"""Keys in the window: each belongs to what has the focus."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import desk_of, make_window, press, texts
from vtt_desktop.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return make_window(qtbot, qapp, DeskSession(some_cues(5)).share(), settings)


def test_keys_in_the_table(window: MainWindow) -> None:
    press(window.table, "Alt+Down")
    assert window.selection.current == 2
    press(window.table, "Del")
    assert len(texts(window)) == 4
    press(window.table, "Ctrl+Z")
    assert len(texts(window)) == 5
    press(window.table, "Ctrl+Y")
    assert len(texts(window)) == 4
    press(window.table, "Space")
    assert window._player.playing
    press(window.table, "Space")
    assert not window._player.playing


def test_the_same_keys_in_the_text_box_belong_to_the_text(window: MainWindow) -> None:
    box = window.editor.text_box
    box.setFocus()
    box.moveCursor(box.textCursor().MoveOperation.Start)
    QTest.keyClicks(box, " ,.")
    press(box, "Del")
    assert texts(window)[0] == " ,.ine of cue 1"
    assert len(texts(window)) == 5
    assert not window._player.playing
    press(box, "Ctrl+Space")
    assert window._player.playing


def test_undo_in_the_text_box_is_the_documents(window: MainWindow) -> None:
    box = window.editor.text_box
    box.setFocus()
    QTest.keyClicks(box, "!?")
    assert texts(window)[0] == "Line of cue 1!?"
    press(box, "Ctrl+Z")
    assert texts(window)[0] == "Line of cue 1"
    assert box.toPlainText() == "Line of cue 1"


def test_times_at_the_playhead(window: MainWindow) -> None:
    window._player.seek(500)
    press(window.table, "F11")
    press(window.table, "F12")
    assert "end after it starts" in window.report.message
    window._player.seek(1700)
    press(window.table, "F10")
    cue = desk_of(window).document.snapshot.cues[0]
    assert (cue.start, cue.end, window.selection.current) == (500, 1700, 2)
    window._player.seek(4000)
    press(window.table, "F9")
    starts = [cue.start for cue in desk_of(window).document.snapshot.cues]
    assert starts == [500, 4000, 7000, 10000, 13000]


def test_set_start_behind_the_end_keeps_the_length(window: MainWindow) -> None:
    window._player.seek(2500)
    window.commands.run("set-start")
    cue = desk_of(window).document.snapshot.cues[0]
    assert (cue.start, cue.end) == (2500, 4500)


def test_insert_split_and_merge(window: MainWindow) -> None:
    press(window.table, "Alt+Ins")
    cues = desk_of(window).document.snapshot.cues
    assert (len(cues), cues[1].start, cues[1].end) == (6, 2000, 3000)
    assert window.selection.current == cues[1].id
    assert window.focusWidget() is window.editor.text_box
    QTest.keyClicks(window.editor.text_box, "onetwo")
    for _ in range(3):
        press(window.editor.text_box, "Left")
    press(window.editor.text_box, "Ctrl+Alt+V")
    assert texts(window)[1:3] == ["one", "two"]
    ids = [cue.id for cue in desk_of(window).document.snapshot.cues[1:3]]
    window.selection.select(ids, ids[0])
    window.commands.run("merge")
    assert texts(window)[1] == "one\ntwo"
    window.commands.run("insert-before")
    cues = desk_of(window).document.snapshot.cues
    assert (cues[1].text, cues[2].text) == ("", "one\ntwo")
    assert cues[1].end > cues[1].start


def test_tab_goes_from_the_table_to_the_text_and_on_to_the_timeline(window: MainWindow) -> None:
    window.table.setFocus()
    seen = []
    for _ in range(12):
        focused = window.focusWidget()
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen[1] is window.editor.text_box
    assert window.timeline in seen


def test_everything_that_takes_the_focus_has_a_name(window: MainWindow) -> None:
    window.find_bar.open(replace=True)
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            spoken = QAccessible.queryAccessibleInterface(widget)
            assert spoken is not None
            assert spoken.text(QAccessible.Text.Name), (widget, widget.parent())
