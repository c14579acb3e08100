"""The real server process for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import MongodbServer, PostgresqlCluster, mongodb_server, postgresql_cluster
from tests.server_process import ServerProcess, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlCluster]:
    with postgresql_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongodbServer]:
    with mongodb_server(tmp_path_factory.mktemp("mongodb")) as server:
        yield server


@pytest.fixture
def server_process(tmp_path: Path) -> Iterator[ServerProcess]:
    with running_server(tmp_path) as server:
        yield server


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One process for a module's tests that neither stop it nor mind other projects in it."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def client(shared_server: ServerProcess, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A client whose base URL is a fresh project of the shared server, named after the test."""
    name = "".join(c if c.isalnum() else "-" for c in request.node.name)[:100]
    with httpx.Client(headers=shared_server.headers, timeout=20) as http:
        url = f"{shared_server.url}/projects/{name}"
        assert http.put(url, headers={"If-None-Match": "*"}).status_code == 201
        http.base_url = httpx.URL(url)
        yield http
