"""Laid out cues painted on a picture.

What is translucent is painted by itself first and then laid over the picture as one (CSS Color 4, 3.3): where
words stand on their background, that does not show through them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import prod

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTextLine

from vtt_desktop.ui.rendering.boxes import Box, bounding
from vtt_desktop.ui.rendering.fonts import colour
from vtt_desktop.ui.rendering.shaping import Line
from vtt_desktop.ui.rendering.stage import Frame, Shown, ShownRegion
from vtt_desktop.ui.rendering.strokes import paint_fill, paint_stroke
from vtt_desktop.ui.rendering.style import FONT_SIZE
from vtt_desktop.ui.rendering.vertical import paint_upright

_Path = tuple[float, ...]
_AROUND = 3 * FONT_SIZE
"""How far shadows and outlines of something translucent are painted beside its box."""


def paint_frame(painter: QPainter, frame: Frame, scrolled: Mapping[str, float] | None = None) -> None:
    """All of a frame, in the units of its reference picture.

    `scrolled` has regions that scroll up: which share of the height of their newest cue is still to come.
    """
    painter.save()
    painter.setClipRect(rect_of(frame.picture), Qt.ClipOperation.IntersectClip)
    for region in frame.regions:
        share = (scrolled or {}).get(region.region.id, 0.0)
        _laid_over(painter, rect_of(region.box), region.style.path, _region(region, share))
    for shown in frame.cues:
        _paint_cue(painter, shown, ())
    painter.restore()


def rect_of(box: Box) -> QRectF:
    return QRectF(box.left, box.top, box.width, box.height)


def _region(region: ShownRegion, share: float) -> Callable[[QPainter], None]:
    def paint(painter: QPainter) -> None:
        painter.save()
        where = rect_of(region.box)
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        if region.style.visible:
            painter.fillRect(where, colour(region.style.background))
        if share:
            painter.translate(0, share * region.cues[-1].box.height)
        for shown in region.cues:
            _paint_cue(painter, shown, region.style.path)
        painter.restore()

    return paint


def _paint_cue(painter: QPainter, shown: Shown, outer: _Path) -> None:
    path = shown.lines[0].path
    around = rect_of(bounding(shown.boxes)).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    vertical = bool(shown.settings.vertical)
    _laid_over(
        painter,
        around,
        path[len(outer) :],
        partial(_paint_lines, lines=shown.lines, boxes=shown.boxes, vertical=vertical),
    )


def _paint_lines(painter: QPainter, lines: Iterable[Line], boxes: Iterable[Box], vertical: bool) -> None:
    """Draws each line in its box. Of a vertical cue a line is painted turned, its upright letters not."""
    for line, box in zip(lines, boxes, strict=True):
        painter.save()
        if vertical:
            painter.translate(box.right, box.top)
            painter.rotate(90)
        else:
            painter.translate(box.left, box.top)
        _paint_line(painter, line, vertical, line.path)
        painter.restore()


def _paint_line(painter: QPainter, line: Line, vertical: bool, path: _Path) -> None:
    """What of a line is translucent with `path`, and over it what is more so inside."""
    for fill in line.fills:
        if fill.path == path:
            paint_fill(painter, fill)
    for over in line.ruby:
        if over.line.path == path:
            painter.translate(over.at)
            _paint_line(painter, over.line, vertical, path)
            painter.translate(-over.at)
    for number, layer in enumerate(line.layers):
        if layer.path != path:
            continue
        if vertical:
            paint_upright(painter, line, number)
        else:
            _paint_words(painter, line, number)
    for inner in _inside(line, path):
        around = QRectF(0, 0, line.length, line.height).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        _laid_over(
            painter,
            around,
            inner[len(path) :],
            partial(_paint_line, line=line, vertical=vertical, path=inner),
        )


def _inside(line: Line, path: _Path) -> Iterable[_Path]:
    """The paths that go on from `path` by one, in the order in which they are met."""
    depth = len(path)
    every = [
        *(fill.path for fill in line.fills),
        *(over.line.path for over in line.ruby),
        *(layer.path for layer in line.layers),
    ]
    return dict.fromkeys(one[: depth + 1] for one in every if len(one) > depth and one[:depth] == path)


def _paint_words(painter: QPainter, line: Line, number: int) -> None:
    layer = line.layers[number]
    strokes = line.strokes[number] if line.strokes else ()
    for stroke in strokes:
        if not stroke.over:
            paint_stroke(painter, stroke)
    _draw(painter, layer.layout.lineAt(line.number), QPointF(layer.x, layer.y), line.ascent)
    for stroke in strokes:
        if stroke.over:
            paint_stroke(painter, stroke)


def _draw(painter: QPainter, text: QTextLine, at: QPointF, ascent: float) -> None:
    """The words so that they begin at `at`, with their base line `ascent` below it."""
    corner = QPointF(at.x() - text.naturalTextRect().left(), at.y() + ascent - text.ascent() - text.y())
    text.draw(painter, corner)


def _laid_over(painter: QPainter, where: QRectF, path: _Path, paint: Callable[[QPainter], None]) -> None:
    """What `paint` paints in `where`, as one thing with the opacity that `path` comes to."""
    opacity = prod(path)
    if opacity >= 1:
        paint(painter)
        return
    if opacity <= 0:
        return
    to_device = painter.deviceTransform()
    where = where.intersected(painter.clipBoundingRect())
    pixels = to_device.mapRect(where).toAlignedRect()
    if where.isEmpty() or pixels.isEmpty():
        return
    image = QImage(pixels.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    inner = QPainter(image)
    inner.setRenderHints(painter.renderHints())
    inner.translate(-pixels.left(), -pixels.top())
    inner.setTransform(to_device, True)
    inner.setClipRect(where)
    paint(inner)
    inner.end()
    painter.save()
    world, _ = painter.worldTransform().inverted()
    back, _ = (world * to_device).inverted()
    painter.setWorldTransform(back)
    painter.setOpacity(painter.opacity() * opacity)
    painter.drawImage(QPointF(pixels.topLeft()), image)
    painter.restore()
