"""Where Tab and Escape go: through all fields in the order in which they are read, and back to the cues."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from tests.ui.desk_window import make_window
from tests.ui.test_document_windows import FILE
from vtt_desktop.domain.edits_text import set_settings
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.ui.document_dialog.cue_fields import CueFields
from vtt_desktop.ui.main_window import MainWindow

_SETTINGS = "line:0,end position:10%,line-left size:50%"


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    snapshot = read_webvtt(FILE).snapshot
    return make_window(qtbot, qapp, DeskSession(snapshot.cues, head=snapshot.head), settings)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tabbed(start: QWidget, steps: int) -> list[str]:
    """The names of what has the focus after each Tab."""
    start.setFocus()
    names = []
    for _ in range(steps):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        names.append(focused().accessibleName())
    return names


def opened(qtbot: QtBot, window: MainWindow, command: str) -> QWidget:
    """The window beside that a command opens, once it has the focus."""
    window.commands.run(command)
    documents = window.documents
    beside = documents.cue_fields if command == "cue-details" else documents.document
    assert beside is not None
    qtbot.waitUntil(beside.isActiveWindow)
    return beside


def test_tab_goes_through_the_editor_with_its_buttons(window: MainWindow) -> None:
    names = [
        "In-time",
        "Out-time",
        "Duration",
        "Speaker",
        "Identifier",
        "Cue settings",
        "Cue details",
        "Note",
    ]
    assert tabbed(window.editor.text_box, 9) == [*names, window.timeline.accessibleName()]


def test_tab_goes_through_the_fields_of_a_cue_as_they_are_read(window: MainWindow, qtbot: QtBot) -> None:
    session = window._session
    session.submit(set_settings(session.document.snapshot, session.document.snapshot.cues[0].id, _SETTINGS))
    fields = opened(qtbot, window, "cue-details")
    assert isinstance(fields, CueFields)
    assert tabbed(fields.identifier, 10) == [
        *("Direction", "Line", "Line alignment", "Position", "Position alignment", "Size"),
        *("Text alignment", "Region", "Settings as written", "Note"),
    ]


@pytest.mark.parametrize(
    ("page", "first", "then"),
    [
        ("header", "Title", ["Kind", "Language", "Header lines"]),
        ("styles", "CSS", []),
        ("regions", "Identifier", ["Width", "Lines", "Region anchor across", "Region anchor down"]),
    ],
)
def test_a_page_of_the_document_can_be_typed_in_at_once(
    window: MainWindow, qtbot: QtBot, page: str, first: str, then: list[str]
) -> None:
    opened(qtbot, window, f"document-{page}")
    assert focused().accessibleName() == first
    assert tabbed(focused(), len(then)) == then


def test_a_window_beside_does_not_cover_the_picture_that_shows_its_work(
    window: MainWindow, qtbot: QtBot
) -> None:
    picture = window.video.screen_view
    on_screen = QRect(picture.mapToGlobal(picture.rect().topLeft()), picture.size())
    for command in ("cue-details", "document-header"):
        beside = opened(qtbot, window, command)
        assert not beside.geometry().intersects(on_screen)
        assert window.screen().availableGeometry().contains(beside.geometry())


def test_escape_goes_from_the_text_back_to_the_cues(window: MainWindow) -> None:
    window.editor.focus_text()
    QTest.keyClicks(window.editor.text_box, "!")
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_Escape)
    assert window.table.hasFocus()
    assert window._session.document.snapshot.cues[0].text == "first!", "what was typed stays"
    window.commands.run("source")
    window.editor.focus_text()
    QTest.keyClick(window.editor.text_box, Qt.Key.Key_Escape)
    assert window.source.isAncestorOf(focused()) or window.source.hasFocus()
