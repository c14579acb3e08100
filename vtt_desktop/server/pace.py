"""How fast one address may ask: a bound that no desk meets, and a program in a loop does."""

from __future__ import annotations

import asyncio
import math

from starlette.types import ASGIApp, Receive, Scope, Send

from vtt_desktop.server.problems import Problem

PER_SECOND = 1_000
AT_ONCE = 100_000
"""So many requests may come together after a pause: all that ten desks behind one address send of a film."""
MOST_ADDRESSES = 10_000


class Pace:
    """A token bucket for each address (of a client, or of its proxy)."""

    def __init__(self, per_second: float = PER_SECOND, at_once: float = AT_ONCE) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._left: dict[str, tuple[float, float]] = {}
        """What is left to an address, and when that was so in seconds of a clock; who asked last is last."""

    def wait(self, address: str, now: float) -> float:
        """Counts a request at `now`: 0 to carry it out, or in how many seconds it would be."""
        left, then = self._left.pop(address, (self._at_once, now))
        left = min(self._at_once, left + (now - then) * self._per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._left[address] = (left if wait else left - 1, now)
        if len(self._left) > MOST_ADDRESSES:
            del self._left[next(iter(self._left))]
        return wait


class Paced:
    """ASGI middleware that answers 429 to who asks too fast."""

    def __init__(self, app: ASGIApp, pace: Pace) -> None:
        self._app = app
        self._pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = 0.0
        if scope["type"] == "http":
            address = (scope.get("client") or ("", 0))[0]
            wait = self._pace.wait(address, asyncio.get_running_loop().time())
        if wait == 0:
            await self._app(scope, receive, send)
            return
        problem = Problem(
            429,
            "too-fast",
            "Too many requests came from this address; nothing was done with this one.",
            headers={"Retry-After": str(math.ceil(wait))},
        )
        await problem.response()(scope, receive, send)
