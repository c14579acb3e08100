"""The window of the sync log: newest on top, costs nothing while hidden, and gives back as an edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import CueChange, Edit
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.sync.sync_log import KEPT, YOURS_ASIDE, LogKind, LogLine, Replaced
from vtt_desktop.ui.panels.sync_log import SyncLogWindow
from vtt_desktop.ui.panels.sync_log_model import CUE, TAG, TIME, WHAT
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme


class Desk:
    def __init__(self) -> None:
        self.session = DeskSession(some_cues(4)).share()
        self.selection = Selection()
        self.window = SyncLogWindow(self.session, self.selection, theme(True))

    def cue(self, cue_id: int) -> object:
        return self.session.document.snapshot.cues.get(cue_id)

    def merged(self, cue_id: int = 2, words: str = "Merged with yours: text") -> None:
        """A colleague's text came to this cue."""
        before = self.session.document.snapshot.cues.get(cue_id)
        assert before is not None
        after = before.with_(text="theirs")
        self.session.remote(set_text(self.session.document.snapshot, cue_id, "theirs"))
        self.session.sync.tell(LogLine(cue_id, words, '"7"', LogKind.MERGED, Replaced(before, after)))

    def column(self, column: int) -> list[str]:
        model = self.window.table.model()
        return [model.index(row, column).data() for row in range(model.rowCount())]


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.window.close()


def test_an_empty_log_says_so(desk: Desk) -> None:
    desk.window.show()
    assert not desk.window.table.isVisible() and not desk.window.back.isVisible()


def test_the_newest_is_on_top_with_its_cue_and_tag(desk: Desk) -> None:
    desk.session.sync.diary.wall = lambda: 0.0
    desk.session.sync.tell(LogLine(1, "Saved: text", '"2"', LogKind.SENT))
    desk.window.show()
    desk.session.sync.tell(LogLine(3, "Saved: in-time", '"3"', LogKind.SENT))
    desk.session.sync.tell(LogLine(0, "Something of all"))
    assert desk.column(WHAT) == ["Something of all", "Saved: in-time", "Saved: text"]
    assert desk.column(CUE) == ["", "3", "1"]
    assert desk.column(TAG) == ["", '"3"', '"2"']
    assert desk.column(TIME) == ["", "", ""]
    desk.session.submit(remove_cues(desk.session.document.snapshot, [1]))
    assert desk.column(CUE) == ["", "2", "gone"]


def test_a_new_line_takes_nothing_from_the_one_that_is_read(desk: Desk) -> None:
    desk.merged()
    desk.window.show()
    line = desk.window.line
    desk.session.sync.tell(LogLine(1, "Saved: text", '"2"', LogKind.SENT))
    assert desk.window.line == line and desk.window.table.currentIndex().row() == 1


def test_a_merge_is_undone_as_an_edit(desk: Desk) -> None:
    was = desk.cue(2)
    desk.merged()
    desk.window.show()
    assert desk.window.back.text() == "Undo this merge"
    assert "removed “theirs”" in desk.window.detail.accessibleName()
    desk.window.back.click()
    assert desk.cue(2) == was and desk.session.history.labels == ("Undo merge",)
    assert "Ctrl+Z" in desk.window.said.text() and not desk.window.back.isEnabled()
    desk.session.undo()
    assert desk.window.back.isEnabled()


def test_a_removed_cue_comes_back(desk: Desk) -> None:
    was = desk.cue(3)
    desk.session.remote(remove_cues(desk.session.document.snapshot, [3]))
    desk.session.sync.tell(LogLine(3, "Taken over: a removal", None, LogKind.TAKEN, Replaced(was, None)))  # type: ignore[arg-type]
    desk.window.show()
    assert desk.window.back.text() == "Undo this change" and not desk.window.go.isEnabled()
    name = "(00:00:06.000 “Line of cue 3 and its second”)"
    assert desk.column(WHAT) == [f"Taken over: a removal {name}"] and desk.column(CUE) == ["gone"]
    desk.window.back.click()
    assert desk.cue(3) == was
    assert desk.column(CUE) == ["3"] and desk.column(WHAT) == ["Taken over: a removal"]


def test_only_what_can_be_put_back(desk: Desk) -> None:
    desk.merged()
    desk.session.sync.tell(LogLine(1, "Saved: text", '"2"', LogKind.SENT))
    desk.window.show()
    desk.window.only_back.click()
    assert desk.column(WHAT) == ["Merged with yours: text"]
    desk.session.sync.tell(LogLine(1, "Saved: text", '"3"', LogKind.SENT))
    desk.merged(3)
    assert desk.column(CUE) == ["3", "2"]


def test_old_lines_go_from_the_window_too(desk: Desk) -> None:
    desk.merged()
    desk.window.show()
    for number in range(KEPT + 3):
        desk.session.sync.tell(LogLine(1, f"Saved {number}"))
    assert desk.column(WHAT)[0] == f"Saved {KEPT + 2}"
    assert desk.column(WHAT)[-2:] == ["Saved 3", "Merged with yours: text"]


def test_hidden_it_does_nothing_and_shown_it_is_right(desk: Desk) -> None:
    resets = []
    desk.window.table.model().modelReset.connect(lambda: resets.append(1))
    for _ in range(50):
        desk.session.sync.tell(LogLine(1, "Saved"))
    assert resets == [] and desk.window.table.model().rowCount() == 0
    desk.window.show()
    assert desk.window.table.model().rowCount() == 50


def test_enter_goes_to_the_cue_and_the_window_stays(desk: Desk) -> None:
    desk.merged(3)
    desk.window.show()
    desk.window.table.setFocus()
    QTest.keyClick(desk.window.table, Qt.Key.Key_Return)
    assert desk.selection.current == 3 and desk.window.isVisible()


def test_another_document_has_another_log(desk: Desk) -> None:
    desk.merged()
    desk.window.show()
    other = DeskSession(some_cues(1))
    desk.window.set_session(other)
    assert desk.window.table.model().rowCount() == 0
    desk.session.sync.tell(LogLine(1, "of the one before"))
    assert desk.window.table.model().rowCount() == 0


def test_everything_has_a_name(desk: Desk) -> None:
    desk.merged()
    desk.window.show()
    for widget in desk.window.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget


def test_a_refusal_is_told_whole_below_the_list(desk: Desk) -> None:
    sentence = "This server takes <b> & “words” up to a length only. " * 6
    desk.session.sync.tell(LogLine(3, sentence, '"9"', LogKind.REFUSED))
    desk.window.show()
    assert sentence in desk.window.detail.accessibleName()
    assert "&lt;b&gt; &amp;" in desk.window.detail.text()
    desk.session.sync.tell(LogLine(2, "Saved: text", '"10"', LogKind.SENT))
    desk.window.table.selectRow(0)
    assert desk.window.detail.accessibleName().endswith('Cue 2\nSaved: text\nVersion "10"')


def test_the_focus_stays_in_the_list_after_putting_back(desk: Desk) -> None:
    desk.merged()
    desk.window.show()
    desk.window.activateWindow()
    desk.window.back.setFocus()
    QTest.keyClick(desk.window.back, Qt.Key.Key_Space)
    assert desk.cue(2).text == "Line of cue 2"  # type: ignore[attr-defined]
    assert desk.window.focusWidget() is desk.window.table


def test_what_was_decided_together_is_put_back_together(desk: Desk) -> None:
    merged, alone = Cue(2, 3000, 8000, "both\nof them."), Cue(2, 3000, 5000, "both")
    came, changed = desk.cue(3), desk.cue(4)
    assert isinstance(came, Cue) and isinstance(changed, Cue)
    desk.session.remote(set_text(desk.session.document.snapshot, 2, "both"))
    desk.session.submit(set_text(desk.session.document.snapshot, 4, "typed since"))
    others = (Replaced(None, came), Replaced(None, changed))
    line = LogLine(2, f"Decided: theirs; {YOURS_ASIDE}", None, LogKind.DECIDED, Replaced(merged, alone))
    desk.session.sync.tell(replace(line, others=others))
    desk.window.show()
    said = desk.window.detail.accessibleName()
    assert "Text: added “of them.”. “Put back" in said
    assert (
        "“Put back what was put aside” also removes cue 3 (00:06.000) “Line of cue 3 and its second”." in said
    )
    assert said.endswith("Cue 4 (00:09.000) “typed since” stays, changed since then.")
    desk.window.back.click()
    texts = [cue.text for cue in desk.session.document.snapshot.cues]
    assert texts == ["Line of cue 1", "both\nof them.", "typed since"]
    desk.session.undo()
    assert desk.cue(3) == came and desk.cue(2).text == "both", "one step"  # type: ignore[attr-defined]


def test_of_what_a_colleague_joined_it_is_told_what_one_line_alone_makes_of_it(desk: Desk) -> None:
    first, second = desk.cue(2), desk.cue(3)
    assert isinstance(first, Cue) and isinstance(second, Cue)
    joined = first.with_(text=f"{first.text}\n{second.text}", end=second.end)
    desk.session.remote(Edit("x", (CueChange(first, joined), CueChange(second, None, 2))))
    for before, after in ((second, None), (first, joined)):
        desk.session.sync.tell(LogLine(before.id, "Taken over", None, LogKind.TAKEN, Replaced(before, after)))
    desk.window.show()
    gone = "The words of the cue (00:06.000) “Line of cue 3 and its second” are nowhere then; another line"
    assert gone in desk.window.detail.accessibleName()
    desk.window.table.selectRow(1)
    said = "“Undo this change” leaves cue 2 (00:03.000) “Line of cue 2 Line of cue 3…” as it is, which says"
    assert said in desk.window.detail.accessibleName()
    for row in (1, 0):
        desk.window.table.selectRow(row)
        desk.window.back.click()
    assert (desk.cue(2), desk.cue(3)) == (first, second)
    assert desk.window.detail.accessibleName() == "The same as now."
