"""Two desks on the real server see where the other is; what one inserts moves nothing of the other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.desks import desk, published, until
from tests.server_process import ServerProcess
from vtt_desktop.sync import presence


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SETTLE_S", 0.0)


async def test_each_sees_where_the_other_is(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with (
        desk(url, token=server.token, listen=True, author="Ann") as ann,
        desk(url, token=server.token, listen=True, author="Bo") as bo,
    ):
        others = ann.session.colleagues
        bo.session.be_at(bo.id(1))
        await until(ann, lambda: [one.name for one in others.at(ann.id(1))] == ["Bo"])
        ann.session.be_at(ann.id(0))
        await until(bo, lambda: [one.name for one in bo.session.colleagues.at(bo.id(0))] == ["Ann"])
        bo.session.be_at(bo.id(2))
        await until(ann, lambda: [one.name for one in others.at(ann.id(2))] == ["Bo"])
        assert others.at(ann.id(1)) == ()
        bo.desk.remove(bo.id(2))
        await bo.sync()
        await until(ann, lambda: len(ann.desk.cues) == 3)
        bo.desk.offline = True
        assert bo.session.colleagues.all == ()


async def test_a_macro_is_nobody(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with (
        desk(url, token=server.token, listen=True, author="Ann") as ann,
        desk(url, token=server.token, author="a macro") as macro,
    ):
        macro.session.be_at(macro.id(0))
        await macro.sync()
        await ann.sync()
        assert ann.session.colleagues.all == ()
