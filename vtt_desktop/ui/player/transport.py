"""What moves time: a film's player, or a clock where there is no film."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

FALLBACK_FPS = 25.0
"""Pictures a second where nothing says otherwise."""


class Picture(Protocol):
    """A picture of the film that becomes an image when it is painted (Qt's QVideoFrame is one)."""

    def toImage(self) -> QImage: ...


class Transport(QObject):
    """The base of both. Times are milliseconds from the film's start.

    `seek` moves `position` at once; the picture follows. All on the GUI thread.
    """

    position_changed = Signal(int)
    playing_changed = Signal(bool)
    duration_changed = Signal(int)
    picture_changed = Signal(object)
    """A `Picture` to show, or None."""
    failed = Signal(str)
    """One sentence for the person; nothing more comes from this transport."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.position = 0
        self.duration = 0
        self.playing = False
        self.frame_rate = FALLBACK_FPS

    def play(self) -> None:
        """From `position`, or from the start where that is the end."""
        raise NotImplementedError

    def pause(self) -> None:
        raise NotImplementedError

    def seek(self, ms: int) -> None:
        raise NotImplementedError

    def set_speed(self, speed: float) -> None:
        """1 is as filmed."""
        raise NotImplementedError

    def close(self) -> None:
        """No signal comes after this."""
        raise NotImplementedError

    def _set_position(self, ms: int) -> None:
        if ms != self.position:
            self.position = ms
            self.position_changed.emit(ms)

    def _set_playing(self, playing: bool) -> None:
        if playing != self.playing:
            self.playing = playing
            self.playing_changed.emit(playing)

    def _set_duration(self, ms: int) -> None:
        if ms != self.duration:
            self.duration = ms
            self.duration_changed.emit(ms)
