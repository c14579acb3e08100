"""A server for each test, desks on it of which one has a bad line, and no failure that goes unheard."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fault_proxy import FaultProxy, fault_proxy
from tests.interop.desks import Screen, desk, published
from tests.server_process import ServerProcess, running_server


@pytest.fixture(autouse=True)
def _no_silent_failure(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    failures: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: failures.append(error))
    yield
    assert failures == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
async def url(server: ServerProcess, tmp_path: Path) -> str:
    return await published(tmp_path, server.url, server.token)


@pytest.fixture
async def proxy(server: ServerProcess) -> AsyncIterator[FaultProxy]:
    async with fault_proxy(server.url) as one:
        yield one


@pytest.fixture
async def mine(server: ServerProcess, url: str, proxy: FaultProxy) -> AsyncIterator[Screen]:
    """A desk whose way to the server leads through the proxy."""
    async with desk(url.replace(server.url, proxy.url), token=server.token) as one:
        yield one


@pytest.fixture
async def other(server: ServerProcess, url: str, mine: Screen) -> AsyncIterator[Screen]:
    """A colleague's desk, with a good line."""
    async with desk(url, token=server.token) as one:
        yield one
