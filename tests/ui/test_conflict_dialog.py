"""Deciding conflicts in the dialog, over the real segment machine: by key and button, as the remote moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from tests.ui.desk_session import DeskSession, make_body
from tests.ui.desk_workspace import run_now
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.segment import Phase, Segment, Version
from vtt_desktop.ui.actions.view import help_commands
from vtt_desktop.ui.commands import Commands
from vtt_desktop.ui.dialogs.conflict import MOVED, ConflictDialog
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns
from vtt_desktop.ui.dialogs.conflict_keys import CONFLICT_KEYS
from vtt_desktop.ui.report import Report
from vtt_desktop.ui.shortcuts import ShortcutsDialog
from vtt_desktop.ui.theme import theme

BASE = "The ferry leaves at noon."
MINE = "The ferry sails at noon."
THEIRS = "The ferry leaves at one."
BOTH = "The ferry sails at one."


class Desk:
    def __init__(self) -> None:
        self.cues = [Cue(i, i * 3000, i * 3000 + 2000, BASE) for i in range(1, 7)]
        self.session = DeskSession(self.cues).share()
        self.played: list[tuple[int, int]] = []
        self.dialog = ConflictDialog(
            self.session, theme(True), None, lambda start, end: self.played.append((start, end))
        )
        self.compose = self.dialog.findChild(QPlainTextEdit)

    def open(self, cue_id: int) -> None:
        self.dialog.open_on(cue_id)
        QApplication.processEvents()  # shortcuts are for the active window, which it is a moment later

    def clash(self, cue_id: int, mine: str = MINE, theirs: str = THEIRS) -> None:
        self.session.submit(set_text(self.session.document.snapshot, cue_id, mine))
        self.their(cue_id, text=theirs)

    def their(self, cue_id: int, **changes: object) -> None:
        self.session.their(self.cues[cue_id - 1].with_(**changes))

    def cue(self, cue_id: int) -> Cue | None:
        return self.session.document.snapshot.cues.get(cue_id)

    def text(self, cue_id: int) -> str | None:
        cue = self.cue(cue_id)
        return cue.text if cue is not None else None

    def says(self, part: str) -> bool:
        return any(part in label.text() for label in self.dialog.findChildren(QLabel) if label.isVisible())

    def cell(self, name: str) -> QLabel:
        found = [c for c in self.dialog.findChildren(QLabel) if c.accessibleName().startswith(name)]
        assert found, f"no cell {name}"
        return found[-1]

    def button(self, words: str) -> QPushButton:
        return next(b for b in self.dialog.findChildren(QPushButton) if b.text() == words)

    def field(self, name: str) -> QComboBox:
        return [b for b in self.dialog.findChildren(QComboBox) if b.accessibleName() == f"Composed {name}"][
            -1
        ]

    @property
    def shown(self) -> int | None:
        return self.dialog.conflict.id if self.dialog.conflict is not None else None


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.dialog.close()
    made.dialog.deleteLater()


def test_all_three_versions_are_there_with_the_differences_told(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    assert desk.says("Both sides changed cue 2")
    assert desk.cell("Before, Text").accessibleName() == f"Before, Text: {BASE}"
    assert desk.cell("Mine, Text").accessibleDescription() == "removed “leaves”, added “sails”"
    assert "underline" in desk.cell("Theirs, Text").text()
    assert "line-through" in desk.cell("Theirs, Text").text()


def test_keep_mine_and_the_rest_of_theirs_is_taken(desk: Desk) -> None:
    desk.session.submit(set_text(desk.session.document.snapshot, 2, MINE))
    desk.their(2, text=THEIRS, end=8500)
    desk.open(2)
    QTest.keyClick(desk.dialog, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    cue = desk.cue(2)
    assert cue is not None and (cue.text, cue.end) == (MINE, 8500), "the end, which only they changed"
    assert not desk.dialog.isVisible(), "it was the last one"
    assert desk.session.sync.phase(2) is Phase.DIRTY, "mine is to be sent under the fresh tag"


def test_take_theirs(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    QTest.keyClick(desk.dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert desk.text(2) == THEIRS
    assert desk.session.sync.phase(2) is Phase.SYNCED


def test_the_proposal_of_both_is_there_and_used_only_when_asked(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    assert desk.compose.toPlainText() == BOTH
    assert desk.text(2) == MINE
    QTest.keyClick(desk.compose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.text(2) == BOTH


def test_times_can_be_picked_and_typed_and_only_times_are_taken(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200)
    desk.open(2)
    end = desk.field("end")
    assert [end.itemText(i) for i in range(end.count())] == ["00:00:08.100", "00:00:08.200", "00:00:08.000"]
    use = desk.button("Use composed")
    end.setEditText("later")
    assert not use.isEnabled() and desk.says("End is no time")
    end.setEditText("0:05")
    assert not use.isEnabled() and desk.says("must end after it starts")
    end.setEditText("8.15")
    assert use.isEnabled()
    use.click()
    cue = desk.cue(2)
    assert cue is not None and cue.end == 8150


def test_times_are_seen_and_typed_as_everywhere_else_in_the_window(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200)
    desk.dialog.time_offset = 10_000
    desk.open(2)
    assert desk.says("00:16.000, 2.100 s")
    end = desk.field("end")
    assert end.currentText() == "00:00:18.100" and desk.cell("Theirs, End: 00:00:18.200").isVisible()
    desk.button("Use composed").click()
    cue = desk.cue(2)
    assert cue is not None and cue.end == 8100


def test_each_version_can_be_played_at_its_own_time(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200)
    desk.open(2)
    for button in desk.dialog.findChildren(QToolButton):
        if button.accessibleName().startswith("Play"):
            button.click()
    assert desk.played == [(6000, 8000), (6000, 8100), (6000, 8200)]
    desk.played.clear()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        QTest.keyClick(desk.dialog, key, Qt.KeyboardModifier.AltModifier)
    assert desk.played == [(6000, 8000), (6000, 8100), (6000, 8200)]


def test_without_media_there_is_nothing_to_play(qapp: QApplication, desk: Desk) -> None:
    desk.clash(2)
    dialog = ConflictDialog(desk.session, theme(True))
    dialog.open_on(2)
    assert not [b for b in dialog.findChildren(QToolButton) if b.accessibleName().startswith("Play")]
    dialog.close()


@pytest.mark.parametrize(("side", "left"), [("Keep my cue", MINE), ("Remove it", None)])
def test_removed_there_against_changed_here(desk: Desk, side: str, left: str | None) -> None:
    desk.session.submit(set_text(desk.session.document.snapshot, 2, MINE))
    desk.session.their_removal(2)
    desk.open(2)
    assert desk.says("The other side removed cue 2")
    assert desk.cell("Theirs, Text").text().count("no such cue") == 1
    desk.button(side).click()
    assert desk.text(2) == left


@pytest.mark.parametrize(("side", "left"), [("Keep it removed", None), ("Bring theirs back", THEIRS)])
def test_removed_here_against_changed_there(desk: Desk, side: str, left: str | None) -> None:
    desk.session.submit(remove_cues(desk.session.document.snapshot, [2]))
    desk.their(2, text=THEIRS)
    desk.open(2)
    assert desk.says("You removed the cue")
    desk.button(side).click()
    assert desk.text(2) == left


def test_next_and_previous_go_round_and_the_count_tells_what_is_left(desk: Desk) -> None:
    for cue_id in (1, 3, 5):
        desk.clash(cue_id)
    desk.open(3)
    assert desk.shown == 3 and desk.says("2 of 3")
    QTest.keyClick(desk.dialog, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(desk.dialog, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert desk.shown == 1
    QTest.keyClick(desk.dialog, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert desk.shown == 5
    desk.dialog.go(1)
    desk.dialog.keep_mine()
    assert desk.shown == 3 and desk.says("1 of 2"), "the one behind the one that is done"
    desk.dialog.keep_mine()
    assert desk.says("1 left")


def test_one_choice_for_all_of_a_kind_and_for_no_other(desk: Desk) -> None:
    for cue_id in (1, 3):
        desk.clash(cue_id)
    desk.session.submit(set_text(desk.session.document.snapshot, 5, MINE))
    desk.session.their_removal(5)
    desk.open(1)
    tick = desk.dialog.findChild(QCheckBox)
    assert tick.text() == "The same for all 2 like this"
    tick.setChecked(True)
    assert not desk.button("Use composed").isEnabled()
    desk.dialog.take_theirs()
    assert (desk.text(1), desk.text(3), desk.text(5)) == (THEIRS, THEIRS, MINE)
    assert desk.shown == 5 and not tick.isVisible()
    desk.session.undo()  # one decision for all is one step
    assert (desk.text(1), desk.text(3)) == (MINE, MINE)


def test_the_remote_moves_again_and_what_was_composed_stays(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("My own words.")
    desk.their(2, text="The ferry leaves at two.")
    assert desk.dialog.notice == MOVED
    assert desk.cell("Theirs, Text").accessibleName().endswith("at two.")
    assert desk.compose.toPlainText() == "My own words."
    desk.dialog.use_composed()
    assert desk.text(2) == "My own words."


def test_the_remote_moves_again_and_an_untouched_proposal_is_made_anew(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.their(2, text="The ferry leaves at two.")
    assert desk.compose.toPlainText() == "The ferry sails at two."
    desk.dialog.take_theirs()
    assert desk.text(2) == "The ferry leaves at two."


def test_a_conflict_that_settles_itself_is_told(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.their(2, text=MINE)
    assert desk.dialog.notice == "Cue 2 was settled: both sides say the same now."
    assert desk.says("Cue 2 was settled") and not desk.says("Both sides changed")
    assert desk.dialog.conflict is None and desk.cell("Theirs, Text").accessibleName().endswith(MINE)
    assert desk.dialog.isVisible() and not desk.button("Keep mine").isVisible()
    assert not desk.button("Next conflict").isVisible(), "there is none"
    desk.button("Close").click()
    assert not desk.dialog.isVisible()


def test_what_is_typed_never_goes_to_another_conflict_that_the_network_brings(desk: Desk) -> None:
    desk.clash(2)
    desk.clash(4)
    desk.open(2)
    desk.compose.selectAll()
    QTest.keyClicks(desk.compose, "My own words")
    desk.their(2, text=MINE)
    QTest.keyClicks(desk.compose, " and the rest")
    QTest.keyClick(desk.dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(desk.dialog, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    assert desk.dialog.notice.startswith("Cue 2 was settled")
    assert desk.compose.isVisible() and desk.compose.isReadOnly()
    assert desk.compose.toPlainText() == "My own words" and desk.says("you can still copy it")
    assert len(desk.session.sync.conflicts) == 1, "nothing was decided on cue 4"
    desk.button("Next conflict").click()
    assert desk.shown == 4 and desk.compose.toPlainText() == BOTH and not desk.compose.isReadOnly()
    assert desk.dialog.notice == ""


def test_a_settled_conflict_that_comes_back_has_what_was_composed(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("My own words.")
    desk.their(2, text=MINE)
    desk.clash(2, "The boat", "The ship")
    assert desk.shown == 2 and desk.compose.toPlainText() == "My own words."
    desk.dialog.use_composed()
    assert desk.text(2) == "My own words."


def test_one_of_two_cues_in_a_segment_is_settled_by_what_fits(desk: Desk) -> None:
    """The other one waits, and with it the server's copy of both."""
    one, two = desk.cues[1], desk.cues[2]
    mine = make_body((one.with_(text=MINE), two.with_(text=MINE)), None, "", Frame())
    theirs = make_body((one.with_(text=THEIRS), two.with_(text=THEIRS)), None, "", Frame())
    both = tuple(
        Conflict(cue.id, cue, cue.with_(text=MINE), cue.with_(text=THEIRS), ConflictKind.EDIT)
        for cue in (one, two)
    )
    segment = Segment("cue-2", make_body((one, two), None, "", Frame()), '"1"', mine, conflicts=both)
    desk.session.sync.put([replace(segment, theirs=Version(theirs, '"2"'))])
    desk.open(2)
    newer = make_body((one.with_(end=8500), two.with_(text=THEIRS)), None, "", Frame())
    desk.session.sync.put([replace(segment, theirs=Version(newer, '"3"'), conflicts=both[1:])])
    assert desk.dialog.notice == "Cue 2 was settled: what the other side has now goes together with yours."
    assert "00:00:08.500" in desk.cell("Theirs, End").text()
    assert not desk.compose.isVisible(), "nothing was composed"
    desk.dialog.go(1)
    assert desk.shown == 3


def test_the_title_stays_true_when_cues_move(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.session.remote(insert_cue(Cue(50, 0, 10, "new"), 0))
    assert desk.says("Both sides changed cue 3")


def test_conflicts_are_walked_through_in_the_order_of_the_document(desk: Desk) -> None:
    desk.clash(5)
    desk.session.submit(remove_cues(desk.session.document.snapshot, [3]))
    desk.their(3, text=THEIRS)
    desk.clash(1)
    desk.open(1)
    seen = []
    for _ in range(3):
        seen.append(desk.shown)
        desk.dialog.go(1)
    assert seen == [1, 3, 5]


def test_after_a_choice_no_button_has_the_focus(desk: Desk) -> None:
    for cue_id in (1, 3):
        desk.clash(cue_id)
    desk.session.submit(set_text(desk.session.document.snapshot, 5, MINE))
    desk.session.their_removal(5)
    desk.open(1)
    desk.dialog.findChild(QCheckBox).setFocus()
    QTest.keyClick(desk.dialog, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert desk.dialog.findChild(QCheckBox).isChecked() and not desk.says("untick")
    QTest.keyClick(desk.dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    assert desk.shown == 5
    QTest.keyClick(desk.dialog.focusWidget(), Qt.Key.Key_Space)
    assert desk.shown == 5 and desk.text(5) == MINE and len(desk.session.sync.conflicts) == 1
    assert desk.dialog.focusWidget() is desk.dialog.findChild(VersionColumns)


def test_who_composes_goes_on_composing(desk: Desk) -> None:
    for cue_id in (1, 3):
        desk.clash(cue_id)
    desk.open(1)
    QTest.keyClick(desk.compose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.shown == 3 and desk.dialog.focusWidget() is desk.compose


def test_composing_for_all_is_refused_when_it_is_tried_and_not_before(desk: Desk) -> None:
    for cue_id in (1, 3):
        desk.clash(cue_id)
    desk.open(1)
    desk.dialog.findChild(QCheckBox).setChecked(True)
    assert desk.dialog.notice == "" and not desk.says("untick")
    QTest.keyClick(desk.compose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "untick" in desk.dialog.notice and desk.shown == 1
    desk.dialog.findChild(QCheckBox).setChecked(False)
    assert desk.dialog.notice == "" and desk.button("Use composed").isEnabled()


def test_of_a_removal_all_that_differs_is_seen(desk: Desk) -> None:
    settings = "line:80% position:20% align:start"
    before = Cue(7, 21000, 23000, "<v Odile>Well, the ferry leaves at noon.", settings=settings)
    session = DeskSession([*desk.cues, before]).share()
    window = QWidget()
    window.setGeometry(100, 50, 1000, 600)
    window.show()
    dialog = ConflictDialog(session, theme(True), window, lambda start, end: None)
    session.submit(remove_cues(session.document.snapshot, [7]))
    session.their(before.with_(text="<v Odile>Well, the ferry leaves at one.", end=23500))
    dialog.open_on(7)
    QApplication.processEvents()
    columns = dialog.findChild(VersionColumns)
    assert columns.verticalScrollBar().maximum() == 0 and dialog.height() <= 540
    aside = dialog.frameGeometry().center() - window.frameGeometry().center()
    assert aside.manhattanLength() < 60, "in the middle of the window"
    names = [
        label.text() for label in columns.findChildren(QLabel) if label.text() in ("Text", "End", "Align")
    ]
    assert names == ["Text", "End"]
    titles = [label.text() for label in dialog.findChildren(QLabel) if "You removed" in label.text()]
    assert titles and "<v" not in titles[0]
    dialog.close()


def test_something_elsewhere_changes_only_the_count(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("My own words.")
    desk.clash(4)
    assert desk.shown == 2 and desk.says("1 of 2") and desk.dialog.notice == ""
    assert desk.compose.toPlainText() == "My own words."


def test_deciding_later_keeps_the_conflict_and_what_was_composed(desk: Desk) -> None:
    desk.clash(2)
    desk.clash(4)
    desk.open(2)
    desk.compose.setPlainText("My own words.")
    desk.dialog.go(1)
    assert desk.compose.toPlainText() == BOTH
    desk.dialog.go(1)
    assert desk.compose.toPlainText() == "My own words."
    QTest.keyClick(desk.dialog, Qt.Key.Key_Escape)
    assert not desk.dialog.isVisible() and len(desk.session.sync.conflicts) == 2
    assert desk.text(2) == MINE
    desk.open(2)
    assert desk.compose.toPlainText() == "My own words."


def test_closed_it_hears_nothing(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.dialog.reject()
    before = [label.text() for label in desk.dialog.findChildren(QLabel)]
    desk.clash(4)
    desk.their(2, text="The ferry leaves at two.")
    assert [label.text() for label in desk.dialog.findChildren(QLabel)] == before


def test_enter_in_a_field_decides_nothing(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200)
    desk.open(2)
    end = desk.field("end")
    end.setFocus()
    QTest.keyClick(end.lineEdit(), Qt.Key.Key_Return)
    assert desk.dialog.isVisible() and len(desk.session.sync.conflicts) == 1
    mine = desk.button("Keep mine")
    mine.setFocus()
    QTest.keyClick(mine, Qt.Key.Key_Return)
    assert not desk.session.sync.conflicts


def test_what_cannot_be_resolved_is_said_and_stays(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)

    def refuse(cue_id: int, choice: Cue | None) -> None:
        raise UserError("Another program holds this project.")

    desk.session.resolve = refuse  # type: ignore[method-assign]
    desk.dialog.keep_mine()
    assert desk.dialog.notice == "Another program holds this project." and desk.shown == 2


def head(text: str) -> Body:
    return make_body((), Head(f"WEBVTT\n\nSTYLE\n{text}\n".encode()), "", Frame())


def test_the_header_is_shown_in_three_versions_and_one_is_taken_whole(desk: Desk) -> None:
    both = (Conflict(0, None, None, None, ConflictKind.HEAD),)
    segment = Segment("head", head("white"), '"1"', head("yellow"), conflicts=both)
    desk.session.sync.put([replace(segment, theirs=Version(head("lime"), '"2"'))])
    decided: list[bool] = []
    desk.session.resolve_head = decided.append  # type: ignore[method-assign]
    desk.open(0)
    assert desk.says("Both sides changed the header") and not desk.compose.isVisible()
    assert "lime" in desk.cell("Theirs, Header").text() and "yellow" in desk.cell("Mine, Header").text()
    desk.session.sync.put([replace(segment, theirs=Version(head("blue"), '"3"'))])
    assert desk.dialog.notice == MOVED and "blue" in desk.cell("Theirs, Header").text()
    desk.dialog.take_theirs()
    assert decided == [False]


def test_everything_that_can_be_pressed_has_a_name(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    for button in desk.dialog.findChildren(QToolButton):
        assert button.accessibleName() and button.toolTip()
    for pressed in desk.dialog.findChildren(QPushButton):
        assert pressed.text() and pressed.toolTip()


def test_one_field_is_shown_without_an_empty_middle_and_large(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    columns = desk.dialog.findChild(VersionColumns)
    page = columns.widget()
    assert desk.dialog.height() < 420
    assert columns.verticalScrollBar().maximum() == 0 and columns.horizontalScrollBar().maximum() == 0
    cell = desk.cell("Mine, Text")
    assert cell.font().pixelSize() >= 16
    assert page.height() - cell.geometry().bottom() < cell.height()
    assert desk.compose.height() >= 3 * desk.compose.fontMetrics().lineSpacing()


def test_a_notice_takes_no_room_from_the_words(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.their(2, text="The ferry leaves\nat one,\nand\nat two.")
    QApplication.processEvents()
    columns = desk.dialog.findChild(VersionColumns)
    assert desk.dialog.notice == MOVED
    assert columns.verticalScrollBar().maximum() == 0
    desk.compose.setPlainText("a --> b")
    QApplication.processEvents()
    assert columns.verticalScrollBar().maximum() == 0


def test_room_that_a_person_gives_goes_to_the_words(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    before = desk.cell("Mine, Text").height(), desk.compose.height()
    desk.dialog.resize(700, 700)
    QApplication.processEvents()
    assert desk.cell("Mine, Text").height() > before[0] + 50 and desk.compose.height() > before[1] + 50


def test_every_key_of_the_dialog_stands_in_the_list_of_keys(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    bound = {shortcut.key().toString() for shortcut in desk.dialog.findChildren(QShortcut)}
    assert bound == {QKeySequence(key).toString() for _, _, key in CONFLICT_KEYS} - {"Esc"}
    window = QWidget()
    commands = {one.id: one for one in help_commands(Commands(run_now, Report(theme(True))), window)}
    commands["shortcuts"].run()
    shown = window.findChild(ShortcutsDialog).shown
    assert ("The same for all like this", "Alt+A") in shown and ("Use composed", "Ctrl+Return") in shown
