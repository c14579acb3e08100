"""The film that goes with the sample subtitles, drawn at first run: nothing to download, no rights to ask.

A ferry crosses at dusk under a large clock; the lamp of whoever speaks is lit, and the sound is
speech-like. Digits are strokes of our own, so that no font and no QApplication is needed and the
film is the same bytes everywhere. This module pulls in PyAV and numpy (through `media`): import it
when a film is to be made, never at the editor's start.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QRadialGradient

from vtt_desktop.domain.timecode import format_time
from vtt_desktop.media.babble import Babble, Line
from vtt_desktop.media.film import FilmWriter

WIDTH, HEIGHT, FPS = 640, 360, 25
_HORIZON = 214
_TAIL_MS = 2000
_SCENE_EVERY = 5  # pictures; the clock runs at every one
_RGB = QImage.Format.Format_RGB32
_ARGB = QImage.Format.Format_ARGB32_Premultiplied


def make_sample_film(
    cues: Sequence[tuple[int, int, str, str]],
    path: Path,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Write the film of `cues`, each (start ms, end ms, text without tags, speaker), to `path`.

    It lasts until the last out-time plus two seconds. `progress` is told 0 … 1 about once a second of
    film; what it raises stops the work. The file appears when whole, or not at all. Runs in any thread.

    Raises UserError where the file cannot be written.
    """
    lines = [Line(*cue) for cue in cues]
    length = max((line.end for line in lines), default=0) + _TAIL_MS
    seconds = math.ceil(length / 1000)
    scene = _Scene(lines, length)
    babble = Babble(lines)
    with FilmWriter(path, width=WIDTH, height=HEIGHT, fps=FPS) as film:
        for second in range(seconds):
            film.add_sound(babble.second(second))
            for number in range(second * FPS, second * FPS + FPS):
                film.add_picture(scene.picture(number).constBits())
            if progress is not None:
                progress((second + 1) / seconds)


class _Scene:
    """Draws picture after picture. What does not change is drawn once."""

    def __init__(self, lines: Sequence[Line], length: int) -> None:
        self._lines = lines
        self._length = length
        speakers = dict.fromkeys(line.speaker for line in lines if line.speaker)
        self._lamp = {name: number % len(_LAMPS) for number, name in enumerate(speakers)}
        self._sky = _sky()
        self._waves = [_waves(seed, count) for seed, count in ((3, 70), (11, 46))]
        self._ferry = _ferry()
        self._glow = _glow()
        self._large = {sign: _sign(sign, 36) for sign in "0123456789:."}
        self._small = {sign: _sign(sign, 15) for sign in "0123456789#"}
        self._still = QImage(WIDTH, HEIGHT, _RGB)
        self._picture = QImage(WIDTH, HEIGHT, _RGB)

    def picture(self, number: int) -> QImage:
        """Picture `number` from 0. The same image object each time: use it before asking again."""
        if number % _SCENE_EVERY == 0:
            self._draw_still(number)
        ms = number * 1000 // FPS
        painter = QPainter(self._picture)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, self._still)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        _write(painter, format_time(ms), self._large, 110)
        _write(painter, f"#{number:06}", self._small, 164)
        painter.end()
        return self._picture

    def _draw_still(self, number: int) -> None:
        ms = number * 1000 // FPS
        painter = QPainter(self._still)
        painter.drawImage(0, 0, self._sky)
        for layer, wave in enumerate(self._waves):
            drift = int(ms * (0.002 + 0.002 * layer)) % WIDTH
            top = _HORIZON + 6 + 30 * layer
            painter.drawImage(-drift, top, wave)
            painter.drawImage(WIDTH - drift, top, wave)
        x = round(30 + (WIDTH - 60 - self._ferry.width()) * ms / max(1, self._length))
        y = _HORIZON - 38 + round(math.sin(ms / 1900) * 1.4)
        painter.drawImage(x, y, self._ferry)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        half = self._glow.width() // 2
        for line in self._lines:
            if line.speaker and line.start <= ms < line.end:
                lamp = _LAMPS[self._lamp[line.speaker]]
                painter.drawImage(x + lamp[0] - half, y + lamp[1] - half, self._glow)
        if number // FPS % 4 == 0:  # the lighthouse: one second in four
            painter.drawImage(_LIGHTHOUSE[0] - half, _LIGHTHOUSE[1] - half, self._glow)
        painter.end()


# Where the lamps hang on the ferry: bridge, foredeck, saloon, stern, mast.
_LAMPS = ((106, 12), (150, 30), (66, 30), (16, 32), (92, -6))
_LIGHTHOUSE = (72, 168)


def _sky() -> QImage:
    image = QImage(WIDTH, HEIGHT, _RGB)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    air = QLinearGradient(0, 0, 0, _HORIZON)
    for at, colour in ((0, "#141b34"), (0.45, "#2f3560"), (0.8, "#8a5a78"), (1, "#e69a6c")):
        air.setColorAt(at, QColor(colour))
    painter.fillRect(QRectF(0, 0, WIDTH, _HORIZON), air)
    sea = QLinearGradient(0, _HORIZON, 0, HEIGHT)
    for at, colour in ((0, "#a9727a"), (0.12, "#4c4a6e"), (0.5, "#252c4e"), (1, "#12172e")):
        sea.setColorAt(at, QColor(colour))
    painter.fillRect(QRectF(0, _HORIZON, WIDTH, HEIGHT - _HORIZON), sea)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(60):  # stars, thinner towards the glow
        x, y = number * 397 % WIDTH, (number * number * 31 + number * 17) % 100
        painter.setBrush(QColor(255, 250, 235, 40 + number * 53 % 120))
        painter.drawEllipse(QPointF(x, y), 0.9, 0.9)
    painter.setBrush(QColor("#f6d9a8"))
    painter.drawEllipse(QPointF(548, 62), 17, 17)
    painter.setBrush(QColor(33, 37, 70))
    painter.drawEllipse(QPointF(541, 57), 15, 15)
    painter.setBrush(QColor("#2a2746"))
    painter.drawPath(_hills(((0, 24), (40, 34), (82, 30), (120, 20), (168, 8), (196, 0))))
    painter.setBrush(QColor("#4d3f60"))
    painter.drawPath(_hills(((388, 0), (430, 9), (480, 14), (530, 26), (580, 22), (640, 30))))
    painter.setBrush(QColor("#e9dfd6"))
    x, y = _LIGHTHOUSE
    tower = QPainterPath(QPointF(x - 3, y + 4))
    for corner in ((x + 3, y + 4), (x + 5, y + 24), (x - 5, y + 24)):
        tower.lineTo(*corner)
    painter.drawPath(tower)
    painter.setBrush(QColor("#b5483f"))
    painter.drawRect(QRectF(x - 4, y + 10, 8, 5))
    painter.drawRect(QRectF(x - 4, y - 3, 8, 7))
    painter.end()
    return image


def _hills(tops: Sequence[tuple[int, int]]) -> QPainterPath:
    path = QPainterPath(QPointF(tops[0][0], _HORIZON))
    path.lineTo(tops[0][0], _HORIZON - tops[0][1])
    for (x0, up0), (x1, up1) in zip(tops, tops[1:], strict=False):
        middle = (x0 + x1) / 2
        path.cubicTo(middle, _HORIZON - up0, middle, _HORIZON - up1, x1, _HORIZON - up1)
    path.lineTo(tops[-1][0], _HORIZON)
    path.closeSubpath()
    return path


def _waves(seed: int, count: int) -> QImage:
    """A tile as wide as the picture that joins itself at the edges."""
    image = QImage(WIDTH, 110, _ARGB)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number in range(count):
        x, depth = number * 211 * seed % WIDTH, (number * number * 7 + number * seed * 13) % 100 / 100
        length = 5 + depth * 26
        painter.setPen(QPen(QColor(255, 205, 170, int(66 * (1 - depth * 0.7))), 1 + depth * 0.8))
        for shift in (0, -WIDTH):  # a stroke over the right edge comes in again at the left
            painter.drawLine(
                QPointF(x + shift, 2 + depth * 104), QPointF(x + shift + length, 2 + depth * 104)
            )
    painter.end()
    return image


def _ferry() -> QImage:
    image = QImage(180, 60, _ARGB)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor("#3b3348"), 1.6))
    painter.drawLine(92, 0, 92, 14)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#c2553f"))
    painter.drawRect(QRectF(50, 4, 13, 18))
    painter.setBrush(QColor("#2a2436"))
    painter.drawRect(QRectF(50, 3, 13, 5))
    painter.setBrush(QColor("#d9cfc8"))
    painter.drawRoundedRect(QRectF(24, 20, 112, 18), 3, 3)
    painter.drawRoundedRect(QRectF(84, 6, 40, 16), 3, 3)
    painter.setBrush(QColor("#51496a"))
    for window in range(8):
        painter.drawRoundedRect(QRectF(31 + window * 12.5, 25, 7, 6), 1.5, 1.5)
    painter.drawRect(QRectF(102, 9, 20, 6))
    hull = QPainterPath(QPointF(4, 36))
    hull.lineTo(174, 36)
    hull.quadTo(168, 50, 156, 54)
    hull.lineTo(18, 54)
    hull.quadTo(8, 50, 4, 36)
    painter.setBrush(QColor("#f0e7dd"))
    painter.drawPath(hull)
    painter.setClipPath(hull)
    painter.fillRect(QRectF(0, 46, 180, 12), QColor("#23385c"))
    painter.fillRect(QRectF(0, 44, 180, 2), QColor("#c2553f"))
    painter.end()
    return image


def _glow() -> QImage:
    image = QImage(52, 52, _ARGB)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    light = QRadialGradient(26, 26, 26)
    for at, colour in ((0, "#fffff2c8"), (0.16, "#e6ffd98a"), (0.4, "#55ffb85c"), (1, "#00ffb85c")):
        light.setColorAt(at, QColor(colour))
    painter.fillRect(image.rect(), light)
    painter.end()
    return image


# Signs as strokes in a box 4 wide and 7 high; a stroke of one point is a dot.
_ZERO = ((1, 0), (3, 0), (4, 1), (4, 6), (3, 7), (1, 7), (0, 6), (0, 1), (1, 0), (2, 0))
_SIX = ((3.6, 0), (1.4, 0.6), (0, 3), (0, 6), (1, 7), (3, 7), (4, 6), (4, 4), (3, 3), (1, 3), (0, 4))
_STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (_ZERO,),
    "1": (((0.8, 1.5), (2.4, 0), (2.4, 7)),),
    "2": (((0, 1.4), (1, 0), (3, 0), (4, 1), (4, 2.4), (0, 7), (4, 7)),),
    "3": (((0, 0), (4, 0), (2, 2.7), (3, 2.9), (4, 4), (4, 6), (3, 7), (1, 7), (0, 5.8)),),
    "4": (((3, 7), (3, 0), (0, 5), (4, 5)),),
    "5": (((3.8, 0), (0.4, 0), (0.1, 3), (3, 2.8), (4, 3.8), (4, 6), (3, 7), (1, 7), (0, 6)),),
    "6": (_SIX,),
    "7": (((0, 0), (4, 0), (1.4, 7)),),
    "8": (
        ((1, 0), (3, 0), (3.8, 0.8), (3.8, 2.5), (3, 3.3), (1, 3.3), (0.2, 2.5), (0.2, 0.8), (1, 0), (2, 0)),
        ((1, 3.3), (3, 3.3), (4, 4.2), (4, 6), (3, 7), (1, 7), (0, 6), (0, 4.2), (1, 3.3), (2, 3.3)),
    ),
    "9": (tuple((4 - x, 7 - y) for x, y in _SIX),),
    ":": (((2, 2),), ((2, 5.4),)),
    ".": (((2, 7),),),
    "#": (((1.2, 1), (0.8, 6)), ((3.2, 1), (2.8, 6)), ((0, 2.5), (4, 2.5)), ((0, 4.6), (4, 4.6))),
}


def _sign(sign: str, height: int) -> QImage:
    unit = height / 9
    box = QImage(round(unit * (3.6 if sign in ":." else 6)), height + 2, _ARGB)
    box.fill(Qt.GlobalColor.transparent)
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = unit * (-0.2 if sign in ":." else 1)
    for colour, thick in (("#70101428", 2.0), ("#fff6ecd8", 1.05)):  # a dark rim keeps it readable on any sky
        painter.setPen(
            QPen(
                QColor(colour),
                unit * thick,
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
                Qt.PenJoinStyle.RoundJoin,
            )
        )
        for stroke in _STROKES[sign]:
            points = [QPointF(left + x * unit, unit * (1.1 + y)) for x, y in stroke]
            painter.drawPath(_rounded(points, unit * 0.8))
    painter.end()
    return box


def _rounded(points: Sequence[QPointF], radius: float) -> QPainterPath:
    """The polyline with its corners cut by curves of `radius`."""
    path = QPainterPath(points[0])
    if len(points) == 1:
        path.lineTo(points[0] + QPointF(0.01, 0))
        return path
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.lineTo(_towards(corner, before, radius))
        path.quadTo(corner, _towards(corner, after, radius))
    path.lineTo(points[-1])
    return path


def _towards(here: QPointF, there: QPointF, distance: float) -> QPointF:
    way = there - here
    length = math.hypot(way.x(), way.y())
    return here + way * min(0.5, distance / length)


def _write(painter: QPainter, text: str, signs: dict[str, QImage], top: int) -> None:
    # Every sign keeps its own width, digits all the same: the clock does not tremble.
    x = (WIDTH - sum(signs[sign].width() for sign in text)) // 2
    for sign in text:
        painter.drawImage(x, top, signs[sign])
        x += signs[sign].width()
