"""The program's own icons: SVG files in one style, drawn in any colour, crisp at any scale."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from vtt_desktop.resources import resource
from vtt_desktop.sync.phase import Phase

SIZES: Final = (16, 20)
"""Sides in device-independent pixels that icons are drawn for; each at 1x and 2x."""

_BADGE: Final = {
    Phase.SYNCED: "badge-synced",
    Phase.DIRTY: "badge-dirty",
    Phase.SENDING: "badge-sending",
    Phase.UNKNOWN: "badge-unknown",
    Phase.CONFLICT: "badge-conflict",
    Phase.GONE: "badge-gone",
    Phase.REFUSED: "badge-refused",
    Phase.READ_ONLY: "badge-read-only",
}


def badge_name(phase: Phase) -> str | None:
    """The icon that shows a sync phase by its shape; None where there is no server to speak of."""
    return _BADGE.get(phase)


def pixmap(name: str, color: QColor, size: int = 16, scale: float = 1.0) -> QPixmap:
    """The icon `name` as a square of `size` device-independent pixels for a screen of `scale`. Cached.

    FileNotFoundError where the program has no such icon.
    """
    return _drawn(name, color.rgba(), size, scale)


def icon(name: str, color: QColor, disabled: QColor | None = None, sizes: tuple[int, ...] = SIZES) -> QIcon:
    """The icon `name` in `color`; for a disabled control in `disabled`, or in the same colour fainter.

    Who shows many of them at start names the `sizes` that it shows: each costs some tenths of a millisecond.
    """
    if disabled is None:
        disabled = QColor(color)
        disabled.setAlphaF(color.alphaF() * 0.38)
    return _icon(name, color.rgba(), disabled.rgba(), sizes)


@lru_cache(maxsize=512)
def _icon(name: str, rgba: int, disabled: int, sizes: tuple[int, ...]) -> QIcon:
    made = QIcon()
    for size in sizes:
        for scale in (1.0, 2.0):
            made.addPixmap(_drawn(name, rgba, size, scale))
            made.addPixmap(_drawn(name, disabled, size, scale), QIcon.Mode.Disabled)
    return made


@lru_cache(maxsize=1024)
def _drawn(name: str, rgba: int, size: int, scale: float) -> QPixmap:
    color = QColor.fromRgba(rgba)
    renderer = _renderer(name, color.name())  # before the painter: one that is left open is a crash
    drawn = QPixmap(QSize(round(size * scale), round(size * scale)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    if color.alpha() < 255:  # at once over the whole, so that strokes that cross do not show
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(drawn.rect(), QColor(0, 0, 0, color.alpha()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn


@lru_cache(maxsize=512)
def _renderer(name: str, color: str) -> QSvgRenderer:
    # QtSvg takes `currentColor` for black whatever the palette says, so the colour goes into the text.
    text = _source(name).replace(b"currentColor", color.encode())
    return QSvgRenderer(QByteArray(text))


@lru_cache(maxsize=256)
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()
