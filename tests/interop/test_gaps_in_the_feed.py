"""A change feed that loses a row: nothing tells of it any more, and it is found all the same (I12)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.fault_proxy import Exchange, fault_proxy
from tests.interop.desks import desk, published
from tests.server_process import ServerProcess
from vtt_desktop.sync import feed


async def without_its_first_row(exchange: Exchange) -> None:
    """The feed's answer without the first thing that it tells."""
    answer = await exchange.forward()
    if "/changes" in exchange.path:
        head, _, body = answer.partition(b"\r\n\r\n")
        told = json.loads(body)
        told["items"] = told["items"][1:]
        body = json.dumps(told).encode()
        head = re.sub(rb"(?i)content-length: *\d+", b"Content-Length: %d" % len(body), head)
        answer = head + b"\r\n\r\n" + body
    await exchange.send(answer)


@pytest.mark.parametrize("asked", [True, False])
async def test_a_row_that_the_feed_lost_is_found(
    server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with (
        fault_proxy(server.url) as proxy,
        desk(url.replace(server.url, proxy.url), token=server.token) as mine,
        desk(url, token=server.token) as other,
    ):
        await mine.sync()
        proxy.always("GET", without_its_first_row)
        monkeypatch.setattr(feed, "CHECK_SHARE", 1e9)  # nothing is looked at for now
        other.desk.set_text(other.id(0), "a colleague's words")
        await other.sync()
        other.desk.set_text(other.id(1), "later words")
        await other.sync()
        await mine.sync()
        assert mine.texts[:2] == ["first words", "later words"]
        proxy.clear()
        await mine.sync()
        assert mine.texts[0] == "first words"
        monkeypatch.undo()
        if asked:
            monkeypatch.setattr(feed, "CHECK_SHARE", 0)
            await mine.sync()
        else:
            monkeypatch.setattr(feed, "CHECK_EVERY_S", 0.0)
            assert await mine.session.feed.pull()
        assert mine.texts[:2] == ["a colleague's words", "later words"]
