"""What the pointer does on the timeline: seeks, selects, drags cues, pans, jumps in the overview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Edit
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.timecode import format_duration, format_time
from vtt_desktop.ui.timeline.geometry import Geometry
from vtt_desktop.ui.timeline.gestures import Press, Times, Zone, edit_of, grip
from vtt_desktop.ui.timeline.painting import RULER

if TYPE_CHECKING:
    from vtt_desktop.ui.timeline.widget import Timeline


ZOOM = 1.25
"""One notch of the wheel or one press of + makes the view this much closer."""


class Hand:
    """One pointer over one timeline: what it holds, from a press to its release."""

    def __init__(self, ground: Timeline) -> None:
        self._ground = ground
        self._press: Press | None = None
        self._pan: tuple[float, Geometry] | None = None
        self._scrubbing = False
        self.selecting = False
        """Whether a selection that is told of at this moment is the pointer's: it is in view already."""

    @property
    def holds(self) -> bool:
        """Whether it has taken hold of a cue."""
        return self._press is not None

    @property
    def busy(self) -> bool:
        """Whether the view must keep still under it."""
        return self._press is not None or self._pan is not None

    @property
    def times(self) -> Mapping[int, Times]:
        """Times by cue id of the drag under way."""
        return self._press.times if self._press is not None else {}

    def let_go(self) -> None:
        """Nothing comes of what was begun."""
        self._press = self._pan = None

    def follow(self, edit: Edit) -> None:
        """Where what it holds changes under it, the newer state stands."""
        if self._press is not None and self._press.held is not None:
            if edit.ids & {cue.id for cue in self._press.held.moving}:
                self._press = None

    def press(self, event: QMouseEvent) -> None:
        ground, x, y = self._ground, event.position().x(), event.position().y()
        if event.button() is Qt.MouseButton.MiddleButton:
            self._pan = (x, ground.view)
            ground.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if event.button() is not Qt.MouseButton.LeftButton or self._press is not None:
            return
        if y >= ground.overview_top:
            ground.overview.dragging = True
            self._jump_to(x)
            return
        found = ground.hit(x, y)
        if found.cue is None:
            self._scrubbing = y < RULER
            ground.seek_requested.emit(ground.view.moment(x))
            return
        held = event.modifiers()
        cue, chosen = found.cue, ground.selection.selected
        extend = bool(held & Qt.KeyboardModifier.ShiftModifier)
        toggle = bool(held & Qt.KeyboardModifier.ControlModifier)
        if not (extend or toggle or cue.id in chosen):
            self._select((cue.id,), cue.id)
        cues = ground.session.document.snapshot.cues
        moving = [c for c in map(cues.get, ground.selection.selected) if c is not None]
        taken = grip(found, ground.view.moment(x), ground.in_view(), moving, ground.playhead)
        self._press = Press(x, taken, found.zone, extend, toggle)

    def move(self, event: QMouseEvent) -> None:
        ground, x, y = self._ground, event.position().x(), event.position().y()
        if self._pan is not None:
            ground.look(self._pan[1].scrolled(self._pan[0] - x))
        elif ground.overview.dragging:
            self._jump_to(x)
        elif self._scrubbing:
            ground.seek_requested.emit(ground.view.moment(x))
        elif self._press is not None:
            held = event.modifiers()
            snap = not held & Qt.KeyboardModifier.ShiftModifier
            linked = bool(held & Qt.KeyboardModifier.AltModifier)
            if self._press.move(ground.view, x, snap=snap, linked=linked):
                ground.redraw()
                self._say_times(event.globalPosition().toPoint())
        self._show_cursor(x, y)

    def release(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._pan = None
        elif event.button() is Qt.MouseButton.LeftButton:
            press, self._press = self._press, None
            self._scrubbing = False
            self._ground.overview.dragging = False
            if press is not None and press.held is not None:
                if press.dragging:
                    self._drop(press)
                else:
                    self._click(press, press.held.cue)
        self._show_cursor(event.position().x(), event.position().y())

    def wheel(self, event: QWheelEvent) -> None:
        """Scrolls in time; with Ctrl zooms where the pointer is."""
        ground = self._ground
        pixels, angle = event.pixelDelta(), event.angleDelta()
        along = (angle.y() or angle.x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            ground.look(ground.view.zoomed(ZOOM**along, event.position().x()))
        elif not pixels.isNull():
            ground.look(ground.view.scrolled(-(pixels.x() or pixels.y())))
        else:
            ground.look(ground.view.scrolled(-along * ground.width() / 10))
        event.accept()

    def _select(self, ids: tuple[int, ...], current: int) -> None:
        self.selecting = True
        try:
            self._ground.selection.select(ids, current)
        finally:
            self.selecting = False

    def _click(self, press: Press, cue: Cue) -> None:
        selection, cues = self._ground.selection, self._ground.session.document.snapshot.cues
        chosen, current = selection.selected, selection.current
        if press.toggle:
            left = tuple(i for i in chosen if i != cue.id)
            ids = left if cue.id in chosen and left else (*left, cue.id)
            self._select(ids, cue.id if cue.id in ids else ids[-1])
        elif press.extend and current is not None and cues.has(current):
            ends = sorted((cues.index_of(current), cues.index_of(cue.id)))
            self._select(tuple(c.id for c in cues[ends[0] : ends[1] + 1]), cue.id)
        else:
            self._select((cue.id,), cue.id)

    def _drop(self, press: Press) -> None:
        assert press.held is not None
        ground = self._ground
        ground.redraw()
        history = ground.session.history
        try:
            edit = edit_of(press.held, press.times, ground.session.document.snapshot)
            history.seal()  # a drag is a step of its own
            ground.session.submit(edit)
            history.seal()
        except UserError as error:
            ground.refused.emit(str(error))

    def _jump_to(self, x: float) -> None:
        ground = self._ground
        moment = ground.overview.moment(x, ground.view)
        ground.look(ground.view.starting(moment - ground.width() / 2 * ground.view.ms_per_px))

    def _show_cursor(self, x: float, y: float) -> None:
        press = self._press
        zone = press.zone if press is not None else self._ground.hit(x, y).zone
        if self._pan is not None or (press is not None and press.dragging and zone is Zone.BODY):
            shape = Qt.CursorShape.ClosedHandCursor
        elif zone in (Zone.START, Zone.END):
            shape = Qt.CursorShape.SizeHorCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        if self._ground.cursor().shape() is not shape:
            self._ground.setCursor(shape)

    def _say_times(self, where: QPoint) -> None:
        assert self._press is not None and self._press.held is not None
        offset = self._ground.time_offset
        start, end = self._press.times[self._press.held.cue.id]
        words = f"{format_time(start + offset)} → {format_time(end + offset)}"
        QToolTip.showText(where + QPoint(12, 8), f"{words}  ({format_duration(end - start)} s)", self._ground)
