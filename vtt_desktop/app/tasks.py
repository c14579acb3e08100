"""The one door for background work. A failing task is never silent, and the door knows when all is done."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """Holds what runs in the background; a failure goes to `sys.excepthook` at once."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._standing: set[asyncio.Task[None]] = set()
        self._emptied = asyncio.Event()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Starts work that will end by itself; `name` says in words what it is."""
        return self._start(work, name, self._running)

    def spawn_standing(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Starts work that goes on until it is cancelled: it does not count as busy."""
        return self._start(work, name, self._standing)

    @property
    def idle(self) -> bool:
        """Whether nothing that will end by itself is under way."""
        return not self._running

    async def until_idle(self) -> None:
        """Returns when nothing that will end by itself is under way."""
        while self._running:
            self._emptied.clear()
            await self._emptied.wait()

    async def close(self) -> None:
        """Cancels standing work, and waits for all else."""
        for task in self._standing:
            task.cancel()
        await asyncio.gather(*self._standing, *self._running, return_exceptions=True)

    def _start(
        self, work: Coroutine[Any, Any, None], name: str, where: set[asyncio.Task[None]]
    ) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        where.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            where.discard(done)
            if not self._running:
                self._emptied.set()
            if not done.cancelled() and (error := done.exception()) is not None:
                sys.excepthook(type(error), error, error.__traceback__)

        task.add_done_callback(ended)
        return task
