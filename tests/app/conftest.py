"""What every test of the program from outside starts from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import Program, closing
from tests.app.reference_server import ReferenceServer
from tests.server_process import ServerProcess, running_server


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One real server for all tests that do not stop it; each takes a project of its own."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A real server that the test may stop and start."""
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(folder) as one:
        yield one


@pytest.fixture
def reference() -> Iterator[ReferenceServer]:
    yield from closing(
        ReferenceServer(
            {
                "s1": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n00:03.000 --> 00:04.500\nWorld\n",
                "s2": "Only a payload",
            }
        )
    )
