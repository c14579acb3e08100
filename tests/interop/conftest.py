"""A server for each test, and no background work that fails without being heard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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
