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
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Edit, Head
from vtt_desktop.domain.edits_text import set_settings, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.sync.segment import Phase
from vtt_desktop.ui.main_window import MainWindow
from vtt_desktop.ui.ports import Session

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
    assert window.problems.count == 1
    assert window.status._problems.text().strip() == "1 problem"
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


def test_f8_goes_to_each_problem_of_a_cue_and_then_to_the_next_cue(open_window: Open) -> None:
    window = open_window(desk(5))
    session = window._session
    session.submit(set_text(session.document.snapshot, 1, "Tom & Jerry </b>"))
    session.submit(set_settings(session.document.snapshot, 1, "line:x"))
    window.commands.run("problems")
    assert window.selection.current == 1 and window.problems.count >= 4
    several = window.problems.count - 1
    seen = []
    for _ in range(several + 2):
        QTest.keyClick(window.table, Qt.Key.Key_F8)
        assert window.problems.chosen is not None
        seen.append((window.selection.current, window.problems.chosen.rule))
        assert (
            window.problems.chosen
            == window._authoring.problems.rows[window.problems._list.currentIndex().row()]
        )
    assert [cue for cue, _rule in seen] == [1] * several + [5, 1]
    assert len(set(seen[:several])) == several, "each of them, so that each can be mended"
    assert seen[-1] == seen[0]
    for _ in range(2):
        QTest.keyClick(window.table, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert window.selection.current == 1 and window.problems._list.currentIndex().row() == several - 1


def test_where_the_list_is_hidden_f8_says_what_is_wrong(open_window: Open) -> None:
    window = open_window(desk(2))
    window.commands.run("problems")
    QTest.keyClick(window.table, Qt.Key.Key_F8)
    assert window.report.message == "Cue 2: An & that begins no reference must be written &amp;."


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


def test_one_key_mends_a_problem_and_says_before_what_it_changes(open_window: Open) -> None:
    window = open_window(desk(2, 5))
    session = window._session
    window.commands.run("next-problem")
    assert window.problems.preview == "Fix: “Tom & Jerry” → “Tom &amp; Jerry”"
    QTest.keyClick(window.table, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert text(session, 2) == "Tom &amp; Jerry" and text(session, 5) == "Tom & Jerry"
    assert window.problems.count == 1
    QTest.keyClick(window.table, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    assert window.report.message == "This cue has no problem. F8 goes to the next one that has."
    session.undo()
    assert text(session, 2) == "Tom & Jerry"


def test_all_of_a_kind_are_mended_in_one_step(open_window: Open) -> None:
    window = open_window(desk(1, 2, 4, 6))
    session = window._session
    session.submit(set_text(session.document.snapshot, 3, "a </b>"))
    window.selection.select_one(4)
    assert window.commands.run("fix-problems-like")
    assert [text(session, i) for i in (1, 2, 4, 6)] == ["Tom &amp; Jerry"] * 4
    assert text(session, 3) == "a </b>", "that is another kind"
    assert session.history.undo_label == "Fix 4 problems"
    session.undo()
    assert [text(session, i) for i in (1, 2, 4, 6)] == ["Tom & Jerry"] * 4


def test_what_only_a_person_can_mend_says_so(open_window: Open) -> None:
    window = open_window(desk())
    session = window._session
    session.submit(set_settings(session.document.snapshot, 3, "region:nowhere"))
    window.commands.run("problems")
    window.commands.run("next-problem")
    assert window.problems.preview == "Only you can mend this one."
    assert not window.problems._fix.isEnabled()
    window.commands.run("fix-problem")
    assert "only you know what is meant" in window.report.message


def test_a_problem_is_mended_while_the_document_is_shared(open_window: Open) -> None:
    window = open_window(desk(2))
    session = window._session
    assert isinstance(session, DeskSession)
    session.share()
    window.commands.run("next-problem")
    window.problems._fix.click()
    assert text(session, 2) == "Tom &amp; Jerry"
    assert session.sync.phase(2) is Phase.DIRTY


@pytest.mark.parametrize(
    ("spoil", "mended"),
    [
        (lambda s: set_settings(s, 3, "line:x size:50%"), "Fix: “line:x size:50%” → “size:50%”"),
        (lambda s: set_settings(s, 3, "line:x"), "Fix: without “line:x”"),
        (lambda s: set_text(s, 3, "<i>open"), "Fix: “<i>open” → “<i>open</i>”"),
        (lambda s: set_times(s, 3, 1000, 5000), "Fix: 1 cue moves to where the in-times say"),
    ],
)
def test_problems_of_the_specification_are_mended_and_come_back(
    open_window: Open, spoil: Callable[[Snapshot], Edit], mended: str
) -> None:
    window = open_window(desk())
    session = window._session
    session.submit(spoil(session.document.snapshot))
    before = session.document.snapshot
    window.commands.run("problems")
    window.commands.run("next-problem")
    assert window.problems.preview == mended
    assert window.commands.run("fix-problem")
    assert not window._authoring.problems.rows
    session.undo()
    assert list(session.document.snapshot.cues) == list(before.cues)


def test_rules_of_a_profile_are_mended_where_that_makes_no_other_problem(open_window: Open) -> None:
    window = open_window(desk())
    session = window._session
    window.commands.run("profile-netflix-en")
    session.submit(set_times(session.document.snapshot, 1, 0, 2990))
    window.commands.run("problems")
    window.commands.run("next-problem")
    assert window.selection.current == 2, "the gap before it is too short"
    assert window.problems.preview == "Fix: cue 1: ends 0.073 s earlier"
    window.commands.run("fix-problem")
    assert not window._authoring.problems.rows
    session.submit(set_times(session.document.snapshot, 4, 9000, 9100))
    window.selection.select_one(4)
    window.commands.run("fix-problems-like")
    assert not window._authoring.problems.rows


def text(session: Session, cue_id: int) -> str:
    cue = session.document.snapshot.cues.get(cue_id)
    assert cue is not None
    return cue.text
