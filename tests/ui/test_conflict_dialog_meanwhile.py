"""The dialog on a conflict while others write, and from one to the next: nothing typed goes astray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
)
from pytestqt.qtbot import QtBot

from tests.ui.conflict_desk import BASE, BOTH, MINE, THEIRS, Desk
from tests.ui.desk_session import make_body
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.segment import Segment, Version
from vtt_desktop.ui.dialogs import conflict, conflict_order
from vtt_desktop.ui.dialogs.conflict import MOVED
from vtt_desktop.ui.dialogs.conflict_columns import VersionColumns


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.dialog.close()
    made.dialog.deleteLater()


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


def test_after_a_choice_no_button_has_the_focus(desk: Desk, qtbot: QtBot) -> None:
    for cue_id in (1, 3):
        desk.clash(cue_id)
    desk.session.submit(set_text(desk.session.document.snapshot, 5, MINE))
    desk.session.their_removal(5)
    desk.open(1)
    desk.dialog.findChild(QCheckBox).setFocus()
    QTest.keyClick(desk.dialog, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert desk.dialog.findChild(QCheckBox).isChecked() and not desk.says("untick")
    QTest.keyClick(desk.dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: desk.shown == 5)
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


def test_what_was_composed_and_not_used_outlives_the_program(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200)
    desk.clash(4)
    desk.open(2)
    QTest.keyClicks(desk.compose, " And more")
    desk.field("end").setEditText("8.15")
    later = Desk(desk.session)
    later.open(2)
    assert later.compose.toPlainText() == f"{BASE} And more" and later.field("end").currentText() == "8.15"
    assert later.says("as you left it")
    later.dialog.go(1)
    assert later.compose.toPlainText() == BOTH, "no draft, a proposal"
    later.dialog.go(1)
    later.dialog.use_composed()
    assert later.session.composed == ""
    later.dialog.close()


def test_what_was_composed_is_not_for_another_conflict(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    QTest.keyClicks(desk.compose, " And more")
    kept = desk.session.composed
    other = Desk()
    other.session.composed = kept
    other.clash(2, "Something else of mine")
    other = Desk(other.session)
    other.open(2)
    assert "And more" not in other.compose.toPlainText()
    other.session.composed = "{damaged"
    Desk(other.session).open(2)


def test_closed_it_hears_nothing(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.dialog.reject()
    before = [label.text() for label in desk.dialog.findChildren(QLabel)]
    desk.clash(4)
    desk.their(2, text="The ferry leaves at two.")
    assert [label.text() for label in desk.dialog.findChildren(QLabel)] == before


def test_of_many_the_count_follows_in_a_moment(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered, in_order = list[int](), conflict_order.in_document_order

    def counted(found: Iterable[Conflict], snapshot: Snapshot) -> list[Conflict]:
        ordered.append(1)
        return in_order(found, snapshot)

    monkeypatch.setattr(conflict_order, "in_document_order", counted)
    monkeypatch.setattr(conflict, "MANY", 0)
    desk.clash(2)
    desk.open(2)
    assert len(ordered) == 1, "all that asks for what waits asks for the same"
    for cue_id in (1, 3, 4, 5, 6):
        desk.clash(cue_id)
    assert len(ordered) == 2 and not desk.says("2 of 6")
    qtbot.waitUntil(lambda: desk.says("2 of 6"))
    assert len(ordered) == 3
