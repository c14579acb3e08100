"""Of the window: a server's long sentence is shown as far as there is room, and moves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.ui.elided_label import ElidedLabel
from vtt_desktop.ui.main_window import MainWindow

LONG = "The text is longer than this server allows. " * 12


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(5)).share()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return make_window(qtbot, qapp, session, settings)


def refuse(session: DeskSession, cue_id: int, words: str) -> None:
    """The server refuses a new text of the cue."""
    session.submit(set_text(session.document.snapshot, cue_id, f"new {cue_id}"))
    session.put(cue_id, refused=words)


def test_the_window_keeps_its_width(window: MainWindow, session: DeskSession) -> None:
    window.resize(1000, 700)
    QApplication.processEvents()
    width, least = window.width(), window.minimumSizeHint().width()
    refuse(session, 1, LONG)
    QApplication.processEvents()
    line = window.editor.sync_line
    assert (window.width(), window.minimumSizeHint().width()) == (width, least)
    assert line.words.startswith("Refused: The text is longer") and line.toolTip() == line.words
    assert line.width() > 300, "it gets the room that there is"
    window.editor.message.say("A sentence of ours that a person has to read as well, whatever a server says.")
    QApplication.processEvents()
    assert window.editor.message.width() >= 300 and window.width() == width


def test_what_there_is_room_for_is_shown_whole(window: MainWindow, session: DeskSession) -> None:
    window.resize(1400, 800)
    label = window.editor.sync_line.findChild(ElidedLabel)
    for words in ("", "Too long.", "", "No.", "It is too long by three letters.", ""):
        refuse(session, 1, words)
        QApplication.processEvents()
        assert label.text() == window.editor.sync_line.words
