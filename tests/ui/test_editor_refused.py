"""What no cue can have: it is refused calmly, stays to be mended, and is never lost without a word."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk_editor import EditorDesk as Desk
from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.edits_text import set_identifier
from vtt_desktop.domain.edits_timing import set_times


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, DeskSession(some_cues(5)))


def test_an_arrow_is_refused_calmly_and_what_was_typed_stays(desk: Desk) -> None:
    desk.type(" --> x")
    assert desk.box.toPlainText() == "Line of cue 2 --> x"
    assert desk.text() == "Line of cue 2 --"
    assert "-->" in desk.editor.message.text()
    for _ in range(3):
        QTest.keyClick(desk.box, Qt.Key.Key_Backspace)
    assert desk.text() == desk.box.toPlainText() == "Line of cue 2 --"
    assert not desk.editor.message.text()


def test_a_refused_text_is_kept_as_a_player_shows_it_when_the_cue_is_left(desk: Desk) -> None:
    desk.type(" --> x")
    desk.selection.select_one(3)
    assert desk.text(2) == "Line of cue 2 --&gt; x"
    assert desk.box.toPlainText() == desk.text(3)


def test_a_remote_change_joins_a_text_that_is_refused_at_the_moment(desk: Desk) -> None:
    desk.type(" -->")
    desk.theirs("The line of cue 2 --")
    assert desk.box.toPlainText() == "The line of cue 2 -->"
    QTest.keyClick(desk.box, Qt.Key.Key_Backspace)
    assert desk.text() == "The line of cue 2 --"


def type_a_refused_identifier(desk: Desk) -> None:
    desk.editor.identifier.setFocus()
    desk.type("a-->b")
    assert desk.cue().identifier == "a--"
    assert desk.editor.identifier.property("invalid") is True


def test_a_refused_identifier_stays_to_be_mended_when_something_else_changes(desk: Desk) -> None:
    type_a_refused_identifier(desk)
    desk.session.remote(set_times(desk.session.document.snapshot, 2, 3100, 5000))
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 3200, 5000))
    assert desk.editor.identifier.text() == "a-->b" and desk.editor.identifier.property("invalid") is True
    for _ in range(2):
        QTest.keyClick(desk.editor.identifier, Qt.Key.Key_Backspace)
    assert desk.cue().identifier == "a--" and not desk.editor.identifier.property("invalid")


def test_of_a_refused_identifier_that_must_go_it_is_said_what_it_was(desk: Desk) -> None:
    type_a_refused_identifier(desk)
    desk.session.remote(set_identifier(desk.session.document.snapshot, 2, "theirs"))
    assert desk.editor.identifier.text() == "theirs"
    assert desk.editor.message.text().endswith("what you had typed was not kept: a-->b")


def test_a_refused_identifier_does_not_go_along_to_another_cue(desk: Desk) -> None:
    type_a_refused_identifier(desk)
    desk.selection.select_one(3)
    assert desk.editor.identifier.text() == "" and not desk.editor.identifier.property("invalid")
    assert desk.editor.message.text().startswith("“a-->b”")
    desk.selection.select_one(2)
    assert desk.editor.identifier.text() == "a--"


def test_what_can_be_taken_after_all_is_not_called_lost(desk: Desk) -> None:
    type_a_refused_identifier(desk)
    desk.editor.identifier.selectAll()
    desk.type("intro")
    assert desk.cue().identifier == "intro" and not desk.editor.message.text()
