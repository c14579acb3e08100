"""Of the window: a file dropped anywhere is opened, and what undo changes is what one looks at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_workspace import DeskWorkspace, run_now
from vtt_desktop.app.reading import WebVTTAuthoring
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.furnishing import furnished
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.player import Player


@pytest.fixture
def session() -> DeskSession:
    return DeskSession(some_cues(6))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path, session: DeskSession) -> MainWindow:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    player = Player(lambda _path: VirtualClock(lambda: 0.0), lambda: 0.0)
    appearance = Appearance(qapp, settings)
    reading = (WebVTTReader(), WebVTTAuthoring(run_now))
    window = furnished(DeskWorkspace(session), run_now, player, appearance, settings, *reading)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_leaving", True))
    window.show()
    return window


def dragged(*urls: str, text: str = "") -> QMimeData:
    held = QMimeData()
    held.setUrls([QUrl(url) for url in urls])
    held.setText(text or "\n".join(urls))
    return held


def test_a_file_dragged_over_the_text_box_is_left_to_the_window(window: MainWindow) -> None:
    box = window.editor.text_box
    held = dragged("file:///films/ferry.mkv")
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(5, 5), action, held, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(box.viewport(), enter)
    assert not box.canInsertFromMimeData(held)
    drop = QDropEvent(QPointF(5, 5), action, held, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(box.viewport(), drop)
    box.insertFromMimeData(held)  # as a paste does, which does not ask
    assert box.toPlainText() == "Line of cue 1"


@pytest.mark.parametrize("urls", [(), ("https://example.org/",)])
def test_words_and_web_addresses_can_be_dropped_on_the_text_box(
    window: MainWindow, urls: tuple[str, ...]
) -> None:
    box = window.editor.text_box
    held = dragged(*urls, text="words ")
    assert box.canInsertFromMimeData(held)
    box.insertFromMimeData(held)
    assert "words " in box.toPlainText()


@pytest.mark.parametrize("command", ["undo", "redo"])
@pytest.mark.parametrize("make", [lambda s: set_text(s, 5, "x"), lambda s: shift(s, [5, 6], 10)])
def test_undo_shows_the_first_cue_that_it_changed(
    window: MainWindow, session: DeskSession, command: str, make: Callable[[object], object]
) -> None:
    session.submit(make(session.document.snapshot))  # type: ignore[arg-type]
    if command == "redo":
        session.undo()
    window.selection.select_one(2)
    window.commands.run(command)
    assert (window.selection.current, window.selection.selected) == (5, (5,))


def test_undo_leaves_the_selection_where_it_changed_one_of_it(
    window: MainWindow, session: DeskSession
) -> None:
    session.submit(shift(session.document.snapshot, [3, 4, 5], 10))
    window.selection.select((3, 4), 4)
    window.commands.run("undo")
    assert (window.selection.current, window.selection.selected) == (4, (3, 4))


def test_undo_of_what_came_and_went(window: MainWindow, session: DeskSession) -> None:
    session.submit(remove_cues(session.document.snapshot, [4, 5]))
    window.selection.select_one(1)
    window.commands.run("undo")
    assert window.selection.current == 4
    session.submit(insert_cue(some_cues(7)[6], 6))
    window.selection.select_one(2)
    window.commands.run("undo")  # nothing of it is left to be shown
    assert window.selection.current == 2


def test_a_change_by_others_selects_nothing(window: MainWindow, session: DeskSession) -> None:
    session.submit(set_text(session.document.snapshot, 5, "x"))
    session.remote(set_text(session.document.snapshot, 6, "theirs"))
    assert window.selection.current == 1
