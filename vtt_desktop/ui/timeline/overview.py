"""The whole film in one strip: its sound, where cues are, where conflicts wait, and where the view is.

A cue is a mark of one column here, so what is kept is a flag a column. Cues are counted in slices while
nothing else is to do, and never in documents of more than `MOST_CUES`: that would look at cues which were
left unparsed for a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRect, QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from vtt_desktop.domain.document import Change, Snapshot
from vtt_desktop.ui.theme import Theme, mixed
from vtt_desktop.ui.timeline.geometry import Geometry
from vtt_desktop.ui.timeline.painting import frame_of
from vtt_desktop.ui.timeline.waveform import Peaks

HEIGHT = 18
"""Pixels."""
MOST_CUES = 20_000
COLUMNS = 1024
"""The film is cut into so many stretches; a screen has about as many pixels."""
_SLICE = 256
_SMALLEST_FRAME = 8


class Overview(QObject):
    """Paints the strip. `counted` is called when every cue has been looked at."""

    def __init__(self, theme: Theme, counted: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)  # so that its timer ends with the view that it would call
        self.dragging = False
        self._counted = counted
        self._snapshot = Snapshot()
        self._peaks: Peaks | None = None
        self._start, self._length = 0, 1
        self._marks: tuple[int, ...] = ()
        self._columns = bytearray(COLUMNS)
        self._at = 0
        self._picture: QImage | None = None
        self._idle = QTimer(self, interval=0)
        self._idle.timeout.connect(self._count_some)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._cue_color = mixed(theme.accent, theme.window, 0.55)
        self._picture = None

    def set_peaks(self, peaks: Peaks | None) -> None:
        self._peaks = peaks
        self._picture = None

    def set_snapshot(self, snapshot: Snapshot) -> None:
        """Counts the cues of this document, from its beginning."""
        self._snapshot = snapshot
        self._start_over()

    def follow(self, change: Change) -> None:
        """Takes over an edit. One that moved no time costs nothing."""
        self._snapshot = change.new
        moved = change.edit.structural or any(
            c.before is not None
            and c.after is not None
            and (c.before.start, c.before.end) != (c.after.start, c.after.end)
            for c in change.edit.cue_changes
        )
        if moved:
            self._start_over()

    def set_marks(self, moments: Sequence[int]) -> None:
        """Where conflicts wait for a person, ms."""
        self._marks = tuple(moments)

    def x(self, ms: int, geometry: Geometry) -> int:
        """The pixel of a moment."""
        return round((ms - geometry.start) * geometry.width / max(1, geometry.length - geometry.start))

    def moment(self, x: float, geometry: Geometry) -> int:
        """The moment at a pixel, ms, within the film."""
        span = geometry.length - geometry.start
        return min(geometry.length, geometry.start + max(0, round(x * span / geometry.width)))

    def paint(self, painter: QPainter, rect: QRect, geometry: Geometry, playhead: int) -> None:
        """Draws the strip into `rect`, as wide as the view."""
        if (geometry.start, geometry.length) != (self._start, self._length):
            self._start, self._length = geometry.start, geometry.length
            self._start_over()
        if self._picture is None:
            self._picture = self._drawn()
        theme = self._theme
        painter.fillRect(rect, theme.window)
        painter.drawImage(rect.adjusted(0, 1, 0, 0), self._picture)
        painter.setPen(theme.border)
        painter.drawLine(rect.topLeft(), rect.topRight())
        left, right = self.x(geometry.first, geometry), self.x(geometry.last, geometry)
        right = min(max(right, left + _SMALLEST_FRAME), rect.right() + 1)
        frame = QRectF(left, rect.top() + 1, right - left, rect.height() - 1)
        veil = QColor(theme.accent)
        veil.setAlpha(36)
        painter.fillRect(frame, veil)
        painter.setPen(theme.accent)
        painter.drawRect(frame_of(frame))
        for moment in self._marks:
            painter.fillRect(self.x(moment, geometry) - 1, rect.top() + 2, 3, rect.height() - 3, theme.warn)
        x = self.x(playhead, geometry)
        painter.setPen(QPen(theme.playhead, 1))
        painter.drawLine(x, rect.top() + 1, x, rect.bottom())

    def _start_over(self) -> None:
        self._columns = bytearray(COLUMNS)
        self._at = 0
        if len(self._snapshot.cues) <= MOST_CUES:
            self._idle.start()

    def _count_some(self) -> None:
        cues, scale = self._snapshot.cues, COLUMNS / max(1, self._length - self._start)
        upto = min(self._at + _SLICE, len(cues))
        for index in range(self._at, upto):
            cue = cues[index]
            first = max(0, int((cue.start - self._start) * scale))
            last = min(COLUMNS - 1, max(first, int((cue.end - self._start) * scale)))
            if first <= last:
                self._columns[first : last + 1] = b"\1" * (last + 1 - first)
        self._at = upto
        if upto == len(cues):
            self._idle.stop()
            self._picture = None
            self._counted()

    def _drawn(self) -> QImage:
        image = QImage(COLUMNS, HEIGHT - 1, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(self._theme.window)
        painter = QPainter(image)
        if self._peaks is not None:
            lowest, highest = self._peaks.envelope(self._start, self._length, COLUMNS)
            painter.setPen(self._theme.wave)
            middle = (HEIGHT - 6) / 2
            for x, (low, high) in enumerate(zip(lowest.tolist(), highest.tolist(), strict=True)):
                if low or high:
                    loud = max(-low, high) / 127 * middle
                    painter.drawLine(x, round(middle - loud), x, round(middle + loud))
        painter.setPen(self._cue_color)
        for x, covered in enumerate(self._columns):
            if covered:
                painter.drawLine(x, HEIGHT - 5, x, HEIGHT - 3)
        painter.end()
        return image
