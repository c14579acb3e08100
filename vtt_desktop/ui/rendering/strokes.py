"""Lines along words, and rectangles round them: fills and outlines, in the shapes that CSS has."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

_PATTERNS: Final = {"dashed": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine}


class Stroke(NamedTuple):
    """A line as long as `rect` is wide and as thick as that is high; it is under the words or over them."""

    rect: QRectF
    colour: QColor
    shape: str
    over: bool


@dataclass(frozen=True, slots=True)
class Fill:
    """A rectangle behind the words, from the left and top of its line; `path` as in `Style`."""

    rect: QRectF
    colour: QColor
    edge: float = 0.0
    """Width of an outline around it instead of a filling; 0 fills."""
    shape: str = "solid"
    path: tuple[float, ...] = ()


def paint_stroke(painter: QPainter, stroke: Stroke) -> None:
    rect, thick = stroke.rect, stroke.rect.height()
    if stroke.shape == "double":
        painter.fillRect(rect, stroke.colour)
        painter.fillRect(rect.translated(0, 2 * thick), stroke.colour)
    elif stroke.shape in _PATTERNS:
        painter.setPen(_pen(stroke.colour, thick, stroke.shape))
        painter.drawLine(QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y()))
    elif stroke.shape == "wavy":
        painter.setPen(_pen(stroke.colour, thick, "solid"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_wave(rect, thick))
    else:
        painter.fillRect(rect, stroke.colour)


def paint_fill(painter: QPainter, fill: Fill) -> None:
    if not fill.edge:
        painter.fillRect(fill.rect, fill.colour)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if fill.shape == "double" and fill.edge >= 3:
        third = fill.edge / 3
        painter.setPen(_pen(fill.colour, third, "solid"))
        for out in (-third, third):
            painter.drawRect(fill.rect.adjusted(-out, -out, out, out))
    else:
        painter.setPen(_pen(fill.colour, fill.edge, fill.shape))
        painter.drawRect(fill.rect)


def _pen(colour: QColor, width: float, shape: str) -> QPen:
    pen = QPen(colour, width, _PATTERNS.get(shape, Qt.PenStyle.SolidLine))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _wave(rect: QRectF, thick: float) -> QPainterPath:
    """Half waves as long as they are high twice over, to the end of the words."""
    step, high = 3 * thick, 1.5 * thick
    y = rect.center().y()
    path = QPainterPath(QPointF(rect.left(), y))
    for number in range(max(1, ceil(rect.width() / step))):
        begin = rect.left() + number * step
        way = high if number % 2 else -high
        path.quadTo(QPointF(begin + step / 2, y + 2 * way), QPointF(begin + step, y))
    return path
