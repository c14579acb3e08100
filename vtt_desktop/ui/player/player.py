"""The one thing the window plays with: a film where there is one, a clock where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, SignalInstance

from vtt_desktop.ui.player.clock import VirtualClock
from vtt_desktop.ui.player.framing import frame_at, frame_start
from vtt_desktop.ui.player.transport import Transport

OpenMedia = Callable[[Path], Transport]
"""Opens a film. `app` gives one that imports QtMultimedia when it is first called."""

STAMPS_WRAP = (1 << 33) / 90
"""ms after which a film's time stamps begin again (ISO/IEC 13818-1 2.4.3.7: 33 bits at 90 kHz)."""
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0)


class _Range(NamedTuple):
    start: int
    end: int
    loop: bool


class Player(QObject):
    """Times are milliseconds on the clock of the cues; all on the GUI thread.

    That clock counts from the film's first picture, unless the document maps it to the film's own time
    stamps (`set_map`, `set_film_start`): then the first picture may be at any time, below nought as well.

    A seek by a person ends a `play_range`. `failed` carries one sentence, after which the clock has
    taken over and the media is None.
    """

    position_changed = Signal(int)
    state_changed = Signal(bool)
    """Whether it plays."""
    duration_changed = Signal(int)
    speed_changed = Signal(float)
    media_changed = Signal(object)
    """The Path of the film, or None."""
    picture_changed = Signal(object)
    """A `transport.Picture`, or None where there is nothing to show."""
    failed = Signal(str)

    def __init__(
        self, open_media: OpenMedia, now: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._open_media = open_media
        self._clock = VirtualClock(now, self)
        self._transport: Transport = self._clock
        self._media: Path | None = None
        self._speed = 1.0
        self._range: _Range | None = None
        self._map: int | None = None
        self._film_start = 0
        self._join(self._clock)

    @property
    def media(self) -> Path | None:
        return self._media

    @property
    def position(self) -> int:
        return self._transport.position - self._shift

    @property
    def duration(self) -> int:
        """How long the film is; without one the length of the text, see `set_text_length`."""
        return self._transport.duration

    @property
    def first(self) -> int:
        """When the first picture shows."""
        return -self._shift

    @property
    def last(self) -> int:
        """When the film ends; nought while that is not known."""
        return self._transport.duration - self._shift if self._transport.duration else 0

    @property
    def playing(self) -> bool:
        return self._transport.playing

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def frame_rate(self) -> float:
        """Pictures a second."""
        return self._transport.frame_rate

    def open(self, path: Path) -> None:
        """Play `path` from now on, at the position of before; what goes wrong comes through `failed`."""
        self._swap(self._open_media(path), path)

    def close(self) -> None:
        """Back to the clock, at the same position."""
        if self._media is not None:
            self._swap(self._clock, None)

    def set_text_length(self, ms: int) -> None:
        """Where the clock ends when there is no film: the last out-time."""
        self._clock.set_duration(ms)

    def set_map(self, offset: int | None) -> None:
        """Cue times plus `offset` are the film's time stamps; None: they count from its first picture."""
        before, self._map = self._shift, offset
        self._tell_if_moved(before)

    def set_film_start(self, ms: int) -> None:
        """The time stamp of the open film's first picture, ms."""
        before, self._film_start = self._shift, ms
        self._tell_if_moved(before)

    def play(self) -> None:
        self._range = None
        self._transport.play()

    def pause(self) -> None:
        self._range = None
        self._transport.pause()

    def toggle(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def seek(self, ms: int) -> None:
        """To `ms`; beyond either end means that end."""
        self._range = None
        self._transport.seek(ms + self._shift)

    def step(self, frames: int) -> None:
        """By so many pictures, back where negative, to the beginning of that picture; stops playing."""
        self.pause()
        number = max(0, frame_at(self._transport.position, self.frame_rate) + frames)
        self.seek(frame_start(number, self.frame_rate) - self._shift)

    def set_speed(self, speed: float) -> None:
        """1 is as filmed. The pitch of voices is kept where Qt can."""
        if speed != self._speed:
            self._speed = speed
            self._transport.set_speed(speed)
            self.speed_changed.emit(speed)

    def play_range(self, start: int, end: int, loop: bool = False) -> None:
        """From `start` to `end` and stop there, or over and over."""
        self._transport.seek(start + self._shift)
        self._range = _Range(start, end, loop)
        self._transport.play()

    @property
    def _shift(self) -> int:
        """ms to add to a cue's time for that from the first picture. A clock without a film has no stamps."""
        if self._map is None or self._media is None:
            return 0
        # Stamps of 33 bits begin again: of all the films that this may mean, the nearest one.
        by = (self._map - self._film_start + STAMPS_WRAP / 2) % STAMPS_WRAP - STAMPS_WRAP / 2
        return round(by)

    def _tell_if_moved(self, before: int) -> None:
        """The same picture is at another time now."""
        if self._shift != before:
            self.duration_changed.emit(self.duration)
            self.position_changed.emit(self.position)

    def _swap(self, transport: Transport, media: Path | None) -> None:
        old, position = self._transport, self.position
        old.pause()
        for signal, slot in self._wires(old):
            signal.disconnect(slot)
        if old is not self._clock:
            old.close()
            old.deleteLater()
        self._transport, self._media, self._range = transport, media, None
        self._film_start = 0
        self._join(transport)
        transport.set_speed(self._speed)
        transport.seek(position + self._shift)
        self.state_changed.emit(False)
        self.media_changed.emit(media)
        self.duration_changed.emit(transport.duration)
        if media is None:
            self.picture_changed.emit(None)

    def _join(self, transport: Transport) -> None:
        for signal, slot in self._wires(transport):
            signal.connect(slot)

    def _wires(
        self, transport: Transport
    ) -> tuple[tuple[SignalInstance, SignalInstance | Callable[..., None]], ...]:
        return (
            (transport.position_changed, self._on_position),
            (transport.playing_changed, self.state_changed),
            (transport.duration_changed, self.duration_changed),
            (transport.picture_changed, self.picture_changed),
            (transport.failed, self._on_failed),
        )

    def _on_position(self, ms: int) -> None:
        ms -= self._shift
        self.position_changed.emit(ms)
        played = self._range
        if played is None or ms < played.end or not self.playing:
            return
        if played.loop and played.end > played.start:
            self._transport.seek(played.start + self._shift)
        else:
            self.pause()
            self._transport.seek(played.end + self._shift)

    def _on_failed(self, message: str) -> None:
        self.close()
        self.failed.emit(message)
