"""A loop whose time passes at once, computers on it that can be suspended, and the error that a broken rule
of saving is."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SHORTEST_S = 1e-6
"""No wait is shorter."""
JUST_NOW_S = 1e-9
"""What is due within that time is due now."""


class Broken(AssertionError):
    """A rule of saving was broken; it begins with the invariant's name."""


class Computer:
    """What a desk runs on: whatever begins in `run` is held up while it is suspended.

    Its monotonic clock `time` stops for as long (CLOCK_MONOTONIC of Linux), or goes on (Windows, macOS).
    """

    def __init__(self, loop: VirtualLoop, *, stops: bool) -> None:
        self.context = copy_context()
        self.context.run(_COMPUTER.set, self)
        self.asleep = False
        self.naps = 0
        """How often it was suspended."""
        self.missed = 0.0
        """Seconds that its monotonic clock did not count."""
        self.held: list[_Handle] = []
        """What is to go on when it wakes."""
        self._loop = loop
        self._stops = stops
        self._since = 0.0

    def run(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls it as a part of what runs here; not from within."""
        return self.context.run(what, *args, **kwargs)

    def time(self) -> float:
        """Its monotonic clock, in seconds."""
        return self._loop.now - self.missed

    def suspend(self) -> None:
        self.asleep, self._since = True, self._loop.now
        self.naps += 1

    def wake(self) -> None:
        if not self.asleep:
            return
        self.asleep = False
        if self._stops:
            self.missed += self._loop.now - self._since
        self._loop.go_on(self.held)
        self.held = []


_COMPUTER: ContextVar[Computer] = ContextVar("computer")


class _Handle:
    """What is to be run as soon as may be, on the computer that it was set on. As asyncio.Handle, which does
    much more that nobody asks for here, for those who set it: ten million times a run."""

    __slots__ = ("args", "callback", "called_off", "computer", "context")

    def __init__(self, callback: Any, args: Any, context: Context | None) -> None:
        self.context = context = copy_context() if context is None else context
        self.callback, self.args, self.called_off = callback, args, False
        self.computer = context.get(_COMPUTER)

    def cancel(self) -> None:
        self.called_off = True
        self.callback = self.args = None

    def cancelled(self) -> bool:
        return self.called_off

    def run(self) -> None:
        """A failure in it goes through the loop to whoever runs that."""
        if self.computer is not None and self.computer.asleep:
            self.computer.held.append(self)
        else:
            self.context.run(self.callback, *self.args)


class _Timer(_Handle):
    """What is to be run at a time of the computer that it was set on."""

    __slots__ = ("due", "loop", "missed")

    def __init__(
        self, when: float, callback: Any, args: Any, loop: VirtualLoop, context: Context | None
    ) -> None:
        super().__init__(callback, args, context)
        self.loop = loop
        self.missed = self.computer.missed if self.computer is not None else 0.0
        self.due = when + self.missed
        """By the clock of the loop; it counts what the computer's one misses."""

    def __lt__(self, other: _Timer) -> bool:
        return self.due < other.due

    def run(self) -> None:
        computer = self.computer
        if computer is not None and computer.missed > self.missed and not computer.asleep:
            # The clock that it goes by stood still meanwhile.
            self.due += computer.missed - self.missed
            self.missed = computer.missed
            heapq.heappush(self.loop.timers, self)
        else:
            super().run()


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop whose time passes at once when there is nothing else to do: nobody here waits for a socket or a
    thread."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.timers: list[_Timer] = []
        """A heap of what is to be run later."""
        self._soon: deque[_Handle] = deque()

    def time(self) -> float:
        computer = _COMPUTER.get(None)
        return self.now if computer is None else self.now - computer.missed

    def pause(self, seconds: float) -> asyncio.Future[None]:
        """Lets virtual time pass."""
        done = self.create_future()
        self.call_later(seconds, _over, done)
        return done

    def go_on(self, handles: list[_Handle]) -> None:
        self._soon.extend(handles)

    # As in the base class, with handles of our own

    def call_soon(  # type: ignore[override]
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> _Handle:
        handle = _Handle(callback, args, context)
        self._soon.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> _Handle:
        # Time does not pass by itself here: a wait that is lost in the rounding would never end.
        delay = SHORTEST_S if 0 < delay < SHORTEST_S else delay
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> _Handle:
        timer = _Timer(when, callback, args, self, context)
        heapq.heappush(self.timers, timer)
        return timer

    def _run_once(self) -> None:
        """One round: all that is ready at its beginning is run; where nothing is, time passes first."""
        soon, timers = self._soon, self.timers
        while timers and timers[0].called_off:
            heapq.heappop(timers)
        if not soon and not self._stopping:  # type: ignore[attr-defined]
            if not timers:
                raise Broken("I6 nothing will ever happen again, and somebody waits")
            self.now = max(self.now, timers[0].due)
        end = self.now + JUST_NOW_S
        while timers and timers[0].due < end:
            soon.append(heapq.heappop(timers))
        for _ in range(len(soon)):
            handle = soon.popleft()
            if not handle.called_off:
                handle.run()


def _over(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)
