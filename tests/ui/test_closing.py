"""Of the window: what is asked before it goes, where edits are held by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.ui.main_window import MainWindow

FULL = "Edits are kept in memory only: the disk is full."


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(3)).share()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return make_window(qtbot, qapp, session, settings)


def asked() -> QMessageBox:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    return box


def quit_by_key(window: MainWindow) -> None:
    QTest.keyClick(window.table, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def dirty(session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 1, "x"))


def refused(session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 1, "x"))
    session.put(1, refused="Too long")


def conflict(session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 1, "x"))
    session.their(some_cues(1)[0].with_(text="theirs"))


@pytest.mark.parametrize("make", [dirty, refused, conflict])
def test_shared_edits_that_nothing_else_holds_are_asked_about(
    window: MainWindow, session: DeskSession, make: Callable[[DeskSession], None], qtbot: QtBot
) -> None:
    make(session)
    session.sync.set_journal_error(FULL)
    quit_by_key(window)
    assert window.isVisible()
    box = asked()
    assert FULL in box.informativeText()
    box.button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    quit_by_key(window)
    with qtbot.waitSignal(window.closed, timeout=1000):
        asked().button(QMessageBox.StandardButton.Discard).click()


def test_they_can_be_saved_as_a_file_first(window: MainWindow, session: DeskSession, qtbot: QtBot) -> None:
    dirty(session)
    session.sync.set_journal_error(FULL)
    assert not window.close()
    asked().button(QMessageBox.StandardButton.Save).click()
    names = QApplication.activeModalWidget()
    assert isinstance(names, QFileDialog) and window.isVisible()
    names.reject()
    assert window.isVisible()
    window.close()
    asked().button(QMessageBox.StandardButton.Save).click()
    dialog = QApplication.activeModalWidget()
    with qtbot.waitSignal(window.closed, timeout=1000):
        dialog.chosen.emit(Path("/films/saved.vtt"), None)  # type: ignore[union-attr]
    assert session.path == Path("/films/saved.vtt")


def test_what_the_server_has_needs_no_question(window: MainWindow, session: DeskSession) -> None:
    session.sync.set_journal_error(FULL)
    assert window.close()


def test_a_shared_file_is_told_where_its_edits_are_not(window: MainWindow, session: DeskSession) -> None:
    session.path = Path("/films/a.vtt")
    dirty(session)
    window.close()
    assert "stay in the shared document" in asked().informativeText()
    asked().reject()
    session.sync.set_journal_error(FULL)
    window.close()
    assert FULL in asked().informativeText() and "gone" in asked().informativeText()
