"""What asyncio calls on Qt's loop: as it came, and no more of it in one turn than a person feels."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from contextvars import Context
from itertools import count
from math import ceil
from time import monotonic, perf_counter
from typing import Any, Final

import qasync
from PySide6.QtCore import QObject, Qt, QTimerEvent

_PORTION_S: Final = 0.006
"""How long what is ready goes on in one turn; the rest of it has the next, after keys, clicks and paints."""
_MANY: Final = 100
"""Calls that were cancelled are dropped before their time where there are more of them, and half are."""


class Callbacks(QObject):
    """Runs handles when their time has come. One timer of Qt's stands for all that is ready and one for all
    that waits: Qt looks through all its timers for each that goes, and each request leaves several behind
    that were cancelled long before their time."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: deque[asyncio.Handle] = deque()
        self._later: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._order = count()
        self._turn = self._alarm = 0
        """Ids of Qt's timers; 0: none."""
        self._alarm_at = 0.0
        self._cancelled = 0
        self._over = False

    def soon(self, handle: asyncio.Handle) -> None:
        self._ready.append(handle)
        self._ask_for_turn()

    def at(self, handle: asyncio.TimerHandle) -> None:
        if handle.when() <= monotonic():
            self.soon(handle)
        else:
            heapq.heappush(self._later, (handle.when(), next(self._order), handle))
            self._set_alarm()

    def cancelled(self) -> None:
        """One that waits was cancelled."""
        self._cancelled += 1
        if self._cancelled > _MANY and 2 * self._cancelled > len(self._later):
            self._later = [entry for entry in self._later if not entry[2].cancelled()]
            heapq.heapify(self._later)
            self._cancelled = 0

    def stop(self) -> None:
        """Runs nothing more."""
        self._over = True
        for timer in filter(None, (self._turn, self._alarm)):
            self.killTimer(timer)
        self._turn = self._alarm = 0
        self._ready.clear()
        self._later.clear()

    def timerEvent(self, event: QTimerEvent) -> None:
        self.killTimer(event.timerId())
        if event.timerId() == self._alarm:
            self._alarm = 0
            self._wake()
        else:
            self._turn = 0
            self._run()

    def _wake(self) -> None:
        now = monotonic()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        self._ask_for_turn()
        self._set_alarm()

    def _run(self) -> None:
        """What is ready now; what that makes ready is for the next turn."""
        until = perf_counter() + _PORTION_S
        for _ in range(len(self._ready)):
            if not self._ready or perf_counter() > until:
                break  # a loop within one of them, as of a menu, went on with the others
            handle = self._ready.popleft()
            self._ask_for_turn()  # before it: a loop within it goes on with the others
            if not handle.cancelled():
                handle._run()

    def _ask_for_turn(self) -> None:
        if self._ready and not self._turn and not self._over:
            self._turn = self.startTimer(0, Qt.TimerType.PreciseTimer)

    def _set_alarm(self) -> None:
        while self._later and self._later[0][2].cancelled():
            heapq.heappop(self._later)
        if not self._later or self._over or (self._alarm and self._alarm_at <= self._later[0][0]):
            return
        if self._alarm:
            self.killTimer(self._alarm)
        self._alarm_at = self._later[0][0]
        delay = max(0, ceil((self._alarm_at - monotonic()) * 1000))
        self._alarm = self.startTimer(min(delay, 2**31 - 1), Qt.TimerType.PreciseTimer)


class Loop(qasync.QEventLoop):  # type: ignore[misc]  # qasync tells no types
    """qasync's, with these callbacks in place of a timer of Qt's for each."""

    def __init__(self, app: object) -> None:
        self._callbacks = Callbacks()
        super().__init__(app)

    def call_soon(self, callback: Any, *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._callbacks.soon(handle)
        return handle

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._callbacks.at(handle)
        return handle

    def call_later(
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """asyncio tells it of one that was put off by `call_at`."""
        self._callbacks.cancelled()

    def close(self) -> None:
        super().close()
        self._callbacks.stop()
