"""Qt plays a film in threads of its own; none of them may wait for Python while it holds a lock of Qt's."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import SIGNAL, SLOT, QLoggingCategory, QObject, Qt, QThread, QTimer
from PySide6.QtMultimedia import QAudioOutput
from PySide6.QtWidgets import QCompleter
from pytestqt.qtbot import QtBot

from vtt_desktop.app.start import make_application
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


def is_let_go(output: QAudioOutput, renderer: QObject) -> bool:
    """Whether a renderer that goes tells the output so in its thread, while this one keeps Python."""
    QObject.connect(output, SIGNAL("mutedChanged(bool)"), renderer, SLOT("revert()"))
    assert output.receivers(SIGNAL("mutedChanged(bool)")) == 1
    with no_other_thread_has_python():
        renderer.deleteLater()
        end = time.monotonic() + PATIENCE
        while (heard := output.receivers(SIGNAL("mutedChanged(bool)"))) and time.monotonic() < end:
            pass
    return not heard


def test_a_thread_of_qts_lets_go_of_the_sound_without_python(elsewhere: QCompleter, tmp_path: Path) -> None:
    """A renderer that goes tells the output so under a lock. Where it needed Python for that, and the window
    had it and waited for that lock in `stop`, both waited for ever."""
    media = QtMedia(tmp_path / "none.mp4")
    output = media.findChild(QAudioOutput)
    assert output is not None
    assert is_let_go(output, elsewhere.completionModel()), "the thread waits for Python"
    media.close()


def test_a_thread_of_qts_says_what_it_has_to_say_without_python(
    elsewhere: QCompleter, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """`stop` waits for the threads of a film while it has Python. One that says there what is wrong with the
    film, or with the sound, must not wait for Python: both would wait for ever."""
    make_application()
    QLoggingCategory.setFilterRules("")  # not because it is not said at all
    media, renderer, ours = QtMedia(tmp_path / "none.mp4"), elsewhere.completionModel(), QTimer()
    output = media.findChild(QAudioOutput)
    assert output is not None
    QObject.connect(
        renderer, SIGNAL("destroyed()"), ours, SLOT("start()"), Qt.ConnectionType.DirectConnection
    )
    assert is_let_go(output, renderer), "the thread waits for Python"
    assert "cannot be started from another thread" in capfd.readouterr().err
    media.close()
