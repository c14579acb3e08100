"""json-server, the negative fixture: it shows ETags and ignores If-Match. Nothing may be written to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interop.backend_process import listening
from tests.interop.backend_stories import SERVERS, Place
from tests.interop.installed import node_packages

_PACKAGES = ("json-server@0.17.4",)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    modules = node_packages("json-server", _PACKAGES) / "node_modules"
    command = ["node", str(SERVERS / "json_server.js")]
    with listening(command, tmp_path_factory.mktemp("json-server"), {"NODE_PATH": str(modules)}) as url:
        yield Place("json-server", url)


async def test_it_can_be_looked_at_and_nothing_is_sent(place: Place, tmp_path: Path) -> None:
    async with place.desk() as mine:
        assert mine.texts == ["first words", "second words"]
        assert mine.desk.link == "read-only"
        assert "ignores If-Match" in mine.session.sync.summary.detail
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "dirty"
    assert "first words" in httpx.get(f"{place.url}/vtt/a").json()["content"]
