"""Short sentences on the picture about the cues on it, where they cover none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from vtt_desktop.ui.theme import UNIT, font

# As the film, they look the same in every theme.
_SIGN, _SIGN_WORDS = QColor(20, 23, 26, 200), QColor("#d7dee3")
_MARGIN = 2 * UNIT
_LARGEST = 0.6
"""Share of the picture's width up to which the longer words are taken."""


def paint_sign(painter: QPainter, said: tuple[str, str], picture: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """Paints the first of `said`, the second where the picture is too narrow; gives back where. `taken` are
    the places of cues and other signs, in pixels of the widget like `picture`."""
    painter.setFont(font())
    long, short = said
    metrics = painter.fontMetrics()
    words = long if metrics.horizontalAdvance(long) <= _LARGEST * picture.width() else short
    box = metrics.boundingRect(words).toRectF().adjusted(-2 * UNIT, -UNIT, 2 * UNIT, UNIT)
    box = freest_corner(box, picture, taken)
    painter.fillRect(box, _SIGN)
    painter.setPen(_SIGN_WORDS)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
    return box


def freest_corner(box: QRectF, picture: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """`box` moved to the corner of the picture where it covers nothing of `taken`, or least of it. Captions
    hardly ever are at the right above."""
    inside = picture.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    left, right = inside.left(), inside.right() - box.width()
    top, bottom = inside.top(), inside.bottom() - box.height()
    corners = [
        QRectF(QPointF(x, y), box.size())
        for x, y in ((right, top), (left, top), (right, bottom), (left, bottom))
    ]
    return min(corners, key=lambda corner: sum(_common(corner, other) for other in taken))


def _common(one: QRectF, other: QRectF) -> float:
    both = one.intersected(other)
    return both.width() * both.height()
