"""A loop whose time passes at once, computers on it that can be suspended, and the error that a broken rule
of saving is."""

from __future__ import annotations

import asyncio
import heapq
import selectors
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
SHORTEST_S = 1e-6
"""No wait is shorter."""


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
        self.held: list[asyncio.Handle] = []
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


class _Handle(asyncio.Handle):
    """What is to be run as soon as may be."""

    def _run(self) -> None:
        computer = self._context.get(_COMPUTER)  # type: ignore[attr-defined]
        if computer is not None and computer.asleep:
            computer.held.append(self)
        else:
            super()._run()  # type: ignore[misc]


class _Timer(asyncio.TimerHandle):
    """What is to be run at a time of the computer that it was set on."""

    __slots__ = ("missed",)

    def _run(self) -> None:
        computer = self._context.get(_COMPUTER)  # type: ignore[attr-defined]
        if computer is None:
            super()._run()  # type: ignore[misc]
        elif computer.asleep:
            computer.held.append(self)
        elif computer.missed > self.missed:  # the clock that it goes by stood still meanwhile
            self._when += computer.missed - self.missed
            self._loop.set(self, computer.missed)  # type: ignore[attr-defined]
        else:
            super()._run()  # type: ignore[misc]


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes at once when there is nothing else to do."""

    _ready: Any
    _scheduled: Any

    def __init__(self) -> None:
        self.now = 0.0
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout: float | None = None) -> list[Any]:
                if timeout is None:
                    raise Broken("I6 nothing will ever happen again, and somebody waits")
                loop.now += max(timeout, 0.0)
                return []  # nothing here has a socket or a thread

        super().__init__(Selector())

    def time(self) -> float:
        computer = _COMPUTER.get(None)
        return self.now if computer is None else self.now - computer.missed

    async def pause(self, seconds: float) -> None:
        """Lets virtual time pass."""
        done = self.create_future()
        self.call_later(seconds, lambda: done.done() or done.set_result(None))
        await done

    # As in the base class, with handles of our own

    def call_later(
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        # Time does not pass by itself here: a wait that is lost in the rounding would never end.
        delay = max(delay, SHORTEST_S) if delay > 0 else delay
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def _call_soon(self, callback: Any, args: Any, context: Context | None) -> asyncio.Handle:
        handle = _Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_at(
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = _Timer(when, callback, args, self, context)
        computer = timer._context.get(_COMPUTER)  # type: ignore[attr-defined]
        missed = computer.missed if computer is not None else 0.0
        timer._when += missed
        self.set(timer, missed)
        return timer

    def set(self, timer: _Timer, missed: float) -> None:
        timer.missed = missed
        timer._scheduled = True  # type: ignore[attr-defined]
        heapq.heappush(self._scheduled, timer)

    def go_on(self, handles: list[asyncio.Handle]) -> None:
        self._ready.extend(handles)
