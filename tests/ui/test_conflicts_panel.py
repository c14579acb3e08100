"""The list of what waits for a person, over the real segment machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.sync.body import Conflict
from vtt_desktop.ui import conflicts_panel
from vtt_desktop.ui.conflict_rows import ConflictRows, from_difference
from vtt_desktop.ui.conflicts_panel import ConflictsPanel
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


class Desk:
    def __init__(self) -> None:
        self.cues = some_cues(9)
        self.session = DeskSession(self.cues).share()
        self.selection = Selection()
        self.panel = ConflictsPanel(self.session, self.selection, theme(False))
        self.panel.resize(420, 300)
        self.panel.show()
        self.list = self.panel.findChild(QListView)
        self.opened: list[int] = []
        self.panel.open_requested.connect(self.opened.append)
        self.refused: list[str] = []
        self.panel.refused.connect(self.refused.append)

    @property
    def model(self) -> QAbstractItemModel:
        return self.list.model()

    def clash(self, cue_id: int, mine: str = "mine", theirs: str = "theirs") -> None:
        self.session.submit(set_text(self.session.document.snapshot, cue_id, mine))
        self.session.their(self.cues[cue_id - 1].with_(text=theirs))

    def told(self) -> list[str]:
        role = Qt.ItemDataRole.AccessibleTextRole
        return [self.model.index(row, 0).data(role) for row in range(self.model.rowCount())]

    def button(self, name: str) -> QPushButton:
        return next(b for b in self.panel.findChildren(QPushButton) if b.accessibleName() == name)

    @property
    def current(self) -> str:
        """The heading of the current entry."""
        return str(self.list.currentIndex().data() or "")

    def click(self, row: int) -> None:
        place = self.list.visualRect(self.model.index(row, 0)).center()
        QTest.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def text(self, cue_id: int) -> str | None:
        cue = self.session.document.snapshot.cues.get(cue_id)
        return cue.text if cue is not None else None


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.panel.close()


def test_without_conflicts_it_says_so_and_offers_nothing(desk: Desk) -> None:
    shown = [label.text() for label in desk.panel.findChildren(QLabel) if label.isVisible()]
    assert shown == ["No conflicts."]
    assert not any(b.isVisible() for b in desk.panel.findChildren(QPushButton))


def test_a_conflict_appears_with_number_time_kind_and_both_sides(desk: Desk) -> None:
    desk.clash(3)
    assert desk.told() == ["Cue 3 · 00:06.000 · both changed it\nMine: mine\nTheirs: theirs"]
    assert desk.button("Mine").isVisible()


def test_what_they_differ_in_is_shown_when_it_is_not_the_text(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 3000, 5100))
    desk.session.their(desk.cues[1].with_(end=5200))
    assert desk.told()[0].endswith("Mine: End 00:00:05.100\nTheirs: End 00:00:05.200")


def test_removals_are_said(desk: Desk) -> None:
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "mine"))
    desk.session.their_removal(2)
    desk.session.submit(remove_cues(desk.session.document.snapshot, [5]))
    desk.session.their(desk.cues[4].with_(text="theirs"))
    assert desk.told() == [
        "Cue 2 · 00:03.000 · removed there\nMine: mine\nTheirs: removed",
        "00:12.000 · removed here\nMine: removed\nTheirs: theirs",
    ]


def test_enter_opens_and_buttons_decide(desk: Desk) -> None:
    desk.clash(3)
    desk.clash(5, "mine too", "theirs too")
    desk.list.setCurrentIndex(desk.model.index(1, 0))
    QTest.keyClick(desk.list, Qt.Key.Key_Return)
    assert desk.opened == [5]
    desk.button("Theirs").click()
    assert desk.text(5) == "theirs too" and desk.panel.count == 1
    desk.button("Mine").click()
    assert desk.text(3) == "mine" and desk.panel.count == 0
    assert not desk.session.sync.conflicts


def test_the_current_entry_stays_current_while_others_come_and_go(desk: Desk) -> None:
    desk.clash(3)
    desk.clash(5)
    desk.list.setCurrentIndex(desk.model.index(1, 0))
    desk.clash(7)
    desk.session.resolve(3, desk.cues[2])
    assert desk.told()[desk.list.currentIndex().row()].startswith("Cue 5")


def test_numbers_follow_an_insert_above(desk: Desk) -> None:
    desk.clash(3)
    desk.session.submit(insert_cue(desk.cues[0].with_(id=desk.session.document.new_id())))
    assert desk.told()[0].startswith("Cue 4 ")


def test_a_change_that_is_no_conflict_changes_nothing_in_the_list(desk: Desk) -> None:
    desk.clash(3)
    resets = QSignalSpy(
        desk.model, desk.model.metaObject().method(desk.model.metaObject().indexOfSignal("modelReset()"))
    )
    desk.session.submit(set_text(desk.session.document.snapshot, 1, "typing"))
    desk.session.put(2, refused="Too long")
    assert resets.count() == 0
    desk.clash(4)
    assert resets.count() == 1


def test_they_stand_in_the_order_of_the_document(desk: Desk) -> None:
    desk.clash(7)
    desk.clash(3)
    desk.session.submit(remove_cues(desk.session.document.snapshot, [5]))
    desk.session.their(desk.cues[4].with_(text="theirs"))
    assert [told.split("\n")[-1] for told in desk.told()] == ["Theirs: theirs"] * 3
    assert [told.split(" · ")[0] for told in desk.told()] == ["Cue 3", "00:12.000", "Cue 6"]


def test_table_and_panel_are_on_the_same_conflict(desk: Desk) -> None:
    for cue_id in (7, 3, 5):
        desk.clash(cue_id)
    desk.selection.select_one(7)
    assert desk.current.startswith("Cue 7")
    desk.click(1)
    assert desk.selection.selected == (5,) and desk.current.startswith("Cue 5")
    QTest.keyClick(desk.list, Qt.Key.Key_Up)
    assert desk.selection.current == 3
    desk.selection.select_one(1)
    assert desk.current.startswith("Cue 3"), "a cue without a conflict is looked at, and nothing else"
    desk.button("Theirs").click()
    assert desk.text(3) == "theirs" and desk.selection.current == 5 and desk.current.startswith("Cue 5")


def test_what_the_network_brings_moves_nobody(desk: Desk) -> None:
    desk.selection.select_one(1)
    desk.clash(5)
    desk.clash(3)
    assert desk.current == "" and not desk.button("Mine").isEnabled() and desk.button("Open").isEnabled()
    desk.click(1)
    assert desk.selection.current == 5 and desk.button("Mine").isEnabled()
    assert desk.button("Mine").toolTip() == "Keep mine: cue 5"
    desk.session.their(desk.cues[4].with_(text="mine"))
    assert desk.panel.count == 1 and desk.selection.current == 5
    assert desk.current == "", "nobody looked at the other one"
    desk.button("Mine").click()
    assert desk.panel.count == 1
    desk.button("Open").click()
    assert desk.opened == [3]


def test_the_conflict_of_the_current_cue_is_current_when_it_comes(desk: Desk) -> None:
    desk.clash(3)
    desk.selection.select_one(5)
    desk.clash(5)
    assert desk.current.startswith("Cue 5")


def test_two_entries_are_seen_in_little_room(desk: Desk) -> None:
    desk.clash(3)
    desk.clash(5)
    desk.panel.resize(500, 128)
    QApplication.processEvents()
    assert desk.list.visualRect(desk.model.index(1, 0)).bottom() <= desk.list.viewport().height()
    assert desk.panel.minimumSizeHint().height() <= 108


def test_times_are_those_of_the_window(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 3000, 5100))
    desk.session.their(desk.cues[1].with_(end=5200))
    desk.panel.set_time_offset(10_000)
    assert "00:13.000" in desk.told()[0] and "Mine: End 00:00:15.100" in desk.told()[0]


def test_a_choice_that_cannot_be_made_is_told_and_nothing_breaks(desk: Desk) -> None:
    desk.clash(3)
    desk.selection.select_one(3)
    resolve = desk.session.resolve
    desk.session.resolve = lambda cue_id, choice: resolve(99, choice)  # type: ignore[method-assign]
    desk.button("Mine").click()
    assert desk.refused == ["That cue is not in conflict."] and desk.panel.count == 1


def test_another_session_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.clash(3)
    desk.panel.set_session(DeskSession(some_cues(2)).share())
    desk.clash(4)
    assert desk.panel.count == 0


def test_many_that_come_and_go_at_once_are_listed_in_one_go(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts_panel, "MANY", 3)
    lists = QSignalSpy(desk.model.modelReset)
    for cue_id in range(1, 9):
        desk.clash(cue_id)
    assert lists.count() == 2 and desk.panel.count == 2, "few at once, and the rest"
    with qtbot.waitSignal(desk.model.modelReset):
        pass
    assert desk.panel.count == 8 and lists.count() == 3  # and the next pause has begun just now
    desk.list.setCurrentIndex(desk.model.index(0, 0))
    for cue_id in (1, 2, 3):
        desk.session.resolve(cue_id, None)
    desk.button("Mine").click()  # what was current is decided already: nothing is, and nothing happens
    assert desk.refused == [] and desk.panel.count == 5 and len(desk.session.sync.conflicts) == 5
    desk.list.setCurrentIndex(desk.model.index(0, 0))
    for next_one in (5, 6):
        desk.button("Mine").click()
        assert desk.selection.current == next_one, "it takes over, however soon after the last"
    assert desk.panel.count == 3


def test_those_that_go_leave_the_others_in_their_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered, in_order = list[int](), conflicts_panel.in_document_order

    def counted(found: Iterable[Conflict], snapshot: Snapshot) -> list[Conflict]:
        every = in_order(found, snapshot)
        ordered.append(len(every))
        return every

    monkeypatch.setattr(conflicts_panel, "in_document_order", counted)
    for cue_id in (7, 3, 5):
        desk.clash(cue_id)
    assert ordered == [1, 2, 3] and [line[:5] for line in desk.told()] == ["Cue 3", "Cue 5", "Cue 7"]
    desk.session.resolve(5, None)
    assert ordered == [1, 2, 3, 2], "a cue that went moved the numbers"
    desk.session.resolve(3, desk.cues[2])
    assert ordered == [1, 2, 3, 2] and [line[:5] for line in desk.told()] == ["Cue 6"]


def test_numbers_are_asked_for_by_the_rows_that_are_seen(desk: Desk) -> None:
    for cue_id in (7, 3, 5):
        desk.clash(cue_id)
    asked: list[int] = []
    rows = ConflictRows(desk.panel, lambda conflict: asked.append(conflict.id))
    rows.show(desk.session.sync.conflicts)
    assert asked == []
    rows.lines(rows.index(1))
    assert asked == [rows.found[1].id]


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        ("one", "two", ("one", "two")),
        ("We go at noon", "We go at one", ("We go at noon", "We go at one")),
        (
            "It was said that the ferry leaves at noon.",
            "It was said that the ferry leaves at one.",
            ("…ferry leaves at noon.", "…ferry leaves at one."),
        ),
        ("x" * 60 + "a", "x" * 60 + "b", ("x" * 60 + "a", "x" * 60 + "b")),
        ("removed", "The ferry leaves at one", ("removed", "The ferry leaves at one")),
    ],
)
def test_what_two_long_lines_differ_in_is_seen(mine: str, theirs: str, shown: tuple[str, str]) -> None:
    assert from_difference(mine, theirs) == shown
