"""The timeline as a person uses it: real mouse, wheel and key events on the real widget."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPaintEvent, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import theme
from vtt_desktop.ui.timeline.painting import LABEL, PLAYHEAD, RULER
from vtt_desktop.ui.timeline.widget import Timeline

BUTTON = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
MIDDLE = 90  # px from the top: in the body of the blocks


class Watched(Timeline):
    """Remembers what it was asked to paint."""

    painted: list[QRegion]

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(QRegion(event.region()))
        super().paintEvent(event)


class Desk:
    def __init__(self, cues: int = 20) -> None:
        self.session = DeskSession(some_cues(cues))
        self.selection = Selection()
        self.timeline = Watched(self.session, self.selection, theme(True))
        self.timeline.painted = []
        self.timeline.resize(1000, 190)
        self.timeline.show()
        self.seeks: list[int] = []
        self.plays: list[int] = []
        self.timeline.seek_requested.connect(self.seeks.append)
        self.timeline.play_requested.connect(self.plays.append)
        self.settle()

    def x(self, ms: int) -> int:
        return round(self.timeline.view.x(ms))

    def point(self, ms: int, y: int = MIDDLE) -> QPoint:
        return QPoint(self.x(ms), y)

    def move(self, to: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        where = QPointF(to)
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, self.timeline.mapToGlobal(where), BUTTON, BUTTON, keys
        )
        QApplication.sendEvent(self.timeline, event)

    def press(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.timeline, BUTTON, keys, at)

    def release(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseRelease(self.timeline, BUTTON, keys, at)

    def drag(self, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(start)
        self.move(end, keys)
        self.release(end, keys)

    def wheel(self, at: QPoint, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
        where = QPointF(at)
        event = QWheelEvent(
            where,
            self.timeline.mapToGlobal(where),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.timeline, event)

    def times(self, cue_id: int) -> tuple[int, int]:
        cue = self.session.document.snapshot.cues.get(cue_id)
        assert cue is not None
        return cue.start, cue.end

    def painted_after(self) -> QRegion:
        """What is painted once all that waits is done, since the last time this was asked."""
        QApplication.processEvents()
        whole = QRegion()
        for region in self.timeline.painted:
            whole = whole.united(region)
        self.timeline.painted.clear()
        return whole

    def settle(self) -> None:
        """Until nothing more is to be painted: the overview counts its cues when it has time."""
        quiet = 0
        while quiet < 3:  # a timer's turn, the paint it asks for, and nothing
            quiet = quiet + 1 if self.painted_after().isEmpty() else 0


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.timeline.close()


def test_a_dragged_edge_is_one_edit_and_one_undo_step(desk: Desk) -> None:
    desk.drag(desk.point(4980), desk.point(5480))
    assert desk.times(2) == (3000, 5500)
    assert desk.session.history.labels == ("Set times",)
    desk.drag(desk.point(5480), desk.point(5280))
    assert len(desk.session.history.labels) == 2, "two drags, two steps"
    desk.session.undo()
    assert desk.times(2) == (3000, 5500)


def test_a_drag_right_behind_typed_times_is_a_step_of_its_own(desk: Desk) -> None:
    desk.session.submit(set_times(desk.session.document.snapshot, 2, 3000, 4980))
    desk.drag(desk.point(4980), desk.point(5480))
    desk.session.undo()
    assert desk.times(2) == (3000, 4980)


def test_while_dragging_the_document_does_not_change(desk: Desk) -> None:
    desk.press(desk.point(4000))
    desk.move(desk.point(4400))
    assert desk.times(2) == (3000, 5000)
    desk.release(desk.point(4400))
    assert desk.times(2) == (3400, 5400)


def test_escape_leaves_everything_as_it_was(desk: Desk) -> None:
    desk.press(desk.point(4000))
    desk.move(desk.point(4400))
    QTest.keyClick(desk.timeline, Qt.Key.Key_Escape)
    desk.release(desk.point(4400))
    assert desk.times(2) == (3000, 5000)
    assert not desk.session.history.labels


def test_a_dragged_edge_snaps_to_the_neighbour_but_not_with_shift(desk: Desk) -> None:
    near = desk.timeline.view.moment(desk.x(6000) - 5)
    desk.drag(desk.point(5000), desk.point(near))
    assert desk.times(2) == (3000, 6000)
    desk.session.undo()
    desk.drag(desk.point(5000), desk.point(near), Qt.KeyboardModifier.ShiftModifier)
    assert desk.times(2)[1] < 6000


def test_alt_drags_the_neighbours_edge_too(desk: Desk) -> None:
    alt_shift = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
    desk.drag(desk.point(5000), desk.point(5400), alt_shift)
    assert desk.times(2) == (3000, 5400) and desk.times(3) == (6400, 8000)
    desk.session.undo()
    assert desk.times(2) == (3000, 5000) and desk.times(3) == (6000, 8000)


def test_all_selected_cues_are_dragged_together(desk: Desk) -> None:
    desk.selection.select((1, 2), 1)
    desk.drag(desk.point(4000), desk.point(4300), Qt.KeyboardModifier.ShiftModifier)
    assert desk.times(1) == (300, 2300) and desk.times(2) == (3300, 5300) and desk.times(3) == (6000, 8000)


def test_clicks_select_seek_and_play(desk: Desk) -> None:
    QTest.mouseClick(desk.timeline, BUTTON, NONE, desk.point(4000))
    assert desk.selection.selected == (2,) and not desk.seeks
    QTest.mouseClick(desk.timeline, BUTTON, Qt.KeyboardModifier.ControlModifier, desk.point(10_000))
    assert desk.selection.selected == (2, 4) and desk.selection.current == 4
    QTest.mouseClick(desk.timeline, BUTTON, Qt.KeyboardModifier.ShiftModifier, desk.point(16_000))
    assert desk.selection.selected == (4, 5, 6)
    QTest.mouseClick(desk.timeline, BUTTON, NONE, desk.point(5500))
    QTest.mouseClick(desk.timeline, BUTTON, NONE, desk.point(7000, RULER - 5))
    assert desk.seeks == [5500, 7000]
    QTest.mouseDClick(desk.timeline, BUTTON, NONE, desk.point(4000))
    assert desk.plays == [2]
    assert not desk.session.history.labels


def test_the_wheel_scrolls_and_zooms_at_the_pointer(desk: Desk) -> None:
    desk.wheel(QPoint(300, MIDDLE), -2)
    assert desk.timeline.view.origin == 200
    before, scale = desk.timeline.view.moment(300), desk.timeline.view.ms_per_px
    desk.wheel(QPoint(300, MIDDLE), 2, Qt.KeyboardModifier.ControlModifier)
    assert desk.timeline.view.ms_per_px < scale
    assert abs(desk.timeline.view.moment(300) - before) <= scale


def test_the_middle_button_pans_and_the_overview_jumps(desk: Desk) -> None:
    middle = Qt.MouseButton.MiddleButton
    QTest.mousePress(desk.timeline, middle, NONE, QPoint(500, MIDDLE))
    desk.move(QPoint(300, MIDDLE))
    QTest.mouseRelease(desk.timeline, middle, NONE, QPoint(300, MIDDLE))
    assert desk.timeline.view.origin == 200
    QTest.mouseClick(desk.timeline, BUTTON, NONE, QPoint(500, desk.timeline.height() - 4))
    assert desk.timeline.view.shows(desk.timeline.view.length / 2)
    assert not desk.seeks


def test_keys_seek_and_zoom(desk: Desk) -> None:
    desk.timeline.set_position(5000)
    QTest.keyClick(desk.timeline, Qt.Key.Key_Right)
    QTest.keyClick(desk.timeline, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(desk.timeline, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert desk.seeks == [6000, 4500, 5100]
    scale = desk.timeline.view.ms_per_px
    QTest.keyClick(desk.timeline, Qt.Key.Key_Plus)
    assert desk.timeline.view.ms_per_px == pytest.approx(scale / 1.25)
    QTest.keyClick(desk.timeline, Qt.Key.Key_Minus)
    assert desk.timeline.view.ms_per_px == pytest.approx(scale)


def test_selecting_elsewhere_brings_the_cue_into_view(desk: Desk) -> None:
    desk.selection.select_one(18)
    assert desk.timeline.view.shows(51_000) and desk.timeline.view.shows(53_000)
    desk.timeline.zoom_to_selection()
    assert desk.x(53_000) - desk.x(51_000) > 600


def test_what_a_colleague_does_never_moves_the_view(desk: Desk) -> None:
    desk.selection.select_one(2)
    desk.wheel(QPoint(300, MIDDLE), -4)
    before = desk.timeline.view
    snapshot = desk.session.document.snapshot
    desk.session.remote(set_times(snapshot, 2, 3100, 4900))
    desk.session.remote(remove_cues(desk.session.document.snapshot, [2]))
    desk.selection.select_one(1)  # as the table does for a current cue that went away
    assert desk.timeline.view == before


def test_a_cue_that_a_colleague_moved_leaves_the_hand(desk: Desk) -> None:
    desk.press(desk.point(4000))
    desk.move(desk.point(4400))
    desk.session.remote(set_times(desk.session.document.snapshot, 2, 3100, 4900))
    desk.release(desk.point(4400))
    assert desk.times(2) == (3100, 4900), "the drag was from times that are no more"
    assert not desk.session.history.labels


def test_a_cue_whose_neighbour_a_colleague_edits_stays_in_the_hand(desk: Desk) -> None:
    desk.press(desk.point(4000))
    desk.move(desk.point(4400))
    desk.session.remote(set_text(desk.session.document.snapshot, 3, "theirs"))
    desk.release(desk.point(4400))
    assert desk.times(2) == (3400, 5400)


def test_the_playhead_repaints_its_strips_only(desk: Desk) -> None:
    desk.timeline.set_position(4000)
    desk.painted_after()
    desk.timeline.set_position(4500)
    painted = desk.painted_after()
    wide = sum(r.width() for r in list(painted) if r.top() < MIDDLE < r.bottom())  # type: ignore[call-overload]
    assert 0 < wide <= 2 * (2 * PLAYHEAD + 1)
    assert painted.contains(desk.point(4000)) and painted.contains(desk.point(4500))


def test_the_view_follows_the_playhead_until_the_person_scrolls_away(desk: Desk) -> None:
    end = desk.timeline.view.last
    desk.timeline.set_position(end - 20)
    desk.timeline.set_position(end + 20)
    assert desk.timeline.view.shows(end + 20) and desk.timeline.view.first > 0
    desk.wheel(QPoint(300, MIDDLE), 30)
    desk.timeline.set_position(end + 40)
    assert desk.timeline.view.first == 0, "played on, but the person looks elsewhere"
    desk.timeline.set_position(end + 20_000)
    assert desk.timeline.view.shows(end + 20_000), "a jump is meant to be seen"


def test_sync_is_seen_on_the_blocks(desk: Desk) -> None:
    desk.session.share()
    plain = desk.timeline.grab().toImage().pixelColor(desk.point(4000))
    cue = desk.session.document.snapshot.cues[1]
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "mine"))
    desk.session.their(cue.with_(text="theirs"))
    QApplication.processEvents()
    tinted = desk.timeline.grab().toImage().pixelColor(desk.point(4000))
    assert tinted != plain and tinted.red() > tinted.blue()


def test_typing_repaints_the_one_block_and_nothing_where_it_is_out_of_view(desk: Desk) -> None:
    desk.session.submit(set_text(desk.session.document.snapshot, 2, "x"))
    assert desk.painted_after().boundingRect().width() <= desk.x(5000) - desk.x(3000) + 4
    desk.session.submit(set_text(desk.session.document.snapshot, 19, "x"))
    assert desk.painted_after().isEmpty()


def test_a_badge_elsewhere_repaints_nothing(desk: Desk) -> None:
    desk.session.share()
    desk.settle()
    desk.session.put(20, refused="Too long")
    assert desk.painted_after().isEmpty()
    desk.session.put(1, refused="Too long")
    assert not desk.painted_after().isEmpty()


class Hum:
    """A sound as loud everywhere as far as it is known; counts how often it is asked."""

    def __init__(self, known: int, complete: bool) -> None:
        self.known, self.complete, self.asked = known, complete, 0

    def envelope(self, start: int, end: int, columns: int) -> tuple[array[int], array[int]]:
        self.asked += 1
        loud = [100 if start + (end - start) * i // columns < self.known else 0 for i in range(columns)]
        return array("b", [-v for v in loud]), array("b", loud)


def test_sound_is_drawn_as_it_becomes_known_and_copied_from_then_on(desk: Desk) -> None:
    empty = desk.point(2500)
    quiet = desk.timeline.grab().toImage().pixelColor(empty)
    desk.timeline.set_peaks(Hum(1000, False))
    assert desk.timeline.grab().toImage().pixelColor(empty) == quiet
    hum = Hum(60_000, True)
    desk.timeline.set_peaks(hum)
    middle = QPoint(empty.x(), RULER + (190 - 18 - RULER - LABEL) // 2 - 20)
    assert desk.timeline.grab().toImage().pixelColor(middle) == theme(True).wave
    asked = hum.asked
    desk.timeline.grab()
    assert hum.asked == asked, "tiles are kept"
    desk.timeline.set_peaks(None)
    assert desk.timeline.grab().toImage().pixelColor(empty) == quiet


def test_another_session_takes_the_place_of_the_first(desk: Desk) -> None:
    first, second = desk.session, DeskSession(some_cues(3))
    desk.selection.clear()
    desk.timeline.set_session(second)
    desk.settle()
    first.submit(set_text(first.document.snapshot, 1, "not seen here"))
    assert desk.painted_after().isEmpty()
    desk.session = second
    desk.drag(desk.point(4000), desk.point(4300))
    assert desk.times(2) == (3300, 5300)
    assert len(first.history.labels) == 1


def test_a_long_document_is_shown_without_looking_at_all_of_it(qapp: QApplication) -> None:
    loaded: list[int] = []

    def load(first: int, last: int) -> tuple[Cue, ...]:
        loaded.append(last - first)
        return tuple(Cue(i + 1, i * 3000, i * 3000 + 2000, "") for i in range(first, last))

    session = DeskSession()
    session.document = Document(Snapshot(cues=CueList.lazy(100_000, load)))
    timeline = Watched(session, Selection(), theme(False))
    timeline.painted = []
    timeline.resize(1000, 190)
    timeline.show()
    QApplication.processEvents()
    assert timeline.painted and timeline.view.length >= 299_999_000
    assert sum(loaded) < 10_000
    timeline.close()


def test_it_can_be_told_by_ear(desk: Desk) -> None:
    assert desk.timeline.accessibleName() == "Timeline"
    assert "Left and Right" in desk.timeline.accessibleDescription()


def test_the_hint_for_a_film_stands_where_no_cue_does(qapp: QApplication) -> None:
    def painted(*cues: Cue) -> list[QRect]:
        desk = Desk(0)
        for cue in reversed(cues):
            desk.session.submit(insert_cue(cue))
        desk.settle()
        scene = desk.timeline._scene()
        assert scene.hint
        return [room] if not (room := desk.timeline._painter.hint_room(scene)).isNull() else []

    assert painted() and painted()[0].width() > 900
    (room,) = painted(Cue(1, 0, 1000, "a"), Cue(2, 6000, 8000, "b"))
    assert room.left() > 90 and room.right() < 610
    assert painted(*(Cue(i + 1, i * 500, i * 500 + 450, "a") for i in range(20))) == []


def test_the_overview_shows_where_a_cue_ends(desk: Desk) -> None:
    desk.settle()
    strip = QRect(0, desk.timeline.height() - 8, desk.timeline.width(), 8)
    before = desk.timeline.grab(strip).toImage()
    snapshot = desk.session.document.snapshot
    last = snapshot.cues[len(snapshot.cues) - 1]
    desk.session.submit(set_times(snapshot, last.id, last.start, last.start + 10))
    desk.settle()
    assert desk.timeline.grab(strip).toImage() != before
