"""Segments that are a bare line of text, without times: no second cue is ever squeezed into one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.program import closing
from tests.app.reference_server import ReferenceServer
from tests.interop.backend_stories import Place, probed
from tests.interop.desks import desk
from vtt_desktop.domain.errors import UserError


@pytest.fixture
def server() -> Iterator[ReferenceServer]:
    yield from closing(
        ReferenceServer(
            {"a": "Only a text", "b": "00:05.000 --> 00:06.000\nwith times\n", "c": "And another"}
        )
    )


async def test_a_cue_cannot_be_put_into_a_bare_text(server: ReferenceServer) -> None:
    async with desk(server.url, profile="reference", ids=["a", "b", "c"]) as mine:
        with pytest.raises(UserError, match="bare text"):
            mine.desk.insert(after=mine.id(0), start=3100, end=3200, text="no")
        with pytest.raises(UserError, match="bare text"):
            mine.desk.insert(after=None, start=0, end=100, text="no")
        with pytest.raises(UserError):
            mine.desk.split(mine.id(2), at_char=3, at_ms=6500)
        assert mine.texts == ["Only a text", "with times", "And another"]
        mine.desk.insert(after=mine.id(1), start=6100, end=6900, text="yes, here")
        await mine.sync()
        assert mine.desk.status(mine.id(2)) == "synced"
    assert server.contents["a"] == "Only a text" and server.contents["c"] == "And another"
    assert "with times" in server.contents["b"] and "yes, here" in server.contents["b"]


async def test_the_plain_contract_may_be_written_to(server: ReferenceServer) -> None:
    before = dict(server.contents)
    result = await probed(Place("reference", server.url), scratch="b")
    assert result["writable"], result["reason"]
    assert result["marks"]["stale-save"] == "good"
    assert result["marks"]["revert"] == "note"  # its tag is a hash of the text
    assert (await probed(Place("reference", server.url), scratch="a"))["marks"]["timing"] == "note"
    assert server.contents == before
