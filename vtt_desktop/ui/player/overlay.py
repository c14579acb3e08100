"""The cues over the picture: laid out when they change, painted to the size of the picture, found again
under the pointer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.ui.rendering.boxes import Box
from vtt_desktop.ui.rendering.painting import paint_frame
from vtt_desktop.ui.rendering.placing import MAGNET, moved
from vtt_desktop.ui.rendering.ports import CueReader
from vtt_desktop.ui.rendering.stage import Frame, Shown, Stage
from vtt_desktop.ui.rendering.style import REFERENCE_HEIGHT


class Overlay:
    """What stands on the picture now. `cues` are in the order of the file; `now` is ms."""

    def __init__(self, reader: CueReader) -> None:
        self._stage = Stage(reader)
        self._cues: tuple[Cue, ...] = ()
        self._now = 0
        self._ratio = 16 / 9
        self._preview: tuple[int, str] | None = None
        self.scrolled: dict[str, float] = {}
        """Regions that scroll: which share of their newest cue is still to come, by identifier."""

    @property
    def cues(self) -> tuple[Cue, ...]:
        return self._cues

    def set_head(self, head: Head) -> bool:
        """Regions and styles; whether the picture changes."""
        return self._stage.set_head(head)

    def set_cues(self, cues: Sequence[Cue]) -> None:
        self._cues = tuple(cues)

    def set_time(self, ms: int) -> bool:
        """The play position; whether the picture changes with it (timestamps in the text)."""
        before = self.frame()
        self._now = ms
        return self.frame() is not before

    def set_ratio(self, ratio: float) -> None:
        """Width of the picture over its height."""
        self._ratio = ratio

    def preview(self, cue_id: int, settings: str | None) -> None:
        """Shows a cue with other settings than it has, until None."""
        self._preview = (cue_id, settings) if settings is not None else None

    def frame(self) -> Frame:
        """What is on the picture; the same value as before where nothing changed."""
        cues = self._cues
        if self._preview is not None:
            cue_id, settings = self._preview
            cues = tuple(c.with_(settings=settings) if c.id == cue_id else c for c in cues)
        return self._stage.show(cues, self._now, self._ratio)

    def paint(self, painter: QPainter, where: QRectF) -> None:
        """Paints on the picture that is at `where`."""
        if not self._cues:
            return
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        painter.translate(where.topLeft())
        scale = where.height() / REFERENCE_HEIGHT
        painter.scale(scale, scale)
        paint_frame(painter, self.frame(), self.scrolled)
        painter.restore()

    def at(self, point: QPointF, where: QRectF) -> Shown | None:
        """The cue under a point of the widget."""
        if not self._cues or not where.contains(point):
            return None
        scale = REFERENCE_HEIGHT / where.height()
        spot = (point - where.topLeft()) * scale
        return self.frame().at(spot.x(), spot.y())

    def rect_of(self, cue_id: int, where: QRectF) -> QRectF | None:
        """Where a cue is in the widget."""
        shown = self.frame().find(cue_id)
        return None if shown is None else _in_widget(shown.box, where)

    def rects(self, where: QRectF, *, crowded: bool = False) -> list[QRectF]:
        """Where the cues are in the widget; with `crowded` those that players leave out."""
        cues = self.frame().all_cues
        return [_in_widget(shown.box, where) for shown in cues if shown.crowded or not crowded]

    def settings_for(
        self, shown: Shown, by: QPointF, where: QRectF, *, by_lines: bool, whole: bool = False
    ) -> str:
        """The settings that put `shown` so far from where it is, in pixels of the widget; with `whole` in
        lines and percentages of the picture."""
        picture = self.frame().picture
        if whole:
            line = shown.boxes[0].width if shown.settings.vertical else shown.boxes[0].height
            step = QPointF(picture.width / 100, picture.height / 100)
            if by_lines and shown.settings.vertical:
                step.setX(line)
            elif by_lines:
                step.setY(line)
            by = QPointF(by.x() * step.x(), by.y() * step.y())
        else:
            by = by * (REFERENCE_HEIGHT / where.height())
        return moved(
            shown.cue.settings,
            shown.settings,
            shown.lines,
            shown.boxes,
            picture,
            by.x(),
            by.y(),
            by_lines=by_lines,
            magnet=0 if whole else MAGNET,
        )


def _in_widget(box: Box, where: QRectF) -> QRectF:
    scale = where.height() / REFERENCE_HEIGHT
    corner = where.topLeft() + QPointF(box.left, box.top) * scale
    return QRectF(corner.x(), corner.y(), box.width * scale, box.height * scale)
