"""The lists under the picture: whole in every window, and at the height that a person gave them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from tests.ui.test_problems import desk
from vtt_desktop.ui.main_window import MainWindow

Open = Callable[[DeskSession], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return lambda session: make_window(qtbot, qapp, session, settings)


def place(widget: QWidget) -> QRect:
    """Where it stands in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def clash(window: MainWindow, cue_id: int) -> None:
    """A colleague and I changed the same cue."""
    session = window._session
    assert isinstance(session, DeskSession)
    cue = session.document.snapshot.cues.get(cue_id)
    assert cue is not None
    session.share()
    window.selection.select_one(cue_id)
    QTest.keyClicks(window.editor.text_box, " mine")
    session.their(cue.with_(text="theirs"))
    QApplication.processEvents()


def test_a_list_has_room_though_it_was_hidden_the_last_time(open_window: Open) -> None:
    window = open_window(desk())
    assert not window.problems.isVisible()
    assert window.close()
    window = open_window(desk(1, 2, 3, 5))
    QApplication.processEvents()
    assert window.problems.isVisible()
    assert window.problems.height() >= window.problems.minimumSizeHint().height()
    assert window.problems.height() >= window._panes.right.height() // 4


def test_a_list_keeps_the_height_it_was_given(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(desk(1, 2))
    QApplication.processEvents()
    column = window._panes.right
    column.moveSplitter(column.height() - 150, 1)
    given = window.lists.height()
    assert window.close()
    again = open_window(desk(1, 2))
    QApplication.processEvents()
    assert abs(again.lists.height() - given) <= 1


@pytest.mark.parametrize("size", [(1000, 575), (800, 600), (1380, 835)])
def test_nothing_stands_on_anything_else_with_a_conflict_and_problems(
    open_window: Open, size: tuple[int, int]
) -> None:
    window = open_window(desk(2, 5))
    window.resize(*size)
    clash(window, 1)
    assert (window.width(), window.height()) == size
    assert window.conflicts.isVisible()
    video, screen, controls = window.video, window.video.screen_view, window.video.controls
    assert place(screen).bottom() < place(controls).top()
    assert place(video).contains(place(controls))
    assert place(video).bottom() < place(window.lists).top()
    row = window.conflicts._list.visualRect(window.conflicts._model.index(0))
    assert window.conflicts._list.viewport().rect().contains(row)
    window.commands.run("problems")
    QApplication.processEvents()
    assert window.problems.isVisible()
    row = window.problems._list.visualRect(window.problems._model.index(0, 0))
    assert window.problems._list.viewport().rect().contains(row)


def test_problems_and_conflicts_share_one_place(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    assert window.lists.tabBar().isHidden(), "one list needs no tabs"
    clash(window, 1)
    tabs = window.lists.tabBar()
    assert [tabs.tabText(i) for i in range(tabs.count())] == ["Conflicts", "Problems"]
    assert window.conflicts.isVisible() and not window.problems.isVisible()
    window.commands.run("next-problem")
    assert window.problems.isVisible(), "what F8 marks is seen"
    window.commands.run("problems")
    assert window.conflicts.isVisible() and tabs.isHidden()


def test_a_conflict_does_not_take_a_list_from_under_the_hands(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    window._session.share()  # type: ignore[attr-defined]
    QTest.keyClicks(window.editor.text_box, " mine")
    window.problems.focus_list()
    cue = some_cues(1)[0]
    window._session.their(cue.with_(text="theirs"))  # type: ignore[attr-defined]
    assert window.problems.isVisible() and window.lists.tabBar().count() == 2
    QTest.keyClick(window.problems._list, Qt.Key.Key_Down)
    assert window.problems.isVisible()


@pytest.mark.parametrize("both", [False, True])
def test_tab_reaches_everything_while_a_list_is_there(open_window: Open, both: bool) -> None:
    window = open_window(desk(2, 5) if both else DeskSession(some_cues(5)))
    clash(window, 1)
    window.table.setFocus()
    reached: list[QWidget] = []
    for _ in range(60):
        focus = window.focusWidget()
        if reached and focus is window.table:
            break
        reached.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert focus is window.table, "the round is whole"
    assert window.conflicts._list in reached
    assert {window.status._conflicts, window.status._offline} <= set(reached)
    assert (window.lists.tabBar() in reached) is both, "where there is a choice it can be made by keys"
