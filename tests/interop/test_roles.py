"""A desk whose token may only read: nothing of its edit is lost, and a better token sends it."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.interop.desks import desk, published
from tests.server_process import ServerProcess


async def test_an_edit_with_a_readers_token_is_kept_until_an_editors_sends_it(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    tokens: dict[str, str] = {
        role: httpx.post(f"{url}/tokens", json={"name": "Anna", "role": role}, headers=server.headers).json()[
            "token"
        ]
        for role in ("reader", "editor")
    }
    async with (
        desk(url, token=tokens["reader"], listen=True) as mine,
        desk(url, token=tokens["editor"]) as other,
    ):
        other.desk.set_text(other.id(1), "from an editor")
        await other.sync()
        await mine.sync()
        assert mine.texts[1] == "from an editor"
        cue = mine.id(0)
        mine.desk.set_text(cue, "kept")
        await mine.sync()
        assert mine.desk.status(cue) == "refused"
        assert "can be read, not written to" in mine.desk.reason(cue)
        mine.session.set_token(tokens["editor"])
        await mine.sync()
        assert mine.desk.status(cue) == "synced"
    assert b"kept" in httpx.get(f"{url}/file", headers=server.headers).content
