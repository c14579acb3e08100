"""What several tests of the wire start from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.sync.says import Says


@pytest.fixture
async def says() -> AsyncIterator[Says]:
    it = Says()
    server = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield it
