"""The film's sound as pictures: tiles that are drawn once a zoom and then only copied.

Needs no numpy: a tile is put together when it first comes into view, and what the peaks
hand over is read as a plain list. So nothing heavy is imported with the window.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from vtt_desktop.ui.timeline.geometry import Geometry

TILE = 512
"""Pixels: wide enough that few are copied a frame, narrow enough that one costs nothing to draw."""
_KEPT = 64
_LOUDEST = 127
_QUARTER = QTransform().rotate(90)


class Column(Protocol):
    """A row of small whole numbers: a numpy array, an `array.array` or a memoryview."""

    def tolist(self) -> list[int]: ...


class Peaks(Protocol):
    """The sound as far as it has been measured; a longer value replaces it while a film is being read."""

    @property
    def known(self) -> int:
        """Up to where it is measured, ms."""

    @property
    def complete(self) -> bool: ...
    def envelope(self, start: int, end: int, columns: int) -> tuple[Column, Column]:
        """(lowest, highest) sample, -127 … 127, of each of `columns` equal stretches of [start, end) ms."""


class PeaksLater:
    """The same sound where its film begins at `first` (ms) and not at nought."""

    def __init__(self, peaks: Peaks, first: int) -> None:
        self._peaks, self._first = peaks, first

    @property
    def known(self) -> int:
        return self._peaks.known + self._first

    @property
    def complete(self) -> bool:
        return self._peaks.complete

    def envelope(self, start: int, end: int, columns: int) -> tuple[Column, Column]:
        return self._peaks.envelope(start - self._first, end - self._first, columns)


_Key = tuple[float, int, int, int, float]


class Waveform:
    """Draws the peaks of a film. Tiles are kept by zoom, place, height, colour and the screen's scale."""

    def __init__(self) -> None:
        self._peaks: Peaks | None = None
        self._tiles: OrderedDict[_Key, QImage] = OrderedDict()
        self._rows = 0
        self._strips: dict[tuple[int, int], bytes] = {}

    @property
    def peaks(self) -> Peaks | None:
        return self._peaks

    def set_peaks(self, peaks: Peaks | None) -> None:
        """Takes other peaks. Longer ones of the same film keep every tile that was whole already.

        That they are of the same film is the caller's word: between two films it gives None.
        """
        old, self._peaks = self._peaks, peaks
        if old is None or peaks is None or peaks.known < old.known:
            self._tiles.clear()
            return
        for key in [key for key in self._tiles if (key[1] + 1) * TILE * key[0] >= old.known - 10]:
            del self._tiles[key]

    def draw(
        self, painter: QPainter, geometry: Geometry, area: QRect, first: int, last: int, color: QColor
    ) -> None:
        """Copies the sound between the pixels `first` and `last` of the view into `area`'s height."""
        if self._peaks is None or last <= first:
            return
        scale = painter.device().devicePixelRatioF()
        begin, end = first + geometry.origin, last + geometry.origin
        for index in range(begin // TILE, (end - 1) // TILE + 1):
            left, right = max(begin, index * TILE), min(end, (index + 1) * TILE)
            tile = self._tile((geometry.ms_per_px, index, area.height(), color.rgba(), scale))
            source = QRect(
                round((left - index * TILE) * scale), 0, round((right - left) * scale), tile.height()
            )
            painter.drawImage(
                QRect(left - geometry.origin, area.top(), right - left, area.height()), tile, source
            )

    def _tile(self, key: _Key) -> QImage:
        found = self._tiles.get(key)
        if found is not None:
            self._tiles.move_to_end(key)
            return found
        self._tiles[key] = drawn = self._drawn(key)
        while len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        return drawn

    def _drawn(self, key: _Key) -> QImage:
        """Each column is a string of bytes from a small store; together they are the picture lying on its
        side. That is three times as fast as drawing lines, which zooming would feel."""
        ms_per_px, index, height, rgba, scale = key
        columns, rows = round(TILE * scale), round(height * scale)
        if rows != self._rows:
            self._rows, self._strips = rows, {}
        assert self._peaks is not None
        start, end = round(index * TILE * ms_per_px), round((index + 1) * TILE * ms_per_px)
        lowest, highest = self._peaks.envelope(start, end, columns)
        pairs = zip(reversed(lowest.tolist()), reversed(highest.tolist()), strict=True)
        strips = self._strips
        data = b"".join([strips.get(pair) or self._strip(pair) for pair in pairs])
        lying = QImage(data, rows, columns, rows, QImage.Format.Format_Indexed8)
        lying.setColorTable([0, rgba])
        upright = lying.transformed(_QUARTER)
        return upright.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def _strip(self, pair: tuple[int, int]) -> bytes:
        low, high = pair
        unit = (self._rows / 2 - 1) / _LOUDEST
        top, bottom = self._rows // 2 - int(high * unit), self._rows // 2 - int(low * unit) + 1
        if not low and not high:
            top = bottom
        made = b"\0" * top + b"\1" * (bottom - top) + b"\0" * (self._rows - bottom)
        self._strips[pair] = made
        return made
