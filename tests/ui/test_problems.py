"""Stories of the problems panel in the window: live, by keys, and never in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from tests.ui.desk_window import make_window
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.ui.main_window import MainWindow

Open = Callable[[DeskSession], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Open:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    return lambda session: make_window(qtbot, qapp, session, settings)


def desk(*faulty: int, of: int = 6) -> DeskSession:
    cues = [cue.with_(text="Tom & Jerry") if cue.id in faulty else cue for cue in some_cues(of)]
    return DeskSession(cues, head=Head(b"WEBVTT"))


def test_the_list_comes_with_a_document_that_has_problems_and_not_with_another(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    assert window.problems.isVisible()
    assert window.problems.words == "2 problems"
    assert window.problems.lines[0] == (
        "An & that begins no reference must be written &amp;.",
        "Cue 2 · WebVTT 4.2 cue text span",
    )
    window._workspace.bring(desk())  # type: ignore[attr-defined]
    assert not window.problems.isVisible()
    assert window.problems.words == "No problems."


def test_typing_changes_the_count_and_moves_no_pane(open_window: Open) -> None:
    window = open_window(desk())
    box = window.editor.text_box
    box.setFocus()
    window.commands.run("show-tags")
    QTest.keyClicks(box, " </b")
    assert window.problems.count == 2
    assert window.status._problems.text().strip() == "2 problems"
    assert not window.problems.isVisible()
    QTest.keyClick(box, Qt.Key.Key_F8, Qt.KeyboardModifier.ControlModifier)
    assert window.problems.isVisible()
    for _ in range(4):
        QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert window.problems.words == "No problems."
    assert window.problems.isVisible()
    assert not window.status._problems.isVisible()
    assert box.hasFocus()


def test_f8_goes_round(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    seen = []
    for key in ("next-problem", "next-problem", "next-problem", "previous-problem", "previous-problem"):
        assert window.commands.run(key)
        seen.append(window.selection.current)
    assert seen == [2, 5, 2, 5, 2]
    QTest.keyClick(window.table, Qt.Key.Key_F8)
    assert window.selection.current == 5
    QTest.keyClick(window.table, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert window.selection.current == 2


def test_without_problems_the_key_says_so(open_window: Open) -> None:
    window = open_window(desk())
    QTest.keyClick(window.table, Qt.Key.Key_F8)
    assert window.report.message == "No cue has a problem."


def test_a_click_and_the_arrow_keys_choose_the_cue(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    rows = window.problems._list
    QTest.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.model().index(1, 0)).center()
    )
    assert window.selection.current == 5
    QTest.keyClick(rows, Qt.Key.Key_Up)
    assert window.selection.current == 2
    assert rows.hasFocus()
    QTest.keyClick(rows, Qt.Key.Key_Return)
    assert window.editor.text_box.hasFocus()


def test_what_a_colleague_does_chooses_nothing(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    session = window._session
    assert isinstance(session, DeskSession)
    window.commands.run("next-problem")
    cue = session.document.snapshot.cues.get(2)
    assert cue is not None
    from_them = cue.with_(text="Tom &amp; Jerry")
    session.share()
    session.their(from_them)
    assert window.selection.current == 2
    assert window.problems.count == 1


def test_hidden_stays_hidden(open_window: Open) -> None:
    window = open_window(desk(2))
    window.problems._close.click()
    assert not window.problems.isVisible()
    window._workspace.bring(desk(1, 2, 3))  # type: ignore[attr-defined]
    assert not window.problems.isVisible()
    assert window.status._problems.isVisible()
    window.status._problems.click()
    assert window.problems.isVisible()


def test_a_quality_profile_is_chosen_in_the_menu_and_kept(open_window: Open) -> None:
    window = open_window(desk())
    window._session.submit(set_times(window._session.document.snapshot, 1, 0, 2990))
    assert window.commands.run("profile-netflix-en")
    assert window.problems.isVisible()
    assert {problem.rule for problem in window._authoring.problems.rows} == {"gap"}
    assert window.commands["profile-netflix-en"].checked is not None
    assert window.commands["profile-netflix-en"].checked()
    again = open_window(desk())
    assert again._authoring.problems.profile == "netflix-en"
    assert again.commands.run("profile-none")
    assert not again._authoring.problems.rows
