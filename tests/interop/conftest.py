"""A project for each test, desks on it of which one has a bad line, and no failure that goes unheard."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.fault_proxy import FaultProxy, fault_proxy
from tests.interop.backend_stories import Place
from tests.interop.bad_lines import BLOCKS, Shared, impatience
from tests.interop.desks import Screen, desk, published
from tests.interop.reference_process import ReferenceProcess
from tests.server_process import ServerProcess, running_server
from vtt_desktop.app.target import parse_target
from vtt_desktop.sync import flight, link

_NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _no_silent_failure(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    failures: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: failures.append(error))
    yield
    assert failures == []


@pytest.fixture
def server(own: ServerProcess) -> Iterator[ServerProcess]:
    """Our own server, for tests that each have a project of their own there. Who stops it has it started anew
    behind the test."""
    yield own
    if not own.running:
        own.start()


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


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceProcess]:
    server = ReferenceProcess(tmp_path_factory.mktemp("reference"), {})
    yield server
    server.stop()


@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that has lost its server looks again soon."""
    monkeypatch.setattr(link, "FIRST_WAIT_S", 0.02)
    monkeypatch.setattr(flight, "SETTLED_S", 0.02)


@pytest.fixture
def impatient() -> Iterator[None]:
    with impatience():
        yield


@pytest.fixture
async def film(own: ServerProcess, in_a_hurry: None, tmp_path: Path) -> AsyncIterator[Shared]:
    """A new project on our own server."""
    project = f"film-{next(_NUMBERS)}"
    url = await published(tmp_path, own.url, own.token, f"WEBVTT\n\n{BLOCKS}", project)
    async with fault_proxy(own.url) as proxy:
        yield Shared(proxy, url, own.token)


@pytest.fixture
async def contract(reference: ReferenceProcess, in_a_hurry: None) -> AsyncIterator[Shared]:
    """A new segment on the reference contract."""
    key = f"{next(_NUMBERS)}"
    reference.put(key, BLOCKS)
    async with fault_proxy(reference.url) as proxy:
        yield Shared(proxy, f"{reference.url}/vtt/{key}")


@pytest.fixture(params=["film", "contract"])
def shared(request: pytest.FixtureRequest) -> Shared:
    """The one and the other."""
    found: Shared = request.getfixturevalue(request.param)
    return found


@pytest.fixture
async def line(place: Place, in_a_hurry: None, tmp_path: Path) -> AsyncIterator[Shared]:
    """A new document at the `place` of the module that asks for it."""
    await place.publish(tmp_path, f"WEBVTT\n\n{BLOCKS}")
    origin = re.match(r"\w+://[^/#]+", place.url)
    assert origin is not None
    save = parse_target(place.url, place.profile).profile.write.method
    async with fault_proxy(origin[0]) as proxy:
        yield Shared(proxy, place.url, place.token, place.profile, save)
