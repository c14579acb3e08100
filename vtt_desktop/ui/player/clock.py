"""Time that runs without a film: subtitles can be played, timed and looped on a dark picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from vtt_desktop.ui.player.transport import Transport

_TICK = 20  # ms; the timer only asks what time it is, so that a late one makes no error


class VirtualClock(Transport):
    """`now` gives seconds that never go back (time.monotonic); a test gives its own and calls `tick`."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._speed = 1.0
        self._from = (0.0, 0)  # when, in `now`'s seconds, the position was what
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.tick)

    def set_duration(self, ms: int) -> None:
        """Where playing ends: the last out-time; 0 for never."""
        self._set_duration(ms)

    def play(self) -> None:
        if self.duration and self.position >= self.duration:
            self._set_position(0)
        self._mark()
        self._timer.start()
        self._set_playing(True)

    def pause(self) -> None:
        self.tick()
        self._stop()

    def seek(self, ms: int) -> None:
        self._set_position(max(0, ms))
        self._mark()

    def set_speed(self, speed: float) -> None:
        self.tick()
        self._speed = speed
        self._mark()

    def close(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        """Take over what the clock says."""
        if not self.playing:
            return
        since, position = self._from
        position += round((self._now() - since) * 1000 * self._speed)
        if self.duration and position >= self.duration:
            self._set_position(self.duration)
            if self.position >= self.duration:  # else a loop took it back
                self._stop()
        else:
            self._set_position(position)

    def _mark(self) -> None:
        self._from = (self._now(), self.position)

    def _stop(self) -> None:
        self._timer.stop()
        self._set_playing(False)
