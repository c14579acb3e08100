"""Measures a program from inside: when its rows were there, and how long its loop did not turn."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

REST_S = 1.2
"""How long a program is watched after its rows are there."""
TICK_MS = 2


def clock() -> float:
    """Seconds of a clock that all processes of the machine share."""
    return time.clock_gettime(time.CLOCK_MONOTONIC) if hasattr(time, "CLOCK_MONOTONIC") else time.time()


def resident() -> float:
    """MB of memory that this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Pulse:
    """Ticks as often as the loop lets it; `longest` is the longest gap between two ticks, s."""

    def __init__(self, tick: Callable[[], object] = lambda: None) -> None:
        self._tick = tick
        self.longest = 0.0
        self._last = clock()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._turn)
        self._timer.start()

    def again(self) -> float:
        """The longest gap so far, s; from here on it is measured anew."""
        longest, self.longest, self._last = self.longest, 0.0, clock()
        return longest

    def stop(self) -> None:
        self._timer.stop()

    def _turn(self) -> None:
        now = clock()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        self._tick()


class Watch:
    """Told that the rows are there, it watches the loop for a while, prints when the rows were there, the CPU
    seconds until then, the longest gap, ms, and the resident memory, MB; then it leaves."""

    def __init__(self, leave: Callable[[], object]) -> None:
        self._leave = leave
        self._pulse: Pulse | None = None

    def rows_are_there(self) -> None:
        """Call it at the end of the paint that showed them."""
        if self._pulse is None:
            self._visible, self._cpu = clock(), time.process_time()
            self._pulse = Pulse(self._look)

    def _look(self) -> None:
        assert self._pulse is not None
        if clock() - self._visible > REST_S:
            self._pulse.stop()
            print(self._visible, self._cpu, self._pulse.longest * 1000, resident(), flush=True)
            self._leave()
