"""Deciding conflicts in the dialog, over the real segment machine: by key and button, as the remote moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from tests.ui.conflict_desk import BASE, BOTH, MINE, THEIRS, Desk
from tests.ui.desk_session import make_body
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.segment import Phase, Segment, Version
from vtt_desktop.ui.dialogs.conflict import MOVED, ConflictDialog
from vtt_desktop.ui.theme import theme


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


def test_one_choice_for_all_of_a_kind_and_for_no_other(desk: Desk, qtbot: QtBot) -> None:
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
    qtbot.waitUntil(lambda: desk.shown is not None)  # at once, where the machine has nothing else to do
    assert (desk.text(1), desk.text(3), desk.text(5)) == (THEIRS, THEIRS, MINE)
    assert desk.shown == 5 and not tick.isVisible()
    desk.session.undo()  # one decision for all is one step
    assert (desk.text(1), desk.text(3)) == (MINE, MINE)


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
