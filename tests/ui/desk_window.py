"""The window on a session for tests: real views and checks, a clock that stands still, no files."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.app.reading import WebVTTAuthoring
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.furnishing import furnished
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.player import Player


def make_window(qtbot: QtBot, qapp: QApplication, session: DeskSession, settings: QSettings) -> MainWindow:
    """The window, shown and active."""
    player = Player(lambda _path: VirtualClock(lambda: 0.0), lambda: 0.0)
    window = furnished(
        DeskWorkspace(session),
        run_now,
        player,
        Appearance(qapp, settings),
        settings,
        WebVTTReader(),
        WebVTTAuthoring(run_now),
    )
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_leaving", True))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def desk_of(window: MainWindow) -> DeskSession:
    session = window._workspace.session
    assert isinstance(session, DeskSession)
    return session


def texts(window: MainWindow) -> list[str]:
    return [cue.text for cue in desk_of(window).document.snapshot.cues]


def press(target: QWidget, keys: str) -> None:
    """A key with its modifiers, as a person presses it on that widget."""
    target.setFocus()
    combination = QKeySequence(keys)[0]
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
