"""json-server, the negative fixture: it shows ETags and ignores If-Match. Nothing may be written to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interop.backend_process import listening
from tests.interop.backend_stories import SERVERS, Place, probed
from tests.interop.desks import desk
from tests.interop.installed import node_packages
from tests.server_process import ROOT

_PACKAGES = ("json-server@0.17.4",)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    modules = node_packages("json-server", _PACKAGES) / "node_modules"
    command = ["node", str(SERVERS / "json_server.js")]
    with listening(command, tmp_path_factory.mktemp("json-server"), {"NODE_PATH": str(modules)}) as url:
        yield Place("json-server", url)


def unknowing_profile(folder: Path, *more: str) -> Path:
    """The shipped profile without the key that forbids to write."""
    path = folder / "unknowing.toml"
    shipped = (ROOT / "resources" / "profiles" / "json-server.toml").read_text("utf-8").splitlines()
    kept = [
        line for line in shipped if not line.startswith("read_only") and not (more and line[:4] == "name")
    ]
    path.write_text("\n".join([*more, *kept]), "utf-8")
    return path


async def test_it_can_be_looked_at_and_nothing_is_sent(place: Place, tmp_path: Path) -> None:
    async with place.desk() as mine:
        assert mine.texts == ["first words", "second words"]
        assert mine.desk.link == "read-only"
        assert "ignores If-Match" in mine.session.sync.summary.detail
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.status(mine.id(0)) == "dirty"
    assert "first words" in httpx.get(f"{place.url}/vtt/a").json()["content"]


async def test_the_first_save_finds_out_where_nobody_tried_it(place: Place, tmp_path: Path) -> None:
    unknowing = unknowing_profile(tmp_path, 'name = "never tried"')
    before = httpx.get(f"{place.url}/vtt").json()
    async with desk(place.url, profile=str(unknowing)) as mine:
        mine.desk.set_text(mine.id(0), "mine")
        await mine.sync()
        assert mine.desk.link == "read-only" and mine.desk.status(mine.id(0)) == "dirty"
        assert "ACCEPTED" in mine.session.sync.summary.detail
    assert httpx.get(f"{place.url}/vtt").json() == before


async def test_the_probe_finds_out_and_it_is_opened_to_be_read_only(place: Place, tmp_path: Path) -> None:
    unknowing = unknowing_profile(tmp_path)
    stranger = Place(str(unknowing), place.url)
    async with desk(place.url, profile=str(unknowing)) as mine:
        assert mine.desk.link == "online"  # nobody knows yet

    result = await probed(stranger)
    assert result["marks"]["stale-save"] == "bad" and not result["writable"]
    assert "ACCEPTED" in result["reason"]
    assert len(httpx.get(f"{place.url}/vtt").json()) == 2  # nothing was left behind

    async with desk(place.url, profile=str(unknowing)) as mine:
        assert mine.desk.link == "read-only"
        assert "ACCEPTED" in mine.session.sync.summary.detail
        mine.desk.set_text(mine.id(0), "mine")
        mine.desk.offline = True
        mine.desk.offline = False  # no way round it
        assert mine.desk.link == "read-only"
        await mine.sync()
        assert mine.desk.status(mine.id(0)) != "synced"
    assert "first words" in httpx.get(f"{place.url}/vtt/a").json()["content"]


async def test_a_scratch_segment_is_put_back_as_it_was(place: Place, tmp_path: Path) -> None:
    before = httpx.get(f"{place.url}/vtt").json()
    assert not (await probed(place, scratch="b"))["writable"]
    assert httpx.get(f"{place.url}/vtt").json() == before
