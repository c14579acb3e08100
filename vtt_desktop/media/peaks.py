"""Waveform peaks: the lowest and the highest sample of every stretch of sound, at several scales.

No FFmpeg here; `media.measure` decodes. One bucket is 256 samples at the track's own rate (5.3 ms at
48 kHz), each further level joins four buckets of the one below, so that a view of any width reads
a few buckets for each of its columns: drawing costs the same at any zoom of a film of any length.
Two hours of sound are 1.35 million buckets: 3.6 MB with all levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BUCKET = 256
"""Samples in a bucket of the finest level."""
STEP = 4
"""Buckets of one level in a bucket of the next."""
_COARSEST = 64  # buckets; a level with no more than this needs no coarser one
_FINE = 4  # buckets a column at least, so that a column shows a quarter of its neighbour at most
_SILENT = np.zeros(1, np.int8)

Extremes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Peaks:
    """The peaks known so far. Frozen: while a film is measured, each report is a new, longer value.

    `levels` run from fine to coarse, each the (lowest, highest) samples from -127 to 127.
    `expected` is the length of the whole track in milliseconds as the container says.
    """

    sample_rate: int
    levels: tuple[tuple[Extremes, Extremes], ...]
    expected: int
    complete: bool

    @property
    def known(self) -> int:
        """Milliseconds of sound measured, from the beginning of the film."""
        return len(self.levels[0][0]) * BUCKET * 1000 // self.sample_rate

    def envelope(self, start: int, end: int, columns: int) -> tuple[Extremes, Extremes]:
        """The (lowest, highest) of each of `columns` equal stretches from `start` to `end`, milliseconds.

        Where nothing is known, before the film and after it, both are 0. Under a millisecond for
        2,000 columns (0.1 measured), whatever the film's length.
        """
        low, high = np.zeros(columns, np.int8), np.zeros(columns, np.int8)
        if columns <= 0 or end <= start:
            return low, high
        buckets_wide = (end - start) / 1000 * self.sample_rate / BUCKET
        level = 0
        while level + 1 < len(self.levels) and buckets_wide / STEP ** (level + 1) >= columns * _FINE:
            level += 1
        lowest, highest = self.levels[level]
        scale = self.sample_rate / 1000 / BUCKET / STEP**level
        edges = np.linspace(start * scale, end * scale, columns + 1)
        # Every bucket that a column touches counts in it, so no peak is lost or moved to a neighbour.
        first = np.floor(edges[:-1]).astype(np.int64)
        last = np.maximum(np.ceil(edges[1:]).astype(np.int64), first + 1)
        touched = np.flatnonzero((last > 0) & (first < len(lowest)))
        if not len(touched):
            return low, high
        begin, stop = int(touched[0]), int(touched[-1]) + 1
        first = np.maximum(first[begin:stop], 0)
        last = np.minimum(last[begin:stop], len(lowest))
        offset, until = int(first[0]), int(last[-1])
        # `reduceat` takes (from, to) pairs when every second result is dropped; `to` must be an index,
        # hence one bucket of silence at the end.
        pairs = np.column_stack((first, last)).ravel() - offset
        low[begin:stop] = np.minimum.reduceat(np.append(lowest[offset:until], _SILENT), pairs)[::2]
        high[begin:stop] = np.maximum.reduceat(np.append(highest[offset:until], _SILENT), pairs)[::2]
        return low, high


def peaks_from(
    lowest: Extremes, highest: Extremes, sample_rate: int, expected: int, *, complete: bool = True
) -> Peaks:
    """Peaks over the finest level, with the coarser ones made from it."""
    pyramid = Pyramid(len(lowest))
    pyramid.append(lowest, highest)
    return Peaks(sample_rate, pyramid.levels(whole=complete), expected, complete)


class Pyramid:
    """All levels while they grow. What is filled never changes, so views of it may be handed out."""

    def __init__(self, buckets: int) -> None:
        """`buckets` is how many are expected: more make it grow, fewer cost nothing."""
        self._filled: list[int] = []
        self._rows: list[tuple[Extremes, Extremes]] = []
        while True:
            room = max(buckets, _COARSEST)
            self._rows.append((np.zeros(room, np.int8), np.zeros(room, np.int8)))
            self._filled.append(0)
            if buckets <= _COARSEST:
                break
            buckets = -(-buckets // STEP)

    @property
    def length(self) -> int:
        """Buckets of the finest level filled."""
        return self._filled[0]

    def append(self, lowest: Extremes, highest: Extremes) -> None:
        """Further buckets of the finest level; every level takes those that are full."""
        self._put(0, lowest, highest)
        for level in range(1, len(self._rows)):
            below_low, below_high = self._rows[level - 1]
            begin, end = self._filled[level] * STEP, self._filled[level - 1] // STEP * STEP
            if end <= begin:
                break
            self._put(
                level,
                below_low[begin:end].reshape(-1, STEP).min(axis=1),
                below_high[begin:end].reshape(-1, STEP).max(axis=1),
            )

    def levels(self, *, whole: bool) -> tuple[tuple[Extremes, Extremes], ...]:
        """Views of what is filled; with `whole` the last bucket of a coarse level may be a part of one."""
        found: list[tuple[Extremes, Extremes]] = []
        for level, (filled, (low, high)) in enumerate(zip(self._filled, self._rows, strict=True)):
            low, high = low[:filled], high[:filled]
            if whole and level and (rest := len(found[-1][0]) - filled * STEP) > 0:
                low = np.append(low, found[-1][0][-rest:].min())
                high = np.append(high, found[-1][1][-rest:].max())
            found.append((low, high))
        return tuple(found)

    def _put(self, level: int, lowest: Extremes, highest: Extremes) -> None:
        begin = self._filled[level]
        end = begin + len(lowest)
        self._rows[level] = _with_room(self._rows[level], end)
        low, high = self._rows[level]
        low[begin:end], high[begin:end] = lowest, highest
        self._filled[level] = end


def _with_room(row: tuple[Extremes, Extremes], buckets: int) -> tuple[Extremes, Extremes]:
    if buckets <= len(row[0]):
        return row
    grown = [np.zeros(buckets * 3 // 2, np.int8) for _ in row]
    for new, old in zip(grown, row, strict=True):
        new[: len(old)] = old
    return grown[0], grown[1]


def buckets_of(samples: Sequence[NDArray[np.float32]] | NDArray[np.float32]) -> tuple[Extremes, Extremes]:
    """The finest level of `samples`, channels × (a whole number of buckets), -1 … 1.

    All channels count: the voice may be in any of them.
    """
    rows = np.asarray(samples).reshape(len(samples), -1, BUCKET)
    # Towards the larger magnitude, so that a faint sound is not drawn as silence.
    low = np.floor(rows.min(axis=(0, 2)) * 127).clip(-127, 0)
    high = np.ceil(rows.max(axis=(0, 2)) * 127).clip(0, 127)
    return low.astype(np.int8), high.astype(np.int8)
