"""Laid out cues painted on a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextLine

from vtt_desktop.ui.rendering.boxes import Box
from vtt_desktop.ui.rendering.shaping import Fill, Line, colour
from vtt_desktop.ui.rendering.stage import Frame
from vtt_desktop.ui.rendering.vertical import paint_upright


def paint_lines(painter: QPainter, lines: Iterable[Line], boxes: Iterable[Box], vertical: bool) -> None:
    """Draws each line in its box. Of a vertical cue a line is painted turned, its upright letters not."""
    for line, box in zip(lines, boxes, strict=True):
        painter.save()
        if vertical:
            painter.translate(box.right, box.top)
            painter.rotate(90)
        else:
            painter.translate(box.left, box.top)
        _paint_line(painter, line, vertical)
        painter.restore()


def _paint_line(painter: QPainter, line: Line, vertical: bool) -> None:
    for fill in line.fills:
        paint_fill(painter, fill)
    for over in line.ruby:
        painter.translate(over.at)
        _paint_line(painter, over.line, vertical)
        painter.translate(-over.at)
    if vertical:
        paint_upright(painter, line)
    else:
        for layer in line.layers:
            _draw(painter, layer.layout.lineAt(line.number), QPointF(layer.x, layer.y), line.ascent)


def paint_fill(painter: QPainter, fill: Fill) -> None:
    if fill.edge:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(fill.colour, fill.edge))
        painter.drawRect(fill.rect)
    else:
        painter.fillRect(fill.rect, fill.colour)


def rect_of(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def _draw(painter: QPainter, text: QTextLine, at: QPointF, ascent: float) -> None:
    """The words so that they begin at `at`, with their base line `ascent` below it."""
    corner = QPointF(at.x() - text.naturalTextRect().left(), at.y() + ascent - text.ascent() - text.y())
    text.draw(painter, corner)


def paint_frame(painter: QPainter, frame: Frame, scrolled: Mapping[str, float] | None = None) -> None:
    """All of a frame, in the units of its reference picture.

    `scrolled` has regions that scroll up: which share of the height of their newest cue is still to come.
    """
    for region in frame.regions:
        painter.save()
        where = rect_of(region.box)
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        if region.style.visible:
            painter.fillRect(where, colour(region.style.background.faded(region.style.opacity)))
        if scrolled and (share := scrolled.get(region.region.id)):
            painter.translate(0, share * region.cues[-1].box.height)
        for shown in region.cues:
            paint_lines(painter, shown.lines, shown.boxes, vertical=False)
        painter.restore()
    for shown in frame.cues:
        paint_lines(painter, shown.lines, shown.boxes, bool(shown.settings.vertical))
