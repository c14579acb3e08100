"""When each segment has its turn: after a pause in typing, a few at once, with back-off after failures."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from vtt_desktop.sync.link import LinkWatch, waited
from vtt_desktop.sync.ports import Spawn
from vtt_desktop.sync.state import SyncState

PARALLEL = 8
"""Requests that are out at once."""
_TURNS = 2 * PARALLEL
"""Segments that have their turn at once: while some are out, others are written to disk before they go."""
_MANY = 100
"""Where so much in the queue does not hold any more, and an eighth of what does, it goes at once."""


@dataclass(slots=True)
class _Tries:
    """How a segment's last turns went: it has none before `until`; before `asked` the server wants none."""

    failures: int = 0
    until: float = 0.0
    asked: float = 0.0


class Schedule:
    """Gives segments their turns by calling `fly(key)`, never two at once for one segment (I13).

    `clock` counts seconds that only grow; no decision rests on a wall clock (I15).
    """

    def __init__(
        self,
        state: SyncState,
        link: LinkWatch,
        spawn: Spawn,
        clock: Callable[[], float],
        jitter: Callable[[], float],
        fly: Callable[[str], Awaitable[None]],
    ) -> None:
        self._state = state
        self._link = link
        self._spawn = spawn
        self._clock = clock
        self._jitter = jitter
        self._fly = fly
        self._due: dict[str, float] = {}
        self._queue: list[tuple[float, str]] = []
        self._flying: set[str] = set()
        self._probe = ""
        self._tries: dict[str, _Tries] = {}
        self._moved = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False
        self._held = False
        link.on_up.append(self.everything)
        link.on_change.append(self._woken)

    @property
    def stopped(self) -> bool:
        return self._stopped

    @property
    def idle(self) -> bool:
        """Nothing under way and nothing waiting for its time."""
        return not self._flying and (not self._due or self._stopped or not self._link.up)

    def later(self, key: str, delay: float) -> None:
        """The segment's next turn in `delay` seconds, if it wants one; not before its back-off ends."""
        self.later_all((key,), delay)

    def later_all(self, keys: Iterable[str], delay: float) -> None:
        """As `later`, for many."""
        at = self._clock() + delay
        for key in keys:
            one = self._state.segment(key)
            if one is None or not one.due:
                self._due.pop(key, None)
                continue
            tries = self._tries.get(key)
            self._put(key, max(at, tries.until) if tries is not None else at)
        self._arm()

    def everything(self) -> None:
        """All that wait have their turn now, but for those that the server asked to wait."""
        now = self._clock()
        for key in self._state.due:
            tries = self._tries.get(key)
            if tries is not None:
                tries.until = tries.asked
            self._due[key] = max(now, tries.until) if tries is not None else now
        self._queue = [(at, key) for key, at in self._due.items()]
        heapq.heapify(self._queue)
        self._arm()

    def backed_off(self, key: str, after: float | None) -> None:
        """The segment's turn failed: the next waits, longer each time, and as long as the server asked
        (`after`)."""
        tries = self._tries.setdefault(key, _Tries())
        tries.failures += 1
        tries.until = self._clock() + waited(tries.failures, after, self._jitter())
        tries.asked = self._clock() + (after or 0.0)

    def forgive(self) -> None:
        """A person asks for it now: what the server asked to wait has its turn all the same, once."""
        for tries in self._tries.values():
            tries.asked = 0.0

    def succeeded(self, key: str) -> None:
        self._tries.pop(key, None)

    def hold(self) -> None:
        """Nobody has a turn until `release`."""
        self._held = True

    def release(self) -> None:
        """Turns come as before `hold`."""
        self._held = False
        self._woken()

    async def stop(self) -> None:
        """No more turns; a request that is out is waited for, never cancelled."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
        self._woken()
        await self.landed()

    async def landed(self) -> None:
        """Returns when no request is out."""
        while self._flying:
            await self._something()

    async def settle(self, patience_s: float) -> None:
        """Gives all their turns now and returns when nothing is left that would go by itself: all is
        confirmed, refused, in conflict, or the server does not answer twice. A wait that ends later than
        `patience_s` from now is not waited for."""
        deadline = self._clock() + patience_s
        tried = self._link.failures
        self._link.forgive()
        self.everything()
        while not self._stopped:
            if not self._flying and not self._held:
                at = self._next()
                if at is None or at > deadline:
                    return
                if not self._link.up and self._link.failures >= tried + 2:
                    return
            self._arm()
            await self._something()
        await self.landed()

    def _next(self) -> float | None:
        """When the next turn is; None where none would come without a person, or while they are held."""
        if self._stopped or self._held or (first := self._first()) is None or not self._link.open:
            return None
        return max(first[0], self._link.closed_until)

    def _put(self, key: str, at: float) -> None:
        if self._due.get(key) != at:
            self._due[key] = at
            heapq.heappush(self._queue, (at, key))

    def _first(self) -> tuple[float, str] | None:
        """The first that is due and not flying. What does not hold any more is dropped from the queue on the
        way; a turn that ends puts its segment in again."""
        if len(self._queue) - len(self._due) > _MANY + len(self._due) // 8:
            # As after an undo of a bulk edit: dropped one by one they hold the loop.
            self._queue = [(at, key) for key, at in self._due.items() if key not in self._flying]
            heapq.heapify(self._queue)
        queue = self._queue
        while queue:
            at, key = queue[0]
            if self._due.get(key) == at and key not in self._flying:
                return queue[0]
            heapq.heappop(queue)
        return None

    async def _something(self) -> None:
        """Returns when a turn has ended or the link changed."""
        self._moved.clear()
        await self._moved.wait()

    def _woken(self) -> None:
        self._moved.set()
        self._arm()

    def _arm(self) -> None:
        """Sets the one timer to the next turn; none while none may be."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        at = self._next()
        if at is None:
            self._moved.set()  # what was waited for may not be needed any more
            return
        if len(self._flying) >= _TURNS or (self._probe and self._link.alone):
            return
        delay = max(0.0, at - self._clock())
        self._timer = asyncio.get_running_loop().call_later(delay, self._launch)

    def _launch(self) -> None:
        """Starts the turns that are due, as many as may be at once; one alone while nobody answers."""
        self._timer = None
        now, alone = self._clock(), self._link.alone
        at = self._next()
        if at is None or now < at or (alone and self._probe):
            self._arm()
            return
        for _ in range(1 if alone else _TURNS - len(self._flying)):
            first = self._first()
            if first is None or first[0] > now:
                break
            key = first[1]
            heapq.heappop(self._queue)
            del self._due[key]
            self._flying.add(key)
            self._probe = key if alone else self._probe
            self._spawn(self._turn(key), f"sync of segment {key}")
        self._arm()

    async def _turn(self, key: str) -> None:
        try:
            await self._fly(key)
        except BaseException:
            self.backed_off(key, None)
            raise
        finally:
            self._flying.discard(key)
            if self._probe == key:
                self._probe = ""
            if key not in self._due:
                self.later(key, 0.0)
            else:
                heapq.heappush(self._queue, (self._due[key], key))
            self._woken()
