"""A connection that waits where the backend asks for it: a probe sends many requests in a short time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

from vtt_desktop.sync.answers import Answer, Contents, News, NotReached
from vtt_desktop.sync.repository import Repository

FIRST_WAIT_S = 1.0
"""So long where the backend does not say how long, then twice as long each time."""
LONGEST_WAIT_S = 60.0
"""A backend that asks for more is left alone, and the probe ends."""
TRIES = 6

_Told = TypeVar("_Told")


class Patient:
    """Asks again what was certainly not carried out because there were too many requests (429)."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def fetch(self, key: str, *, unless: str | None = None) -> Answer:
        return await _asked(lambda: self._repository.fetch(key, unless=unless))

    async def save(self, key: str, changes: dict[str, Any], etag: str) -> Answer:
        return await _asked(lambda: self._repository.save(key, changes, etag, "", None))

    async def create(self, key: str, document: dict[str, Any]) -> Answer:
        return await _asked(lambda: self._repository.create(key, document, ""))

    async def delete(self, key: str, etag: str) -> Answer:
        return await _asked(lambda: self._repository.delete(key, etag, ""))

    async def contents(self) -> Contents | Answer:
        return await _asked(self._repository.contents)

    async def news(self, since: int) -> News | Answer:
        return await _asked(lambda: self._repository.news(since))

    def knocks(self, since: int) -> AsyncGenerator[int | None, None]:
        return self._repository.knocks(since)

    async def history(self, key: str) -> list[Any]:
        return await self._repository.history(key)

    async def be_at(self, desk: str, name: str, segment: str | None) -> Any:
        return await self._repository.be_at(desk, name, segment)

    async def close(self) -> None:
        await self._repository.close()


async def _asked(ask: Callable[[], Awaitable[_Told]]) -> _Told:
    """What is answered in the end."""
    for turn in range(TRIES - 1):
        told = await ask()
        if not isinstance(told, NotReached) or told.link_down:
            return told
        wait = FIRST_WAIT_S * 2.0**turn if told.retry_after_s is None else told.retry_after_s
        if wait > LONGEST_WAIT_S:
            return told
        await asyncio.sleep(wait)
    return await ask()
