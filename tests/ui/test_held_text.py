"""Of the window: a colleague removes the cue that the caret is in, while keys are on their way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.ui.main_window import MainWindow

NEXT = "Line of cue 3\nand its second"


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(5)).share()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> MainWindow:
    """The caret is in cue 2, and that one goes."""
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    window = make_window(qtbot, qapp, session, settings)
    window.resize(1000, 700)
    window.selection.select_one(2)
    window.editor.text_box.setFocus()
    session.their_removal(2)
    QApplication.processEvents()
    assert window.selection.current == 3 and window.editor.text_box.held
    return window


def texts(session: DeskSession) -> list[str]:
    return [cue.text for cue in session.document.snapshot.cues]


def test_capitals_and_signs_go_nowhere(window: MainWindow, session: DeskSession) -> None:
    before = texts(session)
    box = window.editor.text_box
    QTest.keyClicks(box, "Lost KEYS? {}")
    QTest.keyClick(
        box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
    )
    QApplication.clipboard().setText("pasted")
    QTest.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() == NEXT and texts(session) == before


def test_after_enter_one_goes_on_in_the_next_cue(window: MainWindow, session: DeskSession) -> None:
    box = window.editor.text_box
    QTest.keyClicks(box, "Lost KEYS")
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClicks(box, "!")
    assert texts(session)[1] == f"{NEXT}!" and not box.isReadOnly()
    assert not window.editor.message.text()


def test_another_cue_leaves_nothing_behind(window: MainWindow, session: DeskSession) -> None:
    before, box = texts(session), window.editor.text_box
    QTest.keyClicks(box, "LOST")
    QTest.keyClick(box, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert window.selection.current == 4 and not box.held, "that one was chosen"
    assert texts(session) == before and box.toPlainText() == "Line of cue 4"


def test_escape_leaves_to_the_table(window: MainWindow) -> None:
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.table
    assert not window.editor.text_box.held and not window.editor.message.text()


@pytest.mark.parametrize("refused", ["", "The server takes no text of that length here, whoever asks. " * 4])
def test_the_sentence_is_whole_in_a_small_window(
    window: MainWindow, session: DeskSession, refused: str
) -> None:
    message = window.editor.message
    session.put(3, refused=refused)
    QApplication.processEvents()
    assert "Enter" in message.text()
    assert message.fontMetrics().horizontalAdvance(message.text()) <= message.width()


def test_what_may_not_be_edited_stays_so_after_a_hold(window: MainWindow, session: DeskSession) -> None:
    session.read_only = "Another program has it open."
    window.editor.set_session(session)
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_Return)
    assert not window.editor.text_box.held and window.editor.text_box.isReadOnly()
