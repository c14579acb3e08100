"""The timeline: shows the cues in time over the film's sound; takes clicks, drags, the wheel and keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.timecode import format_time
from vtt_desktop.sync.state import SyncChange
from vtt_desktop.ui.ports import Session
from vtt_desktop.ui.selection import Selection
from vtt_desktop.ui.theme import Theme
from vtt_desktop.ui.timeline.blocks import CONFLICTS, Block, visible_blocks, words_of
from vtt_desktop.ui.timeline.geometry import Geometry
from vtt_desktop.ui.timeline.gestures import Hit, Zone, hit
from vtt_desktop.ui.timeline.hand import ZOOM, Hand
from vtt_desktop.ui.timeline.nearby import CuesInTime
from vtt_desktop.ui.timeline.overview import HEIGHT as OVERVIEW
from vtt_desktop.ui.timeline.overview import Overview
from vtt_desktop.ui.timeline.painting import PLAYHEAD, RULER, Scene, TimelinePainter
from vtt_desktop.ui.timeline.waveform import Peaks, PeaksLater

_SEEKS = {
    Qt.KeyboardModifier.NoModifier: 1000,
    Qt.KeyboardModifier.AltModifier: 500,
    Qt.KeyboardModifier.ShiftModifier: 100,
}
_JUMP = 2_000  # ms: the playhead moved by more than playing could
_MANY = 1_000  # changes in an edit from which on they are not looked at one by one


class Timeline(QWidget):
    """Cues in time. Edits go to the session when a drag ends; everything else is a wish told by a signal."""

    seek_requested = Signal(int)
    """The person wants the playhead at this moment, ms."""
    play_requested = Signal(int)
    """The person wants to hear the cue with this id."""
    refused = Signal(str)
    """What was dragged could not be done, in one sentence."""

    def __init__(
        self, session: Session, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(RULER + 48 + OVERVIEW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "Cues in time over the film's sound. Left and Right seek by a second, with Alt by half a "
            "second, with Shift by a tenth. Plus and minus zoom."
        )
        self._selection = selection
        self._painter = TimelinePainter(theme)
        self._overview = Overview(theme, self._all_counted, self)
        self._geometry = Geometry()
        self._playhead = 0
        self._hand = Hand(self)
        self._film = (0, 0)
        self._peaks: Peaks | None = None
        self._blocks: tuple[Block, ...] | None = None
        self._disconnect: list[Callable[[], None]] = []
        self._selection_gone = selection.changed.connect(self._selected)
        self._current = selection.current
        self.set_session(session)

    # What the window tells

    def set_session(self, session: Session) -> None:
        """Shows another document, from its beginning."""
        for disconnect in self._disconnect:
            disconnect()
        self._session = session
        self._disconnect = [
            session.document.changed.connect(self._changed),
            session.sync.changed.connect(self._synced),
        ]
        self._hand.let_go()
        self._in_time = CuesInTime()
        self._current = self._selection.current
        self._overview.set_snapshot(session.document.snapshot)
        self._in_conflict = {conflict.id for conflict in session.sync.conflicts}
        self._mark_conflicts()
        self._known_end = 0
        self._geometry = Geometry()
        self._resize()

    def set_theme(self, theme: Theme) -> None:
        self._painter.set_theme(theme)
        self._overview.set_theme(theme)
        self.update()

    def set_position(self, ms: int) -> None:
        """The playhead stands at `ms`. Repaints its two strips; scrolls on where it plays out of the view."""
        old, self._playhead = self._playhead, ms
        if ms == old:
            return
        if not self._geometry.shows(ms) and self._may_follow(old, ms):
            self.look(self._geometry.starting(ms - 0.08 * self.width() * self._geometry.ms_per_px))
            return
        for moment in (old, ms):
            x = round(self._geometry.x(moment))
            self.update(QRect(x - PLAYHEAD, 0, 2 * PLAYHEAD + 1, self._area().height()))
            x = self._overview.x(moment, self._geometry)
            self.update(QRect(x - 2, self._area().bottom() + 1, 5, OVERVIEW))

    def set_peaks(self, peaks: Peaks | None) -> None:
        """The film's sound as far as it is measured: again as it grows, with None between two films."""
        self._peaks = peaks
        first = self._film[0]
        placed = PeaksLater(peaks, first) if peaks is not None and first else peaks
        self._painter.waveform.set_peaks(placed)
        self._overview.set_peaks(placed)
        self.update()

    def set_film(self, first: int, last: int) -> None:
        """When the film begins and ends on the clock of the cues, ms; both nought without one."""
        before, self._film = self._film, (first, last)
        if first != before[0] and (peaks := self._peaks) is not None:
            self.set_peaks(None)  # what is drawn of it lies elsewhere
            self.set_peaks(peaks)
        self._resize()

    def set_time_offset(self, ms: int) -> None:
        """What is added to the times of cues for those shown."""
        self._painter.time_offset = ms
        self.update()

    def zoom_in(self, x: float | None = None) -> None:
        """Closer, at pixel `x`, else at the playhead where it is in view, else in the middle."""
        self.look(self._geometry.zoomed(ZOOM, self._zoom_at(x)))

    def zoom_out(self, x: float | None = None) -> None:
        self.look(self._geometry.zoomed(1 / ZOOM, self._zoom_at(x)))

    def zoom_to_selection(self) -> None:
        """The selected cues fill the view."""
        cues = [cue for cue in map(self._snapshot.cues.get, self._selection.selected) if cue is not None]
        if cues:
            start, end = min(c.start for c in cues), max(c.end for c in cues)
            self.look(self._geometry.showing(start, end))

    # What the hand asks

    @property
    def view(self) -> Geometry:
        """What is in view."""
        return self._geometry

    @property
    def session(self) -> Session:
        return self._session

    @property
    def selection(self) -> Selection:
        return self._selection

    @property
    def playhead(self) -> int:
        return self._playhead

    @property
    def overview(self) -> Overview:
        return self._overview

    @property
    def overview_top(self) -> int:
        """The first pixel below the blocks."""
        return self._area().bottom() + 1

    @property
    def time_offset(self) -> int:
        """ms that are added to the times of cues for those shown."""
        return self._painter.time_offset

    # What is heard

    def _changed(self, change: Change) -> None:
        self._overview.follow(change)
        self._in_time.follow(change)
        edit = change.edit
        self._hand.follow(edit)
        self._blocks = None
        if len(edit.changes) > _MANY:
            self._known_end = 0
            self.update()
        else:
            self._repaint_changed(edit)
        length = self._length()
        if length != self._geometry.length:
            self._resize()

    def _repaint_changed(self, edit: Edit) -> None:
        if edit.structural:  # numbers move, and maybe lanes
            self.update()
        for change in edit.cue_changes:
            for cue in (change.before, change.after):
                if cue is not None:
                    self._known_end = max(self._known_end, cue.end)
                    left = max(-1, round(self._geometry.x(cue.start)))
                    right = min(self.width() + 1, round(self._geometry.x(cue.end)))
                    self.update(QRect(left - 1, 0, right - left + 3, self._area().height()))

    def _synced(self, change: SyncChange) -> None:
        sync = self._session.sync
        if sync.disputed or self._in_conflict:
            before = self._in_conflict
            there = {cue_id for key in change.keys & sync.disputed for cue_id in sync.cues_of(key)}
            there = {cue_id for cue_id in there & change.cue_ids if sync.phase(cue_id) in CONFLICTS}
            self._in_conflict = (before - change.cue_ids) | there
            if before != self._in_conflict:
                self._mark_conflicts()
        if not change.cue_ids or any(b.cue_id in change.cue_ids for b in self._visible()):
            self._blocks = None
            self.update()

    def _selected(self, _: object) -> None:
        before, self._current = self._current, self._selection.current
        self._blocks = None
        current = self._snapshot.cues.get(self._current) if self._current is not None else None
        # When a colleague removed the current cue, another takes its place: the view stays.
        lost = before is not None and not self._snapshot.cues.has(before)
        if current is not None and not self._hand.selecting and not lost and self._current != before:
            self.look(self._geometry.revealing(current.start, current.end))
        self.update()

    # Pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.hit(event.position().x(), event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and found.cue is not None:
            self.play_requested.emit(found.cue.id)
        else:
            self._hand.press(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._hand.wheel(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words(event.pos()), self)
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and (event.key() == Qt.Key.Key_Escape and self._hand.holds or self._seek_of(event))
        ):
            event.accept()  # ours while the focus is here, whatever a menu does with that key
            return True
        return super().event(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = self._seek_of(event)
        if event.key() == Qt.Key.Key_Escape and self._hand.holds:
            self._hand.let_go()
            self.redraw()
        elif by:
            self.seek_requested.emit(max(self._geometry.start, self._playhead + by))
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_out()
        elif event.key() == Qt.Key.Key_Home:
            self.seek_requested.emit(self._geometry.start)
        elif event.key() == Qt.Key.Key_End:
            self.seek_requested.emit(self._length())
        else:
            super().keyPressEvent(event)

    def _seek_of(self, event: QKeyEvent) -> int:
        step = _SEEKS.get(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, 0)
        return {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}.get(Qt.Key(event.key()), 0)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area, scene = self._area(), self._scene()
        for strip in list(event.region()):  # type: ignore[call-overload]  # its stub forgets that it is one
            body = strip.intersected(area)
            if not body.isEmpty():
                self._painter.paint(painter, scene, body)
            if strip.bottom() > area.bottom():
                rect = QRect(0, area.bottom() + 1, self.width(), OVERVIEW)
                painter.setClipRect(strip.intersected(rect))
                self._overview.paint(painter, rect, self._geometry, self._playhead)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(self._painter.theme.accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _scene(self) -> Scene:
        hint = "" if self._painter.waveform.peaks is not None else "No sound — drop a film"
        return Scene(self._geometry, self._area(), self._visible(), self._playhead, hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._resize()

    # Inside

    @property
    def _snapshot(self) -> Snapshot:
        return self._session.document.snapshot

    def _area(self) -> QRect:
        return QRect(0, 0, self.width(), self.height() - OVERVIEW)

    def _length(self) -> int:
        cues = self._snapshot.cues
        last = cues[-1].end if len(cues) else 0  # not the latest of all: that would look at every cue
        return max(self._film[1], last, self._known_end)

    def _resize(self) -> None:
        self.look(self._geometry.resized(self.width(), self._length(), min(0, self._film[0])))

    def _mark_conflicts(self) -> None:
        cues = [self._snapshot.cues.get(cue_id) for cue_id in self._in_conflict]
        self._overview.set_marks([cue.start for cue in cues if cue is not None])
        self.update()

    def look(self, geometry: Geometry) -> None:
        """Shows another part of the film."""
        self._geometry = geometry
        self.redraw()

    def redraw(self) -> None:
        """The cues in view are to be looked at again."""
        self._blocks = None
        self.update()

    def _zoom_at(self, x: float | None) -> float:
        if x is not None:
            return x
        here = self._geometry.x(self._playhead)
        return here if 0 <= here <= self.width() else self.width() / 2

    def _may_follow(self, old: int, new: int) -> bool:
        """Whether the view goes where the playhead went: not while a hand is on it, and not when the person
        scrolled away from a film that plays on."""
        return not self._hand.busy and (self._geometry.shows(old) or not 0 < new - old < _JUMP)

    def _visible(self) -> tuple[Block, ...]:
        if self._blocks is None:
            self._blocks = visible_blocks(self._session, self._selection, self.in_view(), self._hand.times)
        return self._blocks

    def in_view(self) -> list[Cue]:
        """Cues of which at least a part is in view, in file order."""
        return self._in_time.between(self._snapshot.cues, self._geometry.first, self._geometry.last)

    def _all_counted(self) -> None:
        self._in_time.exact = True
        self.redraw()

    def hit(self, x: float, y: float) -> Hit:
        """What stands at that pixel."""
        if y < RULER or y > self._area().bottom():
            return Hit(Zone.EMPTY)
        slack = round(10 * self._geometry.ms_per_px)
        at = self._geometry.moment(x)
        near = self._in_time.between(self._snapshot.cues, at - slack, at + slack + 1)
        return hit(self._geometry, near, x, self._selection.selected)

    def _words(self, at: QPoint) -> str:
        if at.y() > self._area().bottom():
            return "The whole film: click or drag to go there"
        found = self.hit(at.x(), at.y())
        if found.cue is None:
            return f"{format_time(self._geometry.moment(at.x()) + self.time_offset)} — click to go there"
        return words_of(
            self._session, found.cue, at_edge=found.zone is not Zone.BODY, time_offset=self.time_offset
        )
