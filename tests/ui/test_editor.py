"""Stories of typing: what is typed is kept, what others type comes in, the caret stays with its words."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.desk_editor import EditorDesk as Desk
from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_identifier, set_text
from vtt_desktop.sync.segment import Phase


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot, DeskSession(some_cues(5)))


# Typing and undo


def test_each_key_is_in_the_model_at_once_and_a_burst_is_one_step(desk: Desk) -> None:
    for i, character in enumerate(" naïve 字"):
        desk.type(character)
        assert desk.text() == "Line of cue 2" + " naïve 字"[: i + 1]
    assert desk.session.history.labels == ("Edit text",)
    desk.session.undo()
    assert desk.text() == desk.box.toPlainText() == "Line of cue 2"
    desk.session.redo()
    assert desk.box.toPlainText() == "Line of cue 2 naïve 字"


def test_a_pause_begins_another_step(desk: Desk) -> None:
    desk.type(" one")
    desk.session.now += 5
    desk.type(" two")
    assert len(desk.session.history.labels) == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Return])
def test_a_moved_caret_or_a_new_line_begins_another_step(desk: Desk, key: Qt.Key) -> None:
    desk.type("a")
    QTest.keyClick(desk.box, key)
    desk.type("b")
    assert len(desk.session.history.labels) == 2


def test_a_paste_is_a_step_of_its_own(desk: Desk) -> None:
    desk.type("a")
    pasted = QMimeData()
    pasted.setText(" pasted ")
    desk.box.insertFromMimeData(pasted)
    desk.type("b")
    assert desk.text() == "Line of cue 2a pasted b"
    assert len(desk.session.history.labels) == 3


def test_another_cue_and_a_lost_focus_begin_another_step(desk: Desk) -> None:
    desk.type("a")
    desk.box.clearFocus()
    desk.editor.focus_text()
    desk.type("b")
    desk.selection.select_one(3)
    desk.selection.select_one(2)
    desk.type("c")
    assert len(desk.session.history.labels) == 3


def test_a_new_line_at_the_end_is_not_eaten(desk: Desk) -> None:
    desk.type("\n")
    assert desk.box.toPlainText() == "Line of cue 2\n"
    assert desk.text() == "Line of cue 2"
    desk.type("x")
    assert desk.text() == "Line of cue 2\nx"


def test_undo_keys_go_past_the_boxes_to_the_window(desk: Desk) -> None:
    told: list[str] = []
    shortcut = QShortcut(QKeySequence.StandardKey.Undo, desk.editor)
    shortcut.activated.connect(lambda: told.append("undo"))
    for widget in (desk.box, desk.editor.start, desk.editor.identifier):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told == ["undo"] * 3


def test_the_box_has_no_undo_of_its_own(desk: Desk) -> None:
    desk.type("a")
    desk.box.undo()
    assert desk.text() == desk.box.toPlainText() == "Line of cue 2a"


# Others


def test_a_remote_edit_of_another_cue_leaves_caret_and_selection(desk: Desk) -> None:
    desk.put_caret(7, anchor=4)
    desk.theirs("other", 4)
    desk.session.remote(insert_cue(Cue(99, 0, 500, "new")))
    desk.session.remote(remove_cues(desk.session.document.snapshot, [1]))
    cursor = desk.box.textCursor()
    assert (cursor.anchor(), cursor.position()) == (4, 7)
    assert desk.box.toPlainText() == "Line of cue 2"
    assert desk.selection.current == 2


def test_a_remote_change_of_this_cue_keeps_the_caret_with_its_word(desk: Desk) -> None:
    desk.put_caret(7)  # Line of| cue 2
    desk.theirs("😀 The line of cue number 2")
    assert desk.box.toPlainText() == "😀 The line of cue number 2"
    before = desk.box.toPlainText().encode("utf-16-le")[: 2 * desk.box.textCursor().position()]
    assert before.decode("utf-16-le") == "😀 The line of"
    desk.type("!")
    assert desk.text() == "😀 The line of! cue number 2"
    desk.theirs("😀😀 The line of! cue 2 or 3")
    assert desk.box.toPlainText() == "😀😀 The line of! cue 2 or 3"
    desk.type("?")
    assert desk.text() == "😀😀 The line of!? cue 2 or 3"


def test_a_remote_change_does_not_eat_the_line_that_was_just_begun(desk: Desk) -> None:
    desk.type("\n")
    desk.theirs("The line of cue 2")
    desk.type("mine")
    assert desk.text() == "The line of cue 2\nmine"


def test_a_remote_change_of_the_head_of_a_cue_does_not_break_a_burst_elsewhere(desk: Desk) -> None:
    desk.type("a")
    desk.theirs("elsewhere", 4)
    desk.type("b")
    assert len(desk.session.history.labels) == 1


def test_undo_takes_back_mine_and_leaves_theirs(desk: Desk) -> None:
    desk.type(" mine")
    desk.session.remote(set_identifier(desk.session.document.snapshot, 2, "theirs"))
    desk.session.undo()
    assert (desk.cue().text, desk.cue().identifier) == ("Line of cue 2", "theirs")
    assert desk.editor.identifier.text() == "theirs"


def test_a_composition_is_not_disturbed_and_nothing_of_either_side_is_lost(desk: Desk) -> None:
    desk.put_caret(13)
    desk.compose("にほ")
    desk.theirs("Their line of cue 2")
    assert desk.box.toPlainText() == "Line of cue 2", "the box waits for the composition"
    desk.compose("", commit="日本")
    assert desk.text() == desk.box.toPlainText() == "Their line of cue 2日本"


def test_a_composition_given_up_shows_what_came_meanwhile(desk: Desk) -> None:
    desk.compose("にほ")
    desk.theirs("first")
    desk.theirs("Line of cue 2")
    desk.theirs("second")
    desk.compose("")
    assert desk.text() == desk.box.toPlainText() == "second"


def test_a_change_taken_back_during_a_composition_leaves_no_trace(desk: Desk) -> None:
    desk.compose("にほ")
    desk.theirs("first")
    desk.theirs("Line of cue 2")
    desk.compose("", commit="日")
    assert desk.text() == "Line of cue 2日"


def test_keys_do_not_land_in_the_neighbour_of_a_cue_that_a_colleague_removed(desk: Desk) -> None:
    desk.session.remote(remove_cues(desk.session.document.snapshot, [2]))
    assert desk.selection.current == 3
    desk.type("lost keys")
    desk.compose("", commit="字")
    assert desk.text(3) == desk.box.toPlainText() == "Line of cue 3\nand its second"
    assert "removed" in desk.editor.message.text()
    desk.type("\n")
    desk.type("!")
    assert desk.text(3) == "Line of cue 3\nand its second!"
    assert not desk.editor.message.text()


def test_a_cue_removed_long_after_it_was_left_holds_nobody(desk: Desk) -> None:
    desk.selection.select_one(4)
    desk.session.remote(remove_cues(desk.session.document.snapshot, [2]))
    desk.type("!")
    assert desk.text(4) == "Line of cue 4!"


def test_removing_a_cue_oneself_leads_to_the_next_and_holds_nothing(desk: Desk) -> None:
    desk.session.submit(remove_cues(desk.session.document.snapshot, [2]))
    desk.type("!")
    assert desk.text(3).endswith("!")


# Times


def type_time(desk: Desk, text: str) -> None:
    desk.editor.start.setFocus()
    desk.editor.start.selectAll()
    desk.type(text)


def test_a_time_may_be_typed_loosely(desk: Desk) -> None:
    type_time(desk, "4,5")
    assert desk.cue().start == 3000, "half a time is not applied"
    QTest.keyClick(desk.editor.start, Qt.Key.Key_Return)
    assert (desk.cue().start, desk.cue().end) == (4500, 5000)
    assert desk.editor.start.text() == "00:00:04.500"
    assert desk.editor.duration.text() == "0.500"


def test_an_in_time_behind_the_out_time_moves_the_cue(desk: Desk) -> None:
    type_time(desk, "1:00")
    desk.editor.focus_text()
    assert (desk.cue().start, desk.cue().end) == (60_000, 62_000)


def test_what_is_no_time_is_marked_and_never_applied(desk: Desk) -> None:
    type_time(desk, "1:2x")
    assert desk.editor.start.property("invalid") is True
    assert desk.editor.message.text()
    QTest.keyClick(desk.editor.start, Qt.Key.Key_Return)
    assert desk.editor.start.text() == "1:2x"
    desk.editor.focus_text()
    assert desk.cue().start == 3000
    assert desk.editor.start.text() == "00:00:03.000"
    assert desk.editor.message.text() == "“1:2x” was not taken: not a time: type 1:02.5 or 62.5."
    assert not desk.session.history.labels


def test_an_impossible_time_is_refused_in_words(desk: Desk) -> None:
    desk.editor.end.setFocus()
    desk.editor.end.selectAll()
    desk.type("1")
    QTest.keyClick(desk.editor.end, Qt.Key.Key_Return)
    assert desk.cue().end == 5000
    assert "end after it starts" in desk.editor.message.text()
    assert desk.editor.end.text() == "1" and desk.editor.end.property("invalid") is True
    QTest.keyClick(desk.editor.end, Qt.Key.Key_Escape)
    assert desk.editor.end.text() == "00:00:05.000" and not desk.editor.message.text()


@pytest.mark.parametrize(("caret", "by"), [(12, 100), (9, 100), (7, 1000), (4, 60_000), (1, 3_600_000)])
def test_up_and_down_step_the_part_at_the_caret(desk: Desk, caret: int, by: int) -> None:
    field = desk.editor.start
    field.setFocus()
    field.setCursorPosition(caret)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert desk.cue().start == 3000 + by
    assert field.cursorPosition() == caret
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert desk.cue().start == 3000


def test_a_typed_time_is_kept_when_another_cue_is_chosen_by_a_key(desk: Desk) -> None:
    type_time(desk, "3.5")
    desk.selection.select_one(4)
    assert desk.cue().start == 3500
    assert desk.editor.start.text() == "00:00:09.000"


def test_a_remote_change_of_times_leaves_what_is_being_typed(desk: Desk) -> None:
    type_time(desk, "3.2")
    cue = desk.cue()
    desk.session.share()
    desk.session.their(cue.with_(end=9000))
    assert desk.editor.start.text() == "3.2"
    assert desk.editor.end.text() == "00:00:09.000"


# The rest


def test_identifier_and_settings_are_edits_too(desk: Desk) -> None:
    desk.editor.identifier.setFocus()
    desk.type("intro ")
    desk.editor.settings.setFocus()
    desk.type("line:0  align:start")
    assert (desk.cue().identifier, desk.cue().settings) == ("intro", "line:0 align:start")
    assert desk.editor.identifier.text() == "intro "
    assert len(desk.session.history.labels) == 2


def test_what_is_too_much_to_read_is_marked(desk: Desk) -> None:
    assert desk.editor.reading.words == "13 chars 6.5 CPS 2.000 s"
    assert not desk.editor.reading.marked
    desk.type("\n<i>" + "x" * 44 + "</i>")
    assert desk.editor.reading.words == "13 + 44 chars 28.5 CPS 2.000 s"
    assert desk.editor.reading.marked == ["44", "28.5"]


def test_the_sync_line_says_where_the_cue_stands(desk: Desk) -> None:
    line = desk.editor.sync_line
    assert not line.words
    desk.session.share()
    assert line.words == "Saved"
    desk.type("!")
    assert line.words == "Waiting to be sent"
    desk.session.set_offline(True)
    assert line.words == "Waiting to be sent — offline"
    desk.session.set_offline(False)
    desk.session.send(2)
    assert line.words == "Sending…"
    desk.session.save_segment("cue-2")
    assert line.words == "Saved"
    desk.type("?")
    desk.session.their(desk.cue().with_(text="theirs"))
    assert line.words == "Conflict — Ctrl+Shift+K"
    assert desk.box.toPlainText() == "Line of cue 2!?", "no one's text is replaced by a conflict"
    desk.session.put(3, mine=None, refused="Too long")
    desk.selection.select_one(3)
    assert line.words == "Refused: Too long"
    assert desk.session.sync.phase(3) is Phase.REFUSED


def test_another_session_leaves_the_old_one_alone(desk: Desk) -> None:
    old = desk.session
    desk.editor.set_session(DeskSession([Cue(2, 0, 1000, "of the new document")]))
    assert desk.box.toPlainText() == "of the new document"
    old.remote(set_text(old.document.snapshot, 2, "of the old one"))
    desk.type("!")
    assert desk.box.toPlainText() == "of the new document!"
    cue = old.document.snapshot.cues.get(2)
    assert cue is not None and cue.text == "of the old one"


def test_without_a_cue_there_is_nothing_to_type_in(desk: Desk) -> None:
    desk.selection.clear()
    assert not desk.box.isEnabled() and not desk.editor.start.isEnabled()
    assert desk.box.toPlainText() == ""
    assert not desk.session.history.labels


@pytest.mark.parametrize(
    ("text", "units", "offset"),
    [("ab\ncd", 3, 3), ("ab\n\ncd", 4, 3), ("😀 x", 2, 1), ("ab\n", 3, 2), ("abc", 0, 0)],
)
def test_the_caret_is_told_as_the_model_counts(desk: Desk, text: str, units: int, offset: int) -> None:
    desk.box.setPlainText(text)
    desk.put_caret(units)
    assert desk.editor.caret_offset == offset


def test_a_click_into_the_box_ends_a_burst(desk: Desk) -> None:
    desk.type("a")
    QTest.mouseClick(desk.box.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    desk.type("b")
    assert len(desk.session.history.labels) == 2


def test_every_control_has_a_name_for_a_screen_reader(desk: Desk) -> None:
    editor = desk.editor
    for widget in (desk.box, editor.start, editor.end, editor.duration, editor.identifier, editor.settings):
        assert widget.accessibleName() and widget.toolTip()
