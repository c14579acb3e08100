"""A loop whose time passes at once, and the error that a broken rule of saving is."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class Broken(AssertionError):
    """A rule of saving was broken; it begins with the invariant's name."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes at once when there is nothing else to do."""

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
        return self.now

    async def pause(self, seconds: float) -> None:
        """Lets virtual time pass."""
        done = self.create_future()
        self.call_later(seconds, lambda: done.done() or done.set_result(None))
        await done
