"""Qt plays a film in threads of its own; none of them may wait for Python while it holds a lock of Qt's."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, SLOT, QObject, QThread, QTimer
from PySide6.QtMultimedia import QAudioOutput
from PySide6.QtWidgets import QCompleter
from pytestqt.qtbot import QtBot

from vtt_desktop.ui.player.backend_qt import QtMedia

PATIENCE = 60.0
"""Seconds in which a thread that waits for nobody is done."""


@pytest.fixture
def elsewhere(qtbot: QtBot) -> Iterator[QCompleter]:
    """Lives in a thread that turns. Its model is made by Qt, as renderers are: its own end asks no Python.

    Nor does anything else there from now on: a slot in Python, as pytest-qt's, would run there and might not
    be done when this thread keeps Python to itself. So Qt alone passes on to a timer of ours that it turns.
    """
    thread, turning, completer = QThread(), QTimer(singleShot=True), QCompleter()
    heard = QTimer(singleShot=True)
    for one in (turning, completer):
        one.moveToThread(thread)
    QObject.connect(thread, SIGNAL("started()"), turning, SLOT("start()"))
    QObject.connect(turning, SIGNAL("timeout()"), heard, SLOT("start()"))
    with qtbot.waitSignal(heard.timeout):
        thread.start()
    yield completer
    thread.quit()
    assert thread.wait(5000)


@contextmanager
def no_other_thread_has_python() -> Iterator[None]:
    """As within one long call into Qt: this thread keeps the interpreter to itself."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def test_a_thread_of_qts_lets_go_of_the_sound_without_python(elsewhere: QCompleter, tmp_path: Path) -> None:
    """A renderer that goes tells the output so under a lock. Where it needed Python for that, and the window
    had it and waited for that lock in `stop`, both waited for ever."""
    media = QtMedia(tmp_path / "none.mp4")
    output, renderer = media.findChild(QAudioOutput), elsewhere.completionModel()
    assert output is not None
    QObject.connect(output, SIGNAL("mutedChanged(bool)"), renderer, SLOT("revert()"))
    assert output.receivers(SIGNAL("mutedChanged(bool)")) == 1
    with no_other_thread_has_python():
        renderer.deleteLater()
        end = time.monotonic() + PATIENCE
        while (heard := output.receivers(SIGNAL("mutedChanged(bool)"))) and time.monotonic() < end:
            pass
    assert not heard, "the thread waits for Python"
    media.close()
