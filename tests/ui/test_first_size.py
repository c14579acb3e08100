"""On a small screen a window is no larger than that."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import run_now
from vtt_desktop.ui import first_size
from vtt_desktop.ui.panels.refused import RefusedWindow
from vtt_desktop.ui.panels.sync_log import SyncLogWindow
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.shortcuts import ShortcutsDialog
from vtt_desktop.ui.theme import theme

ROOM = 360
"""Pixels that are left below the edges of other things: less than each of these windows asks for."""


@pytest.mark.parametrize(
    "make",
    [
        lambda session: ShortcutsDialog(()),
        lambda session: SyncLogWindow(session, Selection(), theme(True)),
        lambda session: RefusedWindow(session, Selection(), run_now),
    ],
)
def test_its_buttons_are_on_the_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, make: Callable[[DeskSession], QWidget]
) -> None:
    screen = QApplication.primaryScreen().availableSize()
    monkeypatch.setattr(first_size, "FRAME", QSize(0, screen.height() - ROOM))
    window = make(DeskSession(some_cues(2)).share())
    qtbot.addWidget(window)
    window.show()
    assert window.height() <= ROOM
