"""One choice for many conflicts: in portions, with a progress that can be stopped, and as one undo step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conflict_desk import BASE, MINE, THEIRS, Desk
from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.ui.dialogs import conflict_alike
from vtt_desktop.ui.paced import Paced

MANY = 12
EACH_S = 0.002
"""How long one decision takes by the clock of the test: two of them fit into a portion."""


class Slow(DeskSession):
    """Each decision takes its time, and the clock tells; that on the cue `refused` cannot be made."""

    clock, each_s = 0.0, EACH_S
    cpu = 0.0
    """Of the loop's thread, where something else has its turns."""
    refused = 0

    def resolve(self, cue_id: int, choice: Cue | None) -> None:
        self.clock += self.each_s
        if cue_id == self.refused:
            raise UserError("Another program holds this project.")
        super().resolve(cue_id, choice)


@pytest.fixture
def desk(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    session = Slow([cue.with_(text=BASE) for cue in some_cues(MANY + 1)])
    made = Desk(session.share())
    made.cues = list(session.document.snapshot.cues)
    monkeypatch.setattr(conflict_alike, "perf_counter", lambda: session.clock)
    monkeypatch.setattr(conflict_alike, "thread_time", lambda: session.cpu)
    for cue_id in range(1, MANY + 1):
        made.clash(cue_id)
    made.open(1)
    made.dialog.findChild(QCheckBox).setChecked(True)
    yield made
    made.dialog.close()
    made.dialog.deleteLater()


def decided(desk: Desk, text: str = THEIRS) -> int:
    return sum(cue.text == text for cue in desk.session.document.snapshot.cues)


def bar(desk: Desk) -> QProgressBar:
    return desk.dialog.findChild(QProgressBar)


def steps(desk: Desk) -> int:
    return len(desk.session.history.labels)


def test_no_turn_of_the_loop_is_longer_than_a_portion_and_it_is_one_step(desk: Desk, qtbot: QtBot) -> None:
    turns = [0]
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: turns.append(decided(desk)))
    timer.start()
    before = steps(desk)
    desk.dialog.take_theirs()
    turns.append(decided(desk))
    qtbot.waitUntil(lambda: not desk.dialog.isVisible())
    timer.stop()
    assert max(b - a for a, b in zip(turns, turns[1:], strict=False)) == 2 and turns[-1] == MANY
    assert steps(desk) == before + 1 and desk.session.history.undo_label == "Resolve conflicts"
    desk.session.undo()
    assert decided(desk, MINE) == MANY


def test_a_portion_is_shorter_where_the_rest_of_the_turn_takes_long(desk: Desk, qtbot: QtBot) -> None:
    assert isinstance(desk.session, Slow)
    session, turns = desk.session, list[int]()

    def sending() -> None:
        session.cpu += 0.009
        turns.append(decided(desk))

    timer = QTimer(interval=0)
    timer.timeout.connect(sending)
    desk.dialog.take_theirs()
    timer.start()
    qtbot.waitUntil(lambda: not desk.dialog.isVisible())
    assert max(b - a for a, b in zip(turns, turns[1:], strict=False)) == 1 and decided(desk) == MANY


def test_how_far_it_is_is_not_shown_more_often_than_is_seen(desk: Desk, qtbot: QtBot) -> None:
    for timer in desk.dialog.findChildren(Paced):
        timer.setInterval(60_000)
    shown = QSignalSpy(bar(desk).valueChanged)
    desk.dialog.take_theirs()
    qtbot.waitUntil(lambda: not desk.dialog.isVisible())
    assert shown.count() == 1 and decided(desk) == MANY


def test_how_far_it_is_is_seen_and_heard(desk: Desk) -> None:
    desk.dialog.take_theirs()
    assert desk.says(f"2 of {MANY} decided") and (bar(desk).value(), bar(desk).maximum()) == (2, MANY)
    assert bar(desk).accessibleName() == "Conflicts decided" and desk.dialog.focusWidget() is bar(desk)
    assert desk.button("Stop").toolTip() == "What is decided stays decided, the rest waits (Esc)"


def test_a_single_one_is_done_at_once(desk: Desk) -> None:
    desk.dialog.findChild(QCheckBox).setChecked(False)
    assert isinstance(desk.session, Slow)
    desk.session.each_s = 1.0
    desk.dialog.take_theirs()
    assert decided(desk) == 1 and not bar(desk).isVisible() and desk.shown == 2
    assert desk.session.history.undo_label == "Resolve conflict"


@pytest.mark.parametrize("how", ["by key", "by button"])
def test_it_can_be_stopped_and_gone_on_with(desk: Desk, qtbot: QtBot, how: str) -> None:
    desk.dialog.take_theirs()
    if how == "by key":
        QTest.keyClick(bar(desk), Qt.Key.Key_Escape)
    else:
        desk.button("Stop").click()
    assert desk.dialog.isVisible() and not bar(desk).isVisible() and decided(desk) == 2
    assert desk.dialog.notice == f"Stopped: 2 decided, {MANY - 2} left."
    assert desk.shown == 2 + 1 and len(desk.session.sync.conflicts) == MANY - 2
    assert not isinstance(desk.dialog.focusWidget(), QPushButton)
    desk.dialog.findChild(QCheckBox).setChecked(True)
    desk.dialog.keep_mine()
    qtbot.waitUntil(lambda: not desk.dialog.isVisible())
    assert (decided(desk), decided(desk, MINE)) == (2, MANY - 2)


def test_nothing_else_can_be_pressed_meanwhile(desk: Desk) -> None:
    desk.dialog.take_theirs()
    for key in (Qt.Key.Key_M, Qt.Key.Key_T, Qt.Key.Key_A, Qt.Key.Key_Down):
        QTest.keyClick(bar(desk), key, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(bar(desk), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.dialog.keep_mine()
    desk.dialog.use_composed()
    desk.dialog.go(1)
    assert decided(desk) == 2 and desk.shown is None
    enabled = {b.text() for b in desk.dialog.findChildren(QPushButton) if b.isVisible() and b.isEnabled()}
    assert enabled == {"Stop"} and not desk.compose.isEnabled()


def test_what_changed_meanwhile_is_left_and_said(desk: Desk, qtbot: QtBot) -> None:
    desk.dialog.take_theirs()
    desk.their(MANY, text="The ferry is late.")
    desk.their(MANY - 1, text=MINE)
    qtbot.waitUntil(lambda: not bar(desk).isVisible())
    assert desk.shown == MANY and decided(desk) == MANY - 2
    assert desk.dialog.notice == "1 is left: it changed meanwhile. 1 was settled meanwhile."


def test_what_was_settled_meanwhile_is_said_also_where_nothing_is_left(desk: Desk, qtbot: QtBot) -> None:
    desk.dialog.take_theirs()
    desk.their(MANY, text=MINE)
    qtbot.waitUntil(lambda: not bar(desk).isVisible())
    assert desk.dialog.isVisible() and desk.says("Nothing waits for a decision")
    assert desk.dialog.notice == "1 was settled meanwhile."


def test_one_that_cannot_be_decided_ends_it(desk: Desk, qtbot: QtBot) -> None:
    assert isinstance(desk.session, Slow)
    desk.session.refused = 6
    desk.dialog.take_theirs()
    qtbot.waitUntil(lambda: not bar(desk).isVisible())
    assert desk.dialog.notice == "Another program holds this project." and decided(desk) == 5
    assert desk.shown == 6 and desk.button("Take theirs").isVisible() and desk.compose.isEnabled()


def test_a_dialog_that_is_closed_decides_no_more(desk: Desk) -> None:
    desk.dialog.take_theirs()
    desk.dialog.reject()
    desk.open(5)
    assert decided(desk) == 2 and desk.shown == 5
    assert not bar(desk).isVisible() and desk.button("Keep mine").isVisible() and desk.compose.isEnabled()


def test_what_somebody_else_does_meanwhile_is_a_step_of_its_own(desk: Desk, qtbot: QtBot) -> None:
    desk.dialog.take_theirs()
    desk.session.submit(set_text(desk.session.document.snapshot, MANY + 1, "by a macro"))
    before = steps(desk)
    qtbot.waitUntil(lambda: not desk.dialog.isVisible())
    assert steps(desk) == before + 1 and decided(desk) == MANY
    desk.session.undo()
    assert decided(desk) == 2 and desk.text(MANY + 1) == "by a macro"
