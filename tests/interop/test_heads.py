"""Headers of two desks on the real server, and of a file that changed on disk: decided, never removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.interop.desks import FILE, Screen, desk, published
from tests.server_process import ServerProcess, running_server
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Edit, HeadChange
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.domain.errors import UserError
from vtt_desktop.server.answers import deletion_answer
from vtt_desktop.server.store import Write
from vtt_desktop.server.store_sqlite import SqliteStore
from vtt_desktop.sync.body import ConflictKind, Heads
from vtt_desktop.sync.sync_log import LogKind

FIRST = "WEBVTT - a film"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all tests here: each takes a project of its own."""
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


def says(screen: Screen, first_line: str) -> None:
    """The screen's document begins with this line."""
    head = screen.session.document.snapshot.head
    fresh = replace(head, text=head.text.replace(FIRST.encode(), first_line.encode()))
    screen.session.submit(Edit("Edit header", (HeadChange(head, fresh),)))


def adds(screen: Screen, block: bytes) -> None:
    head = screen.session.document.snapshot.head
    fresh = replace(head, text=head.text + b"\n\n" + block)
    screen.session.submit(Edit("Add a block", (HeadChange(head, fresh),)))


def on_server(server: ServerProcess, url: str) -> str:
    return httpx.get(f"{url}/file", headers={"Authorization": f"Bearer {server.token}"}).text


async def remove_head(server: ServerProcess, project: str) -> None:
    """As a server of before let any client do."""
    server.stop()
    store = SqliteStore(server.store)
    tag = (await store.segment(project, "head")).tag
    assert tag is not None
    await store.delete(project, "head", tag, Write("", deletion_answer))
    await store.close()
    server.start()


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_a_macro_that_decides_every_conflict_keeps_the_header(
    server: ServerProcess, tmp_path: Path, choice: str
) -> None:
    url = await published(tmp_path, server.url, server.token, project=choice)
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        mine.desk.offline = True
        says(other, "WEBVTT theirs")
        says(mine, "WEBVTT mine")
        await other.sync()
        mine.desk.offline = False
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        assert conflict.kind is ConflictKind.HEAD and isinstance(conflict.heads, Heads)
        firsts = [side.splitlines()[0] if side is not None else "" for side in conflict.heads]
        assert firsts == [FIRST, "WEBVTT mine", "WEBVTT theirs"]
        for no_head in (None, Cue(0, 0, 1000, "words")):
            with pytest.raises(UserError, match="The header is decided with “mine” or “theirs”"):
                mine.desk.resolve(0, no_head)
            with pytest.raises(UserError, match="The header is decided with “mine” or “theirs”"):
                mine.session.resolve(0, no_head)
        for each in mine.desk.conflicts:
            mine.desk.resolve(each.id, choice)
        await mine.sync()
        await other.sync()
        assert not mine.desk.conflicts
        assert on_server(server, url) == FILE.replace(FIRST, f"WEBVTT {choice}")
        assert mine.desk.header == other.desk.header == f"WEBVTT {choice}"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_a_header_that_changed_on_disk_is_decided_by_the_same_call(tmp_path: Path, choice: str) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(FILE)
    async with desk(str(path)) as mine:
        says(mine, "WEBVTT mine")
        path.write_text(FILE.replace(FIRST, "WEBVTT theirs"))
        await mine.session.look_at_disk()
        (conflict,) = mine.desk.conflicts
        assert conflict.heads is not None and conflict.heads.theirs is not None
        assert conflict.heads.theirs.startswith("WEBVTT theirs")
        with pytest.raises(UserError, match="The header is decided with “mine” or “theirs”"):
            mine.desk.resolve(0, None)
        mine.desk.resolve(conflict.id, choice)
        mine.desk.save()
        assert path.read_text() == FILE.replace(FIRST, f"WEBVTT {choice}")
        (decided,) = (line for line in mine.session.sync.log if line.kind is LogKind.DECIDED)
        assert decided.replaced is not None, "the other one can be put back"


async def test_a_style_here_and_a_region_there_are_both_in_the_header(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token, project="both")
    async with desk(url, token=server.token) as mine, desk(url, token=server.token) as other:
        mine.desk.offline = True
        adds(other, b"REGION\nid:bill")
        adds(mine, b"STYLE\n::cue { color: red }")
        await other.sync()
        mine.desk.offline = False
        await mine.sync()
        assert not mine.desk.conflicts
        await other.sync()
        head = f"{FIRST}\n\nREGION\nid:bill\n\nSTYLE\n::cue {{ color: red }}"
        assert mine.desk.header == other.desk.header == head
        assert on_server(server, url) == FILE.replace(FIRST, head)
        (merged,) = (line for line in mine.session.sync.log if line.kind is LogKind.MERGED)
        assert merged.words == "Merged with yours: the header" and merged.replaced is not None
        mine.session.submit(
            put_back(mine.session.document.snapshot, merged.replaced.before, merged.replaced.after)
        )
        assert mine.desk.header == f"{FIRST}\n\nSTYLE\n::cue {{ color: red }}", "their part is taken back"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_what_one_side_added_stays_however_the_rest_is_decided(tmp_path: Path, choice: str) -> None:
    path = tmp_path / "film.vtt"
    path.write_text(FILE)
    async with desk(str(path)) as mine:
        says(mine, "WEBVTT mine")
        adds(mine, b"STYLE\n::cue { color: red }")
        path.write_text(FILE.replace(FIRST, "WEBVTT theirs\n\nREGION\nid:bill"))
        await mine.session.look_at_disk()
        mine.desk.resolve(0, choice)
        first, *blocks = mine.desk.header.split("\n\n")
        assert first == f"WEBVTT {choice}"
        assert sorted(blocks) == ["REGION\nid:bill", "STYLE\n::cue { color: red }"]


async def test_a_header_that_was_removed_on_the_server_is_put_there_again(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token, project="removed")
    async with desk(url, token=server.token) as mine:
        says(mine, "WEBVTT mine")
        await remove_head(server, "removed")
        await mine.sync()
        (conflict,) = mine.desk.conflicts
        assert conflict.heads is not None and conflict.heads.theirs is None
        with pytest.raises(UserError, match="The header was removed on the server"):
            mine.desk.resolve(0, "theirs")
        mine.desk.resolve(0, "mine")
        await mine.sync()
        assert on_server(server, url) == FILE.replace(FIRST, "WEBVTT mine")


async def test_a_project_whose_header_was_removed_opens_with_a_plain_one_that_can_be_changed(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token, project="without")
    async with desk(url, token=server.token) as before:
        await remove_head(server, "without")
        await before.sync()
        journal = tmp_path / "journal.sqlite"
        async with desk(url, token=server.token, journal=journal) as mine:
            assert mine.desk.header == "WEBVTT"
            assert mine.write(tmp_path / "out.vtt").startswith(b"WEBVTT\n\nNOTE made by hand\n\n1\n")
            assert not mine.desk.conflicts and not mine.session.unsaved
            mine.desk.offline = True
            adds(mine, b"STYLE\n::cue { color: red }")
        async with desk(url, token=server.token, journal=journal) as mine:  # it was not sent before the end
            mine.desk.offline = False
            await mine.sync()
            await before.sync()
            assert on_server(server, url).startswith("WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE made")
            assert before.desk.header == mine.desk.header == "WEBVTT\n\nSTYLE\n::cue { color: red }"
            assert not before.desk.conflicts


async def test_a_header_that_was_removed_while_nobody_changed_it_is_made_again_after_a_start(
    server: ServerProcess, tmp_path: Path
) -> None:
    url = await published(tmp_path, server.url, server.token, project="again")
    journal = tmp_path / "journal.sqlite"
    async with desk(url, token=server.token, journal=journal) as mine:
        await remove_head(server, "again")
        await mine.sync()
        assert mine.desk.header == FIRST and not mine.desk.conflicts
    async with desk(url, token=server.token, journal=journal) as mine:
        await mine.sync()
        assert mine.desk.header == FIRST and not mine.desk.conflicts
        assert on_server(server, url) == FILE
