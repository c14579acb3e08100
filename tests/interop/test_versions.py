"""A cue's versions from the real server: who, when, and one of them restored as an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.desks import desk, published
from tests.server_process import ServerProcess
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.versions import blame, seen_versions, together


async def test_the_server_tells_who_wrote_what_and_one_is_restored(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with (
        desk(url, token=server.token, author="Zoë") as mine,
        desk(url, token=server.token, author="Bo") as other,
    ):
        cue = mine.id(0)
        mine.desk.set_text(cue, "from me")
        await mine.sync()
        await other.sync()
        other.desk.set_times(other.id(0), 1100, 2100)
        await other.sync()
        await mine.sync()
        told = await mine.session.told_versions(cue)
        assert [(v.cue.text, v.cue.start, v.author) for v in told if v.cue] == [
            ("from me", 1100, "Bo"),
            ("from me", 1000, "Zoë"),
            ("first words", 1000, ""),
        ]
        assert all(v.cue is not None and v.cue.id == cue for v in told)
        assert all(str(v.when).startswith("20") for v in told)
        by = {name: version.author for name, version in blame(told)}
        assert (by["text"], by["start"]) == ("Zoë", "Bo")
        now = mine.desk.cue(cue)
        seen = seen_versions(mine.session.sync, cue, now)
        every = together(seen, told)
        assert every[0].name == "On the server" and every[0].author == "Bo"
        first = every[-1].cue
        mine.session.submit(put_back(mine.session.document.snapshot, first, now))
        await mine.sync()
        await other.sync()
        assert other.desk.cues[0].text == "first words" and other.desk.cues[0].start == 1000


async def test_no_new_cue_ids_are_used_up_by_looking(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        before = mine.session.document.next_id
        await mine.session.told_versions(mine.id(0))
        assert mine.session.document.next_id == before


async def test_without_the_server_it_is_said(server: ServerProcess, tmp_path: Path) -> None:
    url = await published(tmp_path, server.url, server.token)
    async with desk(url, token=server.token) as mine:
        server.kill()
        with pytest.raises(UserError, match="history cannot be read"):
            await mine.session.told_versions(mine.id(0))
        mine.desk.offline = True
        with pytest.raises(UserError, match="once the server is reached"):
            await mine.session.told_versions(mine.id(0))
