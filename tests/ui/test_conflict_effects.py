"""What each choice on a conflict does besides is said before it is made: in which words, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conflict_desk import BASE, MINE, Desk
from tests.ui.desk_session import DeskSession
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.sync_log import Preview, Replaced
from vtt_desktop.ui.conflicts_panel import ConflictsPanel
from vtt_desktop.ui.dialogs.conflict_effects import Naming, effects
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme

CUE = Cue(7, 1000, 2000, "The ferry leaves at noon.")
LAST = Cue(8, 2000, 3000, "It is <i>the last</i> one before the night falls.")
QUOTE = "2 (00:02.000) “It is the last one before the…”"
THERE = Naming(lambda cue_id: {7: 1, 8: 2, 9: 3}.get(cue_id))


def said(*others: Replaced, cue: Cue | None = CUE, naming: Naming = THERE) -> str:
    return effects("Keep mine", CUE, Preview(cue, others), naming)


def test_each_cue_has_its_number_its_time_and_its_first_words() -> None:
    assert said() == ""
    assert said(Replaced(LAST, None)) == (
        "“Keep mine” also removes cue 2 (00:02.000) “It is the last one before the…”."
    )
    assert said(Replaced(LAST, None), naming=replace(THERE, time_offset=3_600_000)) == (
        "“Keep mine” also removes cue 2 (01:00:02.000) “It is the last one before the…”."
    )
    gone = LAST.with_(id=99, text="Over.")
    assert said(Replaced(None, gone)) == "“Keep mine” also brings back the cue (00:02.000) “Over”."
    assert said(Replaced(None, gone.with_(text=""))) == "“Keep mine” also brings back the cue (00:02.000)."


def test_several_are_told_as_several() -> None:
    two = [Replaced(LAST, None), Replaced(LAST.with_(id=9, text="Well?"), None)]
    assert said(*two) == f"“Keep mine” also removes cues {QUOTE} and 3 (00:02.000) “Well”."
    many = [Replaced(None, Cue(i, i, 50, f"cue {i}")) for i in (12, 10, 14, 11, 13)]
    assert said(*many) == (
        "“Keep mine” also brings back 5 cues: (00:00.010) “cue 10”, (00:00.011) “cue 11”, "
        "(00:00.012) “cue 12” and 2 more."
    )
    assert said(two[0], many[0], Replaced(CUE, CUE.with_(text="Ferry."))) == (
        f"“Keep mine” also brings back the cue (00:00.012) “cue 12”, removes cue {QUOTE} "
        "and makes cue 1 (00:01.000) “The ferry leaves at noon” say “Ferry”."
    )


def test_of_a_text_that_only_lost_or_gained_words_these_are_told() -> None:
    joined = LAST.with_(text=f"{LAST.text}\nThen we wait.")
    assert said(Replaced(joined, LAST)) == f"“Keep mine” also takes “Then we wait” out of cue {QUOTE}."
    assert said(Replaced(LAST, joined)) == f"“Keep mine” also adds “Then we wait” to cue {QUOTE}."
    assert said(Replaced(LAST, LAST.with_(text=""))) == f"“Keep mine” also makes cue {QUOTE} say nothing."


def test_lists_in_a_list_can_be_told_apart() -> None:
    two = [Replaced(None, Cue(i, i, 50, f"cue {i}")) for i in (10, 11)]
    assert said(*two, cue=CUE.with_(end=5000)) == (
        "“Keep mine” also brings back 2 cues: (00:00.010) “cue 10” and (00:00.011) “cue 11”, "
        "and ends this cue at 00:05.000."
    )


def test_what_stands_twice_then_is_told() -> None:
    one = effects("Keep mine", CUE, Preview(CUE, (), (LAST,)), THERE)
    assert one == f"“Keep mine” leaves cue {QUOTE} as it is, which says some of the same words."
    two = effects("Keep mine", CUE, Preview(CUE, (Replaced(LAST, None),), (LAST, LAST)), THERE)
    assert two == (
        f"“Keep mine” also removes cue {QUOTE}. "
        f"“Keep mine” leaves cues {QUOTE} and {QUOTE} as they are, which say some of the same words."
    )
    assert Preview(CUE).alone and not Preview(CUE, (), (LAST,)).alone


def test_times_that_become_others_are_told() -> None:
    assert said(Replaced(LAST, LAST.with_(text="Over.", end=2500)), cue=None) == (
        "“Keep mine” also makes cue 2 (00:02.000) “It is the last one before the…” say “Over”."
    )
    assert said(Replaced(LAST, LAST.with_(end=2500))).endswith("the…” last from 00:02.000 to 00:02.500.")
    assert said(cue=CUE.with_(end=5000)) == "“Keep mine” also ends this cue at 00:05.000."
    assert said(cue=CUE.with_(start=0)) == "“Keep mine” also begins this cue at 00:00.000."
    assert (
        said(cue=CUE.with_(start=0, end=5))
        == "“Keep mine” also has this cue last from 00:00.000 to 00:00.005."
    )


# In the dialog ------------------------------------------------------------------------------------


class Foreseeing(DeskSession):
    """Who says “back” brings a cue back for the first, who says “twice” leaves the last as it is; else all is
    as it is. Counts how often it is asked."""

    asked = 0

    def preview(self, conflict: Conflict, choice: Cue | None) -> Preview:
        self.asked += 1
        if choice is not None and "twice" in choice.text:
            return Preview(choice, (), self.document.snapshot.cues[-1:])
        if choice is None or "back" not in choice.text:
            return Preview(choice)
        cue = self.document.snapshot.cues.get(1)
        gone = Cue(99, 9000, 9500, "It was gone.")
        return Preview(choice.with_(end=9500), (Replaced(None, gone), Replaced(cue, None)))


BACK = "“{}” also brings back the cue (00:09.000) “It was gone”, removes cue 1 (00:03.000) “{}” {}"


@pytest.fixture
def desk(qapp: object) -> Iterator[Desk]:
    cues = [Cue(i, i * 3000, i * 3000 + 2000, BASE) for i in range(1, 7)]
    made = Desk(Foreseeing(cues).share())
    yield made
    made.dialog.close()
    made.dialog.deleteLater()


def told(desk: Desk) -> str:
    name = "What using the composed cue also does"
    (label,) = (one for one in desk.dialog.findChildren(QLabel) if one.accessibleName() == name)
    return label.text() if label.isVisible() else ""


def asked(desk: Desk) -> int:
    assert isinstance(desk.session, Foreseeing)
    return desk.session.asked


def test_what_is_composed_tells_what_it_does_as_one_types(desk: Desk, qtbot: QtBot) -> None:
    desk.clash(2)
    desk.open(2)
    assert told(desk) == ""
    desk.compose.setPlainText("brings it back.")
    before = asked(desk)
    qtbot.waitUntil(lambda: told(desk) != "")
    assert asked(desk) == before + 1, "the other two choices are what they were"
    words = BACK.format("Use composed", BASE.rstrip("."), "and ends this cue at 00:09.500.")
    assert told(desk) == words
    desk.compose.setPlainText("does not")
    qtbot.waitUntil(lambda: told(desk) == "")


def test_what_stands_there_when_it_opens_is_told_at_once(desk: Desk) -> None:
    desk.clash(2, mine="back or not", theirs="theirs")
    desk.open(2)
    assert desk.says("“Keep mine” also brings back the cue") and not desk.says("“Take theirs” also")
    assert told(desk).startswith("“Use composed” also brings back")
    assert desk.says("00:06.000, 2.000 s → 3.500 s"), "mine as it is, and as it will be"


def test_a_press_before_it_was_told_tells_it_and_the_next_one_does_it(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("brings it back.")
    for text in (MINE, "brings it back."):
        QTest.keyClick(desk.compose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert desk.text(2) == text and bool(told(desk)) == (text == MINE)


def test_words_that_would_stand_twice_are_told_of_each_choice(desk: Desk, qtbot: QtBot) -> None:
    cue = f"cue 6 (00:18.000) “{BASE.rstrip('.')}” as it is, which says some of the same words."
    desk.clash(2, mine="mine twice", theirs="theirs twice")
    desk.open(2)
    assert desk.says(f"“Keep mine” leaves {cue} “Take theirs” leaves {cue}")
    assert told(desk) == f"“Use composed” leaves {cue}"


def test_what_concerns_this_cue_alone_is_used_at_the_first_press(desk: Desk) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("plain")
    QTest.keyClick(desk.compose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.text(2) == "plain"


def test_what_is_no_cue_does_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 6000, 8100))
    desk.their(2, end=8200, text="back")
    desk.open(2)
    assert told(desk)
    desk.field("end").setEditText("later")
    qtbot.waitUntil(lambda: told(desk) == "")
    assert desk.says("End is no time")


def test_others_that_change_meanwhile_are_told_as_they_are(desk: Desk, qtbot: QtBot) -> None:
    desk.clash(2)
    desk.open(2)
    desk.compose.setPlainText("back")
    qtbot.waitUntil(lambda: told(desk) != "")
    desk.session.remote(set_text(desk.session.document.snapshot, 1, "Another"))
    qtbot.waitUntil(lambda: "cue 1 (00:03.000) “Another”" in told(desk))


def test_one_that_is_settled_or_closed_tells_nothing(desk: Desk) -> None:
    desk.clash(2, mine="back", theirs="theirs")
    desk.open(2)
    assert told(desk)
    desk.their(2, text="back")
    assert told(desk) == "" and not desk.says("also brings back")
    before = asked(desk)
    desk.session.remote(set_text(desk.session.document.snapshot, 1, "Another"))
    desk.dialog.reject()
    assert asked(desk) == before


def test_what_changes_others_is_not_decided_with_all_that_are_like_another(desk: Desk, qtbot: QtBot) -> None:
    for cue_id, mine in ((2, "mine"), (3, "mine"), (4, "back"), (5, "mine"), (6, "twice")):
        desk.clash(cue_id, mine=mine, theirs="theirs")
    desk.open(2)
    QTest.keyClick(desk.dialog, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(desk.dialog, Qt.Key.Key_M, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: desk.shown is not None)
    assert [one.id for one in desk.session.sync.conflicts] == [4, 6] and desk.shown == 4
    assert desk.dialog.notice == "2 are left: they concern other cues, too."
    assert desk.says("“Keep mine” also brings back")


def test_a_choice_in_the_list_that_changes_others_opens_the_dialog(desk: Desk) -> None:
    panel = ConflictsPanel(desk.session, Selection(), theme(True))
    opened: list[int] = []
    panel.open_requested.connect(opened.append)
    for cue_id, mine in ((2, "back"), (2, "twice"), (3, "mine")):
        desk.clash(cue_id, mine=mine, theirs="theirs")
        selected = panel.findChild(QListView)
        selected.setCurrentIndex(selected.model().index(cue_id - 2, 0))
        (button,) = (b for b in panel.findChildren(QPushButton) if b.accessibleName() == "Mine")
        button.click()
    assert opened == [2, 2] and [one.id for one in desk.session.sync.conflicts] == [2]
