"""Peaks kept from one day to the next, so that a film known already shows its waveform at once.

A file that was cut, changed or written by another version is measured anew; a cache that cannot be
written costs time, never work, so it is logged and not shown.
"""

from __future__ import annotations

import hashlib
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs

from vtt_desktop.media.peaks import Peaks, peaks_from

_HEADER = struct.Struct("<8sIIIII")  # magic, sample rate, expected ms, buckets, crc of lowest, crc of highest
_MAGIC = b"VTTPEAK1"
_KEPT = 100  # films; the ones not looked at for longest go first

_log = logging.getLogger(__name__)


def cache_directory() -> Path:
    """Where this system keeps what a program can make again."""
    return Path(platformdirs.user_cache_dir("vtt-desktop", appauthor=False)) / "peaks"


class PeakCache:
    """Peaks by film: its path, size and time of change. Any thread, any number of programs."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def load(self, film: Path, track: int = 0) -> Peaks | None:
        """The peaks of `film` as it is now, or None. Never raises for what lies in the cache."""
        place = self._place(film, track)
        if place is None:
            return None
        try:
            peaks = _unpack(place.read_bytes())
        except OSError:
            return None
        if peaks is None:
            _log.info("damaged peaks are measured anew: %s", place)
            return None
        with suppress(OSError):
            os.utime(place)
        return peaks

    def store(self, film: Path, peaks: Peaks, track: int = 0) -> None:
        """Keep complete peaks; the file appears whole or not at all."""
        place = self._place(film, track)
        if place is None or not peaks.complete:
            return
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self._directory, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_pack(peaks))
                os.replace(part, place)
            finally:
                Path(part).unlink(missing_ok=True)
            self._forget_old()
        except OSError as error:
            _log.warning("peaks are not kept: %s", error)

    def load_or_measure(
        self,
        film: Path,
        measure: Callable[[Path, int], Peaks | None],
        track: int = 0,
    ) -> Peaks | None:
        """Kept peaks, else what `measure(film, track)` finds, kept. None where that was cancelled."""
        found = self.load(film, track)
        if found is None:
            found = measure(film, track)
            if found is not None:
                self.store(film, found, track)
        return found

    def _place(self, film: Path, track: int) -> Path | None:
        try:
            status = film.stat()
            name = f"{film.resolve()}\0{status.st_size}\0{status.st_mtime_ns}\0{track}"
        except OSError:
            return None
        return self._directory / (hashlib.sha256(os.fsencode(name)).hexdigest() + ".peaks")

    def _forget_old(self) -> None:
        kept = sorted(self._directory.glob("*.peaks"), key=lambda place: place.stat().st_mtime, reverse=True)
        for place in kept[_KEPT:]:
            place.unlink(missing_ok=True)


def _pack(peaks: Peaks) -> bytes:
    low, high = (row.tobytes() for row in peaks.levels[0])
    head = _HEADER.pack(
        _MAGIC, peaks.sample_rate, peaks.expected, len(low), zlib.crc32(low), zlib.crc32(high)
    )
    return head + low + high


def _unpack(data: bytes) -> Peaks | None:
    if len(data) < _HEADER.size:
        return None
    magic, rate, expected, buckets, low_sum, high_sum = _HEADER.unpack_from(data)
    low, high = data[_HEADER.size : _HEADER.size + buckets], data[_HEADER.size + buckets :]
    if magic != _MAGIC or not rate or not buckets or len(high) != buckets:
        return None
    if zlib.crc32(low) != low_sum or zlib.crc32(high) != high_sum:
        return None
    return peaks_from(np.frombuffer(low, np.int8), np.frombuffer(high, np.int8), rate, expected)
